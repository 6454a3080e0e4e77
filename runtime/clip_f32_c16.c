// SPDX-License-Identifier: Apache-2.0
#include "resc_clip.h"
#include "resc_c16_map.h"
#include "resc_clip_f32.h"

static void clip_c16_row(const struct resc_c16_map *m, const void *p, ptrdiff_t len,
                         const float *a, const float *b, float *y)
{
    struct resc_clip row = *(const struct resc_clip *)p;

    (void)m, (void)b;
    row.len = len;
    resc_clip_f32(&row, a, y);
}

RESC_KERNEL void resc_clip_f32_c16(const struct resc_clip *p, const float *x, float *y)
{
    resc_c16_map(&p->map, clip_c16_row, p, x, NULL, y);
}
