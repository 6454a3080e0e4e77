// SPDX-License-Identifier: Apache-2.0
#include "resc_reorder.h"
#include "resc_transpose4.h"

enum { FROM_C16_ALONE = 1 << 17 }; /* floats that one thread moves before two are faster */

/* 16 pixels at a time: as many cache lines are written as are read. */
static void from_c16_row(ptrdiff_t w, ptrdiff_t lanes, const float *x, float *y, ptrdiff_t plane)
{
    for (ptrdiff_t first = 0; first < w; first += RESC_LANES) {
        const ptrdiff_t end = first + RESC_LANES < w ? first + RESC_LANES : w;

        for (ptrdiff_t k = 0; k < lanes; k += 4) {
            ptrdiff_t i = first;

            for (; i + 4 <= end && k + 4 <= lanes; i += 4)
                resc_transpose4(x + i * RESC_LANES + k, RESC_LANES, y + k * plane + i, plane);
            for (; i < end; i++)
                for (ptrdiff_t j = k; j < k + 4 && j < lanes; j++)
                    y[j * plane + i] = x[i * RESC_LANES + j];
        }
    }
}

RESC_KERNEL void resc_reorder_f32_from_c16(const struct resc_reorder *p, const float *x, float *y)
{
    const ptrdiff_t c = p->c, h = p->h, w = p->w, plane = h * w, blocks = resc_c16_blocks(c);
    const ptrdiff_t row = resc_c16_row(p->x_halo, w), block = resc_c16_block(p->x_halo, h, w);
    const ptrdiff_t work = p->n * blocks;

#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (work * block > FROM_C16_ALONE)
#endif
    for (ptrdiff_t i = 0; i < work; i++) {
        const ptrdiff_t first = i % blocks * RESC_LANES;
        const ptrdiff_t lanes = c - first < RESC_LANES ? c - first : RESC_LANES;
        const float *from = x + i * block + resc_c16_first(p->x_halo, w);
        float *to = y + (i / blocks * c + first) * plane;

        for (ptrdiff_t v = 0; v < h; v++, from += row, to += w)
            from_c16_row(w, lanes, from, to, plane);
    }
}
