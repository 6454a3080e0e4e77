// SPDX-License-Identifier: Apache-2.0
/* sgemm - the matrix product: CBLAS, or with RESC_NO_BLAS plain loops. */
#include "resc_sgemm.h"

/* c *= beta */
static void sgemm_scale(const struct resc_sgemm *p, float *c)
{
    for (ptrdiff_t i = 0; i < p->m; i++)
        for (ptrdiff_t j = 0; j < p->n; j++)
            c[i * p->ldc + j] = p->beta == 0.0f ? 0.0f : p->beta * c[i * p->ldc + j];
}

#ifndef RESC_NO_BLAS

#include <cblas.h>

/* y = alpha * A' * x + beta * y, where a [rows, cols] is A' or its transpose.
 * y is cleared here where beta is 0: then BLAS need not be trusted not to read it. */
static void sgemm_vector(int trans, ptrdiff_t rows, ptrdiff_t cols, float alpha, const float *a,
                         ptrdiff_t lda, const float *x, ptrdiff_t step_x, float beta, float *y,
                         ptrdiff_t step_y)
{
    const ptrdiff_t len_y = trans ? cols : rows;

    if (beta == 0.0f) {
        for (ptrdiff_t i = 0; i < len_y; i++)
            y[i * step_y] = 0.0f;
        beta = 1.0f;
    }
    cblas_sgemv(CblasRowMajor, trans ? CblasTrans : CblasNoTrans, (int)rows, (int)cols, alpha, a,
                (int)lda, x, (int)step_x, beta, y, (int)step_y);
}

static void sgemm_product(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    const ptrdiff_t a_rows = p->trans_a ? p->k : p->m, a_cols = p->trans_a ? p->m : p->k;
    const ptrdiff_t b_rows = p->trans_b ? p->n : p->k, b_cols = p->trans_b ? p->k : p->n;

    if (p->n == 1)
        sgemm_vector(p->trans_a, a_rows, a_cols, p->alpha, a, p->lda, b, p->trans_b ? 1 : p->ldb,
                     p->beta, c, p->ldc);
    else if (p->m == 1)
        sgemm_vector(!p->trans_b, b_rows, b_cols, p->alpha, b, p->ldb, a, p->trans_a ? p->lda : 1,
                     p->beta, c, 1);
    else
        cblas_sgemm(CblasRowMajor, p->trans_a ? CblasTrans : CblasNoTrans,
                    p->trans_b ? CblasTrans : CblasNoTrans, (int)p->m, (int)p->n, (int)p->k,
                    p->alpha, a, (int)p->lda, b, (int)p->ldb, p->beta, c, (int)p->ldc);
}

#else

/* c += alpha * A' * B', B' a [k, n]: row by row of B', which is read in order. */
static void sgemm_by_rows(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    const ptrdiff_t a_row = p->trans_a ? 1 : p->lda, a_col = p->trans_a ? p->lda : 1;

    for (ptrdiff_t i = 0; i < p->m; i++) {
        float *const row = c + i * p->ldc;
        ptrdiff_t k = 0;

        for (; k + 4 <= p->k; k += 4) {
            const float *const ak = a + i * a_row + k * a_col, *const bk = b + k * p->ldb;
            const float a0 = p->alpha * ak[0], a1 = p->alpha * ak[a_col];
            const float a2 = p->alpha * ak[2 * a_col], a3 = p->alpha * ak[3 * a_col];

            for (ptrdiff_t j = 0; j < p->n; j++)
                row[j] += a0 * bk[j] + a1 * bk[p->ldb + j] +
                          (a2 * bk[2 * p->ldb + j] + a3 * bk[3 * p->ldb + j]);
        }
        for (; k < p->k; k++) {
            const float ak = p->alpha * a[i * a_row + k * a_col], *const bk = b + k * p->ldb;

            for (ptrdiff_t j = 0; j < p->n; j++)
                row[j] += ak * bk[j];
        }
    }
}

/* The same where b is [n, k]: dot products. */
static void sgemm_by_dots(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    const ptrdiff_t a_row = p->trans_a ? 1 : p->lda, a_col = p->trans_a ? p->lda : 1;

    for (ptrdiff_t i = 0; i < p->m; i++)
    for (ptrdiff_t j = 0; j < p->n; j++) {
        const float *const ai = a + i * a_row, *const bj = b + j * p->ldb;
        float sum[4] = { 0.0f, 0.0f, 0.0f, 0.0f }; /* four, to add at the same time */
        ptrdiff_t k = 0;

        for (; k + 4 <= p->k; k += 4)
            for (ptrdiff_t s = 0; s < 4; s++)
                sum[s] += ai[(k + s) * a_col] * bj[k + s];
        for (; k < p->k; k++)
            sum[0] += ai[k * a_col] * bj[k];
        c[i * p->ldc + j] += p->alpha * (sum[0] + sum[1] + (sum[2] + sum[3]));
    }
}

static void sgemm_product(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    sgemm_scale(p, c);
    if (p->trans_b)
        sgemm_by_dots(p, a, b, c);
    else
        sgemm_by_rows(p, a, b, c);
}

#endif

RESC_KERNEL void resc_sgemm(const struct resc_sgemm *p, const float *a, const float *b, float *c)
{
    if (p->m == 0 || p->n == 0)
        return;
    if (p->k > 0) {
        sgemm_product(p, a, b, c);
        return;
    }
    sgemm_scale(p, c);
}
