// SPDX-License-Identifier: Apache-2.0
#include "resc_unary.h"

/* The least integer is its own negative. */
RESC_KERNEL void resc_neg_i64(const struct resc_unary *p, const int64_t *x, int64_t *y)
{
    for (ptrdiff_t i = 0; i < p->len; i++)
        y[i] = (int64_t)(0u - (uint64_t)x[i]);
}
