// SPDX-License-Identifier: Apache-2.0
/* gemm.h - Gemm: y = act(alpha * A' * B' + beta * C), A' [M,K], B' [K,N], C
 * broadcast to [M,N] or NULL. */
#ifndef RESC_OPS_GEMM_H
#define RESC_OPS_GEMM_H

#include <stdbool.h>

enum { GEMM_A, GEMM_B, GEMM_C };

struct gemm_attr {
    float alpha, beta;
    bool trans_a, trans_b;
};

#endif
