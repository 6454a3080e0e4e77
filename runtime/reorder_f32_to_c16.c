// SPDX-License-Identifier: Apache-2.0
#include "resc_reorder.h"
#include "resc_transpose4.h"

enum { TO_C16_ALONE = 1 << 17 }; /* floats that one thread moves before two are faster */

/* 16 pixels at a time: as many cache lines are read as are written. */
static void to_c16_full(ptrdiff_t w, const float *x, ptrdiff_t plane, float *y)
{
    ptrdiff_t i = 0;

    for (ptrdiff_t next = RESC_LANES; i + 4 <= w; next += RESC_LANES) {
        const ptrdiff_t end = next < w ? next : w, begin = i;

        for (ptrdiff_t k = 0; k < RESC_LANES; k += 4)
            for (i = begin; i + 4 <= end; i += 4)
                resc_transpose4(x + k * plane + i, plane, y + i * RESC_LANES + k, RESC_LANES);
    }
    for (; i < w; i++)
        for (ptrdiff_t k = 0; k < RESC_LANES; k++)
            y[i * RESC_LANES + k] = x[k * plane + i];
}

static void to_c16_some(ptrdiff_t w, ptrdiff_t lanes, const float *x, ptrdiff_t plane, float *y)
{
    for (ptrdiff_t i = 0; i < w; i++, y += RESC_LANES) {
        for (ptrdiff_t k = 0; k < RESC_LANES; k++)
            y[k] = 0.0f;
        for (ptrdiff_t k = 0; k < lanes; k++)
            y[k] = x[k * plane + i];
    }
}

RESC_KERNEL void resc_reorder_f32_to_c16(const struct resc_reorder *p, const float *x, float *y)
{
    const ptrdiff_t c = p->c, h = p->h, w = p->w, plane = h * w, blocks = resc_c16_blocks(c);
    const ptrdiff_t row = resc_c16_row(p->y_halo, w), block = resc_c16_block(p->y_halo, h, w);
    const ptrdiff_t work = p->n * blocks;

#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (work * block > TO_C16_ALONE)
#endif
    for (ptrdiff_t i = 0; i < work; i++) {
        const ptrdiff_t first = i % blocks * RESC_LANES, lanes = c - first;
        const float *from = x + (i / blocks * c + first) * plane;
        float *to = y + i * block;

        resc_c16_clear_halo(p->y_halo, h, w, to);
        to += resc_c16_first(p->y_halo, w);
        for (ptrdiff_t v = 0; v < h; v++, from += w, to += row)
            if (lanes >= RESC_LANES)
                to_c16_full(w, from, plane, to);
            else
                to_c16_some(w, lanes, from, plane, to);
    }
}
