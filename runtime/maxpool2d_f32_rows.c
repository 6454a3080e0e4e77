// SPDX-License-Identifier: Apache-2.0
/* maxpool2d_f32_rows - max pooling in two steps a row of output: the greatest
 * of each column of the windows, then the greatest of the columns. */
#include "resc_pool2d.h"

#include <math.h>

enum { MAXPOOL_STEP = 8 }; /* loops of a fixed length become vector instructions at -O2 */

// NOLINTBEGIN(clang-analyzer-core.*): that maxpool_part() sets all columns it reads is not seen

/* most[i] = max(most[i], x[i]), i < n; NaN wins. */
static void maxpool_down(const float *restrict x, float *restrict most, ptrdiff_t n)
{
    ptrdiff_t i = 0;

    for (; i + MAXPOOL_STEP <= n; i += MAXPOOL_STEP)
        for (int j = 0; j < MAXPOOL_STEP; j++) {
            const int take = (x[i + j] > most[i + j]) | (x[i + j] != x[i + j]);

            most[i + j] = take ? x[i + j] : most[i + j];
        }
    for (; i < n; i++)
        most[i] = x[i] > most[i] || isnan(x[i]) ? x[i] : most[i];
}

/* y[i] = max(y[i], column[i * stride]), i < n.  Returns whether it passed over
 * a NaN: testing for that apart makes the maximum one instruction. */
static int maxpool_across(const float *restrict column, ptrdiff_t stride, float *restrict y,
                          ptrdiff_t n)
{
    int nan = 0;

    if (stride == 2)
        for (ptrdiff_t i = 0; i < n; i++) {
            y[i] = column[2 * i] > y[i] ? column[2 * i] : y[i];
            nan |= column[2 * i] != column[2 * i];
        }
    else
        for (ptrdiff_t i = 0; i < n; i++) {
            y[i] = column[i * stride] > y[i] ? column[i * stride] : y[i];
            nan |= column[i * stride] != column[i * stride];
        }
    return nan;
}

/* Outputs [from, to) of row oh of one plane. */
static void maxpool_part(const struct resc_pool2d *p, const float *x, ptrdiff_t oh,
                         ptrdiff_t from, ptrdiff_t to, float *y)
{
    float columns[RESC_MAXPOOL_REACH];
    const ptrdiff_t left = from * p->sw - p->pl; /* the first column */
    const ptrdiff_t reach = (to - from - 1) * p->sw + (p->kw - 1) * (ptrdiff_t)p->dw + 1;
    const ptrdiff_t lo = left < 0 ? 0 : left; /* those inside of x */
    const ptrdiff_t hi = left + reach < p->iw ? left + reach : p->iw;
    int nan = 0;

    for (ptrdiff_t i = 0; i < reach; i++)
        columns[i] = -(float)INFINITY;
    for (ptrdiff_t kh = 0; kh < p->kh; kh++) {
        const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;

        if (ih >= 0 && ih < p->ih && lo < hi)
            maxpool_down(x + ih * p->iw + lo, columns + (lo - left), hi - lo);
    }
    for (ptrdiff_t i = from; i < to; i++)
        y[i] = columns[(i - from) * p->sw];
    for (ptrdiff_t kw = 1; kw < p->kw; kw++)
        nan |= maxpool_across(columns + kw * p->dw, p->sw, y + from, to - from);
    for (ptrdiff_t i = from; nan && i < to; i++)
        for (ptrdiff_t kw = 0; kw < p->kw; kw++)
            if (isnan(columns[(i - from) * p->sw + kw * p->dw]))
                y[i] = columns[(i - from) * p->sw + kw * p->dw];
}

// NOLINTEND(clang-analyzer-core.*)

RESC_KERNEL void resc_maxpool2d_f32_rows(RESC_POOL2D_ARGS)
{
    /* Outputs whose windows fit into maxpool_part's columns. */
    const ptrdiff_t step = (RESC_MAXPOOL_REACH - (p->kw - 1) * (ptrdiff_t)p->dw - 1) / p->sw + 1;

    for (ptrdiff_t plane = 0; plane < p->planes; plane++, x += (ptrdiff_t)p->ih * p->iw)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++, y += p->ow)
        for (ptrdiff_t from = 0; from < p->ow; from += step)
            maxpool_part(p, x, oh, from, from + step < p->ow ? from + step : p->ow, y);
}
