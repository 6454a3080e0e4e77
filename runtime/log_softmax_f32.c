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
<<<<<<< HEAD
                sum += (double)resc_exp_f32(x[i] - max);
            const float log_sum = (float)resc_log(sum);
=======
                sum += (double)expf(x[i] - max);
            // cppcheck-suppress invalidFunctionArg; exp(0) of the maximum is in the sum
            const float log_sum = (float)log(sum);
>>>>>>> e8e72d8 (Suite static: gcc, clang, clang-tidy, cppcheck and gcc -fanalyzer find nothing)

            for (ptrdiff_t i = first; i < at + size; i += step)
                y[i] = x[i] - max - log_sum;
        }
}
