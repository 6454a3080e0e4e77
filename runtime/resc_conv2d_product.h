// SPDX-License-Identifier: Apache-2.0
/* resc_conv2d_product.h - what is left of a convolution once the pixels that it
 * reads are a matrix x [k, n]: y [m, n] = act(w * x + b + add). */
#ifndef RESC_CONV2D_PRODUCT_H
#define RESC_CONV2D_PRODUCT_H

#include "resc_act_apply.h"
#include "resc_sgemm.h"

#include <string.h>

/* Rows of y and of add are p->ldc apart.  b and add may be NULL, add may be y;
 * p->beta is 1 where there is an add, else 0. */
RESC_INLINE void resc_conv2d_product(const struct resc_sgemm *p, struct resc_act act,
                                     const float *w, const float *x, const float *b,
                                     const float *add, float *y)
{
    if (add && add != y)
        for (ptrdiff_t c = 0; c < p->m; c++)
            memcpy(y + c * p->ldc, add + c * p->ldc, (size_t)p->n * sizeof(*y));
    resc_sgemm(p, w, x, y);
    for (ptrdiff_t c = 0; c < p->m; c++)
        resc_act_apply(act, b ? b[c] : 0.0f, y + c * p->ldc, p->n);
}

#endif
