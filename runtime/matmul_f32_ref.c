// SPDX-License-Identifier: Apache-2.0
/* matmul_f32_ref - the definition of MatMul. */
#include "resc_matmul.h"

RESC_KERNEL void resc_matmul_f32_ref(RESC_MATMUL_ARGS)
{
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
        for (ptrdiff_t i = 0; i < p->m; i++)
        for (ptrdiff_t j = 0; j < p->n; j++) {
            double acc = 0.0;

            for (ptrdiff_t k = 0; k < p->k; k++)
                acc += (double)ma[i * p->k + k] * (double)mb[k * p->n + j];
            *y++ = (float)acc;
        }
    }
}
