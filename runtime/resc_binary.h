// SPDX-License-Identifier: Apache-2.0
/* resc_binary.h - y = f(a, b) element by element, a and b broadcast to the
 * shape of y; the functions are the rows of binary.def.
 *
 * y is dim[0] x ... x dim[rank - 1] rows of len elements.  Along dimension d
 * the next row of a is a_step[d] elements further, and within a row the next
 * element a_inner (1 or 0) further; 0 is what repeats a.  The same for b. */
#ifndef RESC_BINARY_H
#define RESC_BINARY_H

#include "resc_c16.h"

#include <stdint.h>

enum resc_binary_op {
#define BINARY(sym, f32, ints) RESC_BINARY_##sym,
#include "binary.def"
#undef BINARY
};

struct resc_binary {
    enum resc_binary_op op;
    ptrdiff_t len;
    int a_inner, b_inner;
    int rank; /* 0: one row */
    ptrdiff_t dim[7], a_step[7], b_step[7];
    struct resc_c16_map map; /* ..._c16, which takes op and this */
};

/* y may be an argument that has the shape of y. */
#ifndef RESC_BUNDLED
RESC_KERNEL void resc_binary_f32(const struct resc_binary *p, const float *a, const float *b,
                                 float *y);
RESC_KERNEL void resc_binary_f32_c16(const struct resc_binary *p, const float *a,
                                     const float *b, float *y);
RESC_KERNEL void resc_binary_i64(const struct resc_binary *p, const int64_t *a, const int64_t *b,
                                 int64_t *y);
RESC_KERNEL void resc_binary_i32(const struct resc_binary *p, const int32_t *a, const int32_t *b,
                                 int32_t *y);
#endif

#endif
