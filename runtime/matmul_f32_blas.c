// SPDX-License-Identifier: Apache-2.0
/* matmul_f32_blas - MatMul, one SGEMM a matrix of the batch. */
#include "resc_matmul.h"
#include "resc_sgemm.h"

RESC_KERNEL void resc_matmul_f32_blas(RESC_MATMUL_ARGS)
{
    const ptrdiff_t m = p->m, n = p->n, k = p->k;
    const struct resc_sgemm product = { 0, 0, m, n, k, k, n, n, 1.0f, 0.0f };
    ptrdiff_t n_batch = 1;

    for (int i = 0; i < p->rank; i++)
        n_batch *= p->dim[i];
    for (ptrdiff_t batch = 0; batch < n_batch; batch++) {
        const float *ma = a, *mb = b;
        ptrdiff_t rest = batch;

        for (int i = p->rank - 1; i >= 0; i--) {
            ma += rest % p->dim[i] * p->a_stride[i];
            mb += rest % p->dim[i] * p->b_stride[i];
            rest /= p->dim[i];
        }
        resc_sgemm(&product, ma, mb, y + batch * m * n);
    }
}
