// SPDX-License-Identifier: Apache-2.0
#include "resc_lrn.h"

#include "resc_math.h"

RESC_KERNEL void resc_lrn_f32_ref(const struct resc_lrn *p, const float *x, float *y)
{
    const ptrdiff_t below = (p->size - 1) / 2, above = p->size / 2;

    for (ptrdiff_t n = 0; n < p->n; n++, x += p->c * p->len)
    for (ptrdiff_t c = 0; c < p->c; c++) {
        const ptrdiff_t from = c > below ? c - below : 0;
        const ptrdiff_t to = above < p->c - c ? c + above : p->c - 1;

        for (ptrdiff_t i = 0; i < p->len; i++) {
            double sum = 0.0;

            for (ptrdiff_t k = from; k <= to; k++)
                sum += (double)x[k * p->len + i] * (double)x[k * p->len + i];
            *y++ = (float)((double)x[c * p->len + i] /
                           resc_pow((double)p->bias + (double)p->alpha / p->size * sum,
                                    (double)p->beta));
        }
    }
}
