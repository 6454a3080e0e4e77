// SPDX-License-Identifier: Apache-2.0
/* resc_reduce.h - sums, means and the place of the maximum along dimensions. */
#ifndef RESC_REDUCE_H
#define RESC_REDUCE_H

#include "resc_act.h"

#include <stdint.h>

enum resc_reduce_op { RESC_REDUCE_SUM, RESC_REDUCE_MEAN };

/* y is dense of shape keep[]; an element of it is made of red[0] x ... x red[3]
 * elements of x.  The steps are in elements of x. */
struct resc_reduce {
    enum resc_reduce_op op; /* integers: SUM only, modulo 2^n */
    ptrdiff_t keep[4], keep_step[4];
    ptrdiff_t red[4], red_step[4];
};

/* x: [outer, len, inner], len > 0; y: [outer, inner].  NaN counts as largest. */
struct resc_argmax {
    ptrdiff_t outer, len, inner;
    int last; /* of equals, 0: the first; 1: the last */
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_reduce_f32(const struct resc_reduce *p, const float *x, float *y);
RESC_KERNEL void resc_reduce_i64(const struct resc_reduce *p, const int64_t *x, int64_t *y);
RESC_KERNEL void resc_reduce_i32(const struct resc_reduce *p, const int32_t *x, int32_t *y);
RESC_KERNEL void resc_argmax_f32(const struct resc_argmax *p, const float *x, int64_t *y);
RESC_KERNEL void resc_argmax_i64(const struct resc_argmax *p, const int64_t *x, int64_t *y);
RESC_KERNEL void resc_argmax_i32(const struct resc_argmax *p, const int32_t *x, int64_t *y);
#endif

#endif
