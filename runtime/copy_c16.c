// SPDX-License-Identifier: Apache-2.0
#include "resc_copy.h"

#include <string.h>

enum { COPY_ALONE = 1 << 17 }; /* floats that one thread copies before two are faster */

RESC_KERNEL void resc_copy_c16(const struct resc_copy_c16 *p, const float *x, float *y)
{
    const ptrdiff_t h = p->h, w = p->w, items = (ptrdiff_t)p->n * p->blocks;
    const ptrdiff_t x_row = resc_c16_row(p->x_halo, w), y_row = resc_c16_row(p->y_halo, w);
    const ptrdiff_t x_block = resc_c16_block(p->x_halo, h, w);
    const ptrdiff_t y_block = resc_c16_block(p->y_halo, h, w);

#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (items * y_block > COPY_ALONE)
#endif
    for (ptrdiff_t i = 0; i < items; i++) {
        const ptrdiff_t image = i / p->blocks, block = i % p->blocks;
        const float *from = x + (image * p->x_blocks + block) * x_block;
        float *to = y + (image * p->y_blocks + block) * y_block;

        resc_c16_clear_halo(p->y_halo, h, w, to);
        from += resc_c16_first(p->x_halo, w);
        to += resc_c16_first(p->y_halo, w);
        for (ptrdiff_t v = 0; v < h; v++, from += x_row, to += y_row)
            memcpy(to, from, (size_t)(w * RESC_LANES) * sizeof(*to));
    }
}
