// SPDX-License-Identifier: Apache-2.0
#include "resc_reduce.h"

RESC_KERNEL void resc_argmax_f32(const struct resc_argmax *p, const float *x, int64_t *y)
{
    for (ptrdiff_t o = 0; o < p->outer; o++, x += p->len * p->inner)
        for (ptrdiff_t i = 0; i < p->inner; i++) {
            ptrdiff_t best = 0;

            for (ptrdiff_t k = 1; k < p->len; k++) {
                const float v = x[k * p->inner + i], top = x[best * p->inner + i];

                if (v > top || (v != v && top == top) ||
                    (p->last && (v == top || v != v)))
                    best = k;
            }
            *y++ = best;
        }
}
