// SPDX-License-Identifier: Apache-2.0
/* resc_unary.h - y[i] = f(x[i]); the functions are the rows of unary.def. */
#ifndef RESC_UNARY_H
#define RESC_UNARY_H

#include "resc_c16.h"

#include <stdint.h>

enum resc_unary_op {
#define UNARY(sym, onnx, since, until, alpha, beta, y) RESC_UNARY_##sym,
#include "unary.def"
#undef UNARY
};

struct resc_unary {
    enum resc_unary_op op;
    ptrdiff_t len;
    float alpha, beta; /* as in the operator's ONNX attributes */
    struct resc_c16_map map; /* ..._c16, which takes it instead of len */
};

/* y may be x */
#ifndef RESC_BUNDLED
RESC_KERNEL void resc_unary_f32(const struct resc_unary *p, const float *x, float *y);
RESC_KERNEL void resc_unary_f32_c16(const struct resc_unary *p, const float *x, float *y);
RESC_KERNEL void resc_neg_i64(const struct resc_unary *p, const int64_t *x, int64_t *y);
RESC_KERNEL void resc_neg_i32(const struct resc_unary *p, const int32_t *x, int32_t *y);
#endif

#endif
