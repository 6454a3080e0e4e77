// SPDX-License-Identifier: Apache-2.0
/* resc_gemm.h - matrix product (ONNX Gemm), float32, row-major.
 *
 *     y = act(alpha * A' * B' + beta * C) */
#ifndef RESC_GEMM_H
#define RESC_GEMM_H

#include "resc_act.h"

struct resc_gemm {
    int m, n, k;           /* y: [m, n] */
    int trans_a, trans_b;  /* a: [m, k], or [k, m] if trans_a; b: [k, n], or [n, k] if trans_b */
    float alpha, beta;
    int c_row, c_col;      /* C[i, j] is c[i * c_row + j * c_col]: 0 where it is repeated */
    struct resc_act act;
};

/* c may be NULL. */
#define RESC_GEMM_ARGS \
    const struct resc_gemm *p, const float *a, const float *b, const float *c, float *y

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_gemm_f32_ref(RESC_GEMM_ARGS);
RESC_KERNEL void resc_gemm_f32_blas(RESC_GEMM_ARGS);
/* a is not transposed; b and c are packed (resc_c16_rows.h), alpha and beta in them. */
RESC_KERNEL void resc_gemm_f32_native(RESC_GEMM_ARGS);
#endif

#endif
