// SPDX-License-Identifier: Apache-2.0
#include "resc_batch_norm.h"
#include "resc_act_apply.h"
#include "resc_c16_map.h"

struct scale_shift_c16 {
    struct resc_act act;
    const float *scale, *shift; /* of the first block */
};

/* b: the shift of this block */
static void scale_shift_c16_row(const struct resc_c16_map *m, const void *p, ptrdiff_t len,
                                const float *a, const float *b, float *y)
{
    const struct scale_shift_c16 *s = p;
    const float *scale = s->scale + (b - s->shift);

    (void)m;
    for (ptrdiff_t i = 0; i < len; i += RESC_LANES)
        for (ptrdiff_t k = 0; k < RESC_LANES; k++)
            y[i + k] = a[i + k] * scale[k] + b[k];
    resc_act_apply(s->act, 0.0f, y, len);
}

RESC_KERNEL void resc_scale_shift_f32_c16(const struct resc_scale_shift *p, const float *x,
                                          const float *scale, const float *shift, float *y)
{
    const struct scale_shift_c16 s = { p->act, scale, shift };

    resc_c16_map(&p->map, scale_shift_c16_row, &s, x, shift, y);
}
