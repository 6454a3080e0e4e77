// SPDX-License-Identifier: Apache-2.0
#include "resc_reduce.h"

/* Of the elements that one element of y is made of, which start at x. */
static uint32_t reduce_sum_i32(const struct resc_reduce *p, const int32_t *x)
{
    uint32_t sum = 0;

    for (ptrdiff_t i = 0; i < p->red[0]; i++)
    for (ptrdiff_t j = 0; j < p->red[1]; j++)
    for (ptrdiff_t k = 0; k < p->red[2]; k++) {
        const int32_t *row = x + i * p->red_step[0] + j * p->red_step[1] + k * p->red_step[2];

        for (ptrdiff_t l = 0; l < p->red[3]; l++)
            sum += (uint32_t)row[l * p->red_step[3]];
    }
    return sum;
}

RESC_KERNEL void resc_reduce_i32(const struct resc_reduce *p, const int32_t *x, int32_t *y)
{
    for (ptrdiff_t i = 0; i < p->keep[0]; i++)
    for (ptrdiff_t j = 0; j < p->keep[1]; j++)
    for (ptrdiff_t k = 0; k < p->keep[2]; k++)
    for (ptrdiff_t l = 0; l < p->keep[3]; l++) {
        const ptrdiff_t at = i * p->keep_step[0] + j * p->keep_step[1] +
                             k * p->keep_step[2] + l * p->keep_step[3];

        *y++ = (int32_t)reduce_sum_i32(p, x + at);
    }
}
