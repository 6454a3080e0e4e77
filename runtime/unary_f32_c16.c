// SPDX-License-Identifier: Apache-2.0
#include "resc_unary.h"
#include "resc_c16_map.h"
#include "resc_unary_f32.h"

static void unary_c16_row(const struct resc_c16_map *m, const void *p, ptrdiff_t len,
                          const float *a, const float *b, float *y)
{
    struct resc_unary row = *(const struct resc_unary *)p;

    (void)m, (void)b;
    row.len = len;
    resc_unary_f32(&row, a, y);
}

RESC_KERNEL void resc_unary_f32_c16(const struct resc_unary *p, const float *x, float *y)
{
    resc_c16_map(&p->map, unary_c16_row, p, x, NULL, y);
}
