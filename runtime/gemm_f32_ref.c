// SPDX-License-Identifier: Apache-2.0
/* gemm_f32_ref - the definition of Gemm. */
#include "resc_gemm.h"

RESC_KERNEL void resc_gemm_f32_ref(RESC_GEMM_ARGS)
{
    const ptrdiff_t a_row = p->trans_a ? 1 : p->k, a_col = p->trans_a ? p->m : 1;
    const ptrdiff_t b_row = p->trans_b ? 1 : p->n, b_col = p->trans_b ? p->k : 1;

    for (ptrdiff_t i = 0; i < p->m; i++)
    for (ptrdiff_t j = 0; j < p->n; j++) {
        double acc = 0.0;

        for (ptrdiff_t k = 0; k < p->k; k++)
            acc += (double)a[i * a_row + k * a_col] * (double)b[k * b_row + j * b_col];
        acc *= (double)p->alpha;
        if (c)
            acc += (double)p->beta * (double)c[i * p->c_row + j * p->c_col];
        y[i * p->n + j] = resc_act_f32(p->act, (float)acc);
    }
}
