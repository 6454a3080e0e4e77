// SPDX-License-Identifier: Apache-2.0
#include "resc_batch_norm.h"

#include <math.h>

RESC_KERNEL void resc_batch_norm_f32_ref(const struct resc_batch_norm *p, const float *x,
                                         const float *scale, const float *shift,
                                         const float *mean, const float *var, float *y)
{
    for (ptrdiff_t n = 0; n < p->n; n++)
    for (ptrdiff_t c = 0; c < p->c; c++, x += p->len, y += p->len) {
        const double factor = (double)scale[c] / sqrt((double)var[c] + (double)p->epsilon);

        for (ptrdiff_t i = 0; i < p->len; i++)
            y[i] = (float)(((double)x[i] - (double)mean[c]) * factor + (double)shift[c]);
    }
}
