// SPDX-License-Identifier: Apache-2.0
/* resc_sgemm.h - the matrix product under the BLAS family of kernels: the one
 * door to CBLAS.  With RESC_NO_BLAS it is plain C. */
#ifndef RESC_SGEMM_H
#define RESC_SGEMM_H

#include "resc_act.h"

struct resc_sgemm {
    int trans_a, trans_b;
    ptrdiff_t m, n, k;       /* below 2^31 */
    ptrdiff_t lda, ldb, ldc; /* elements from one row to the next */
    float alpha, beta;
};

#ifndef RESC_BUNDLED
/* c = alpha * A' * B' + beta * c, row-major; A' is a [m, k], or the transpose
 * of a [k, m]; B' likewise.  c is not read where beta is 0. */
RESC_KERNEL void resc_sgemm(const struct resc_sgemm *p, const float *a, const float *b, float *c);
#endif

#endif
