// SPDX-License-Identifier: Apache-2.0
/* c16_map - lanes beyond the channels become 0 whatever f makes of them: it may
 * not be finite. */
#include "resc_c16_map.h"

enum { MAP_ALONE = 1 << 16 }; /* elements that one thread computes before two are faster */

static const float *map_at(const struct resc_c16_operand *o, const float *x, ptrdiff_t image,
                           ptrdiff_t block, ptrdiff_t row)
{
    return x ? x + o->first + image * o->image + block * o->block + row * o->row : NULL;
}

static void map_clear_lanes(ptrdiff_t lanes, ptrdiff_t len, float *y)
{
    for (ptrdiff_t i = 0; i < len; i += RESC_LANES)
        for (ptrdiff_t k = lanes; k < RESC_LANES; k++)
            y[i + k] = 0.0f;
}

RESC_KERNEL void resc_c16_map(const struct resc_c16_map *m, resc_c16_map_fn *fn, const void *p,
                              const float *a, const float *b, float *y)
{
    const ptrdiff_t h = m->h, w = m->w, len = w * RESC_LANES, blocks = resc_c16_blocks(m->c);
    const ptrdiff_t row = resc_c16_row(m->y_halo, w), size = resc_c16_block(m->y_halo, h, w);
    const ptrdiff_t planes = m->n * blocks;

#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (planes * size > MAP_ALONE)
#endif
    for (ptrdiff_t i = 0; i < planes; i++) {
        const ptrdiff_t image = i / blocks, block = i % blocks, lanes = m->c - block * RESC_LANES;
        float *to = y + i * size;

        resc_c16_clear_halo(m->y_halo, h, w, to);
        to += resc_c16_first(m->y_halo, w);
        for (ptrdiff_t v = 0; v < h; v++, to += row) {
            fn(m, p, len, map_at(&m->a, a, image, block, v), map_at(&m->b, b, image, block, v), to);
            if (lanes < RESC_LANES)
                map_clear_lanes(lanes, len, to);
        }
    }
}
