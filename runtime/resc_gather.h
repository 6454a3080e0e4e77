// SPDX-License-Identifier: Apache-2.0
/* resc_gather.h - slices of x picked by index.
 *
 *     y[o][i] = x[o][index[i]]     x: [outer, dim], y: [outer, n] of `size` bytes each
 *
 * A negative index counts from the end; one out of range is taken for the
 * nearest that is within. */
#ifndef RESC_GATHER_H
#define RESC_GATHER_H

#include "resc_act.h"

#include <stdint.h>

struct resc_gather {
    ptrdiff_t outer, dim, n;
    ptrdiff_t size; /* bytes of a slice */
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_gather_i64(const struct resc_gather *p, const void *x, const int64_t *index,
                                 void *y);
RESC_KERNEL void resc_gather_i32(const struct resc_gather *p, const void *x, const int32_t *index,
                                 void *y);
#endif

#endif
