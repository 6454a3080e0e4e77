// SPDX-License-Identifier: Apache-2.0
/* maxpool2d_f32_rows - max pooling: a row of output is started with -inf, then
 * each tap of the window is held against the part of it that reads inside of x. */
#include "resc_pool2d.h"

#include <math.h>

/* Of n_out outputs, `stride` apart and the first at `at`, those inside [0, n_in). */
static void maxpool_inside(ptrdiff_t at, ptrdiff_t stride, ptrdiff_t n_in, ptrdiff_t n_out,
                           ptrdiff_t *from, ptrdiff_t *to)
{
    *from = at >= 0 ? 0 : (-at + stride - 1) / stride;
    *to = at >= n_in ? 0 : (n_in - 1 - at) / stride + 1;
    if (*to > n_out)
        *to = n_out;
}

/* y[i] = max(y[i], x[i * stride]), i < n; NaN wins.  In steps of a fixed
 * length, which compilers turn into vector instructions at -O2 already. */
static void maxpool_tap(const float *restrict x, ptrdiff_t stride, float *restrict y, ptrdiff_t n)
{
    ptrdiff_t i = 0;

    if (stride == 1)
        for (; i + 8 <= n; i += 8)
            for (int j = 0; j < 8; j++) {
                const float v = x[i + j];

                y[i + j] = (v > y[i + j]) | (v != v) ? v : y[i + j];
            }
    else if (stride == 2)
        for (; i + 8 < n; i += 8)
            for (int j = 0; j < 8; j++) {
                const float v = x[2 * (i + j)];

                y[i + j] = (v > y[i + j]) | (v != v) ? v : y[i + j];
            }
    for (; i < n; i++) {
        const float v = x[i * stride];

        y[i] = (v > y[i]) | (v != v) ? v : y[i];
    }
}

RESC_KERNEL void resc_maxpool2d_f32_rows(RESC_POOL2D_ARGS)
{
    for (ptrdiff_t plane = 0; plane < p->planes; plane++, x += (ptrdiff_t)p->ih * p->iw)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++, y += p->ow) {
        for (ptrdiff_t i = 0; i < p->ow; i++)
            y[i] = -(float)INFINITY;
        for (ptrdiff_t kh = 0; kh < p->kh; kh++) {
            const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;

            if (ih < 0 || ih >= p->ih)
                continue;
            for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
                const ptrdiff_t left = kw * p->dw - p->pl;
                ptrdiff_t from, to;

                maxpool_inside(left, p->sw, p->iw, p->ow, &from, &to);
                if (from < to)
                    maxpool_tap(x + ih * p->iw + left + from * p->sw, p->sw, y + from, to - from);
            }
        }
    }
}
