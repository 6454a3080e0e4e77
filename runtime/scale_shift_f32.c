// SPDX-License-Identifier: Apache-2.0
#include "resc_batch_norm.h"
#include "resc_act_apply.h"

RESC_KERNEL void resc_scale_shift_f32(const struct resc_scale_shift *p, const float *x,
                                      const float *scale, const float *shift, float *y)
{
    for (ptrdiff_t n = 0; n < p->n; n++)
    for (ptrdiff_t c = 0; c < p->c; c++, x += p->len, y += p->len) {
        const float factor = scale[c];

        for (ptrdiff_t i = 0; i < p->len; i++)
            y[i] = x[i] * factor;
        resc_act_apply(p->act, shift[c], y, p->len);
    }
}
