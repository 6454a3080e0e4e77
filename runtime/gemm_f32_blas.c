// SPDX-License-Identifier: Apache-2.0
/* gemm_f32_blas - Gemm by SGEMM, with C spread over y beforehand. */
#include "resc_gemm.h"
#include "resc_act_apply.h"
#include "resc_sgemm.h"

#include <string.h>

RESC_KERNEL void resc_gemm_f32_blas(RESC_GEMM_ARGS)
{
    const ptrdiff_t m = p->m, n = p->n, k = p->k;
    const struct resc_sgemm product = {
        p->trans_a, p->trans_b, m, n, k, p->trans_a ? m : k, p->trans_b ? k : n, n,
        p->alpha, c ? p->beta : 0.0f,
    };

    for (ptrdiff_t i = 0; c && i < m; i++) {
        const float *const row = c + i * p->c_row;

        if (p->c_col == 1 && n > 0)
            memcpy(y + i * n, row, (size_t)n * sizeof(*y));
        else
            for (ptrdiff_t j = 0; j < n; j++)
                y[i * n + j] = row[j * p->c_col];
    }
    resc_sgemm(&product, a, b, y);
    if (p->act.kind != RESC_ACT_NONE)
        resc_act_apply(p->act, 0.0f, y, m * n);
}
