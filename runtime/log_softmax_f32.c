// SPDX-License-Identifier: Apache-2.0
#include "resc_softmax.h"

#include "resc_math.h"

RESC_KERNEL void resc_log_softmax_f32(const struct resc_softmax *p, const float *x, float *y)
{
    const ptrdiff_t size = p->len * p->inner, step = p->inner;

    for (ptrdiff_t at = 0; at < p->outer * size; at += size)
        for (ptrdiff_t first = at; first < at + step && p->len; first++) {
            float max = x[first];
            double sum = 0.0;

            for (ptrdiff_t i = first; i < at + size; i += step)
                max = x[i] > max ? x[i] : max;
            for (ptrdiff_t i = first; i < at + size; i += step)
                sum += (double)resc_exp_f32(x[i] - max);
            const float log_sum = (float)resc_log(sum);

            for (ptrdiff_t i = first; i < at + size; i += step)
                y[i] = x[i] - max - log_sum;
        }
}
