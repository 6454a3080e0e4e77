// SPDX-License-Identifier: Apache-2.0
/* resc_matmul.h - batched matrix product (ONNX MatMul), float32, row-major. */
#ifndef RESC_MATMUL_H
#define RESC_MATMUL_H

#include "resc_act.h"

enum { RESC_MATMUL_RANK = 6 }; /* most batch dimensions */

/* y[batch] = a[batch] * b[batch]; y is dense. */
struct resc_matmul {
    int m, n, k;                           /* a: [m, k], b: [k, n], y: [m, n] */
    int rank;                              /* of the batch */
    ptrdiff_t dim[RESC_MATMUL_RANK];       /* of the batch */
    ptrdiff_t a_stride[RESC_MATMUL_RANK];  /* in elements; 0: the matrix is used again */
    ptrdiff_t b_stride[RESC_MATMUL_RANK];
};

#define RESC_MATMUL_ARGS const struct resc_matmul *p, const float *a, const float *b, float *y

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_matmul_f32_ref(RESC_MATMUL_ARGS);
RESC_KERNEL void resc_matmul_f32_blas(RESC_MATMUL_ARGS);
RESC_KERNEL void resc_matmul_f32_native(RESC_MATMUL_ARGS); /* rank = 0; b: resc_c16_rows.h */
#endif

#endif
