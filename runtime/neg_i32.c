// SPDX-License-Identifier: Apache-2.0
#include "resc_unary.h"

/* The least integer is its own negative. */
RESC_KERNEL void resc_neg_i32(const struct resc_unary *p, const int32_t *x, int32_t *y)
{
    for (ptrdiff_t i = 0; i < p->len; i++)
        y[i] = (int32_t)(0u - (uint32_t)x[i]);
}
