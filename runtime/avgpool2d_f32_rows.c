// SPDX-License-Identifier: Apache-2.0
/* avgpool2d_f32_rows - average pooling: each tap of the window is added to the
 * part of a row of output that reads inside of x, then the row is divided. */
#include "resc_pool2d.h"
#include "resc_window.h"

/* y[i] += x[i * stride], i < n; in steps of a fixed length, which compilers
 * turn into vector instructions at -O2 already. */
static void avgpool_tap(const float *restrict x, ptrdiff_t stride, float *restrict y, ptrdiff_t n)
{
    ptrdiff_t i = 0;

    if (stride == 1)
        for (; i + 8 <= n; i += 8)
            for (int j = 0; j < 8; j++)
                y[i + j] += x[i + j];
    else if (stride == 2)
        for (; i + 8 < n; i += 8)
            for (int j = 0; j < 8; j++)
                y[i + j] += x[2 * (i + j)];
    for (; i < n; i++)
        y[i] += x[i * stride];
}

/* Taps that count, of `taps` that are `dilation` apart and the first at `at`. */
static ptrdiff_t avgpool_count(ptrdiff_t at, ptrdiff_t dilation, ptrdiff_t taps, ptrdiff_t n_in,
                               ptrdiff_t pad_after, int count_pad)
{
    ptrdiff_t from, to;

    resc_window_inside(at, dilation, n_in + (count_pad ? pad_after : 0), taps, &from, &to);
    if (count_pad)
        from = 0;
    return to > from ? to - from : 0;
}

RESC_KERNEL void resc_avgpool2d_f32_rows(RESC_POOL2D_ARGS)
{
    for (ptrdiff_t plane = 0; plane < p->planes; plane++, x += (ptrdiff_t)p->ih * p->iw)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++, y += p->ow) {
        const ptrdiff_t top = oh * p->sh - p->pt;
        const ptrdiff_t rows = avgpool_count(top, p->dh, p->kh, p->ih, p->pb, p->count_pad);

        for (ptrdiff_t i = 0; i < p->ow; i++)
            y[i] = 0.0f;
        for (ptrdiff_t kh = 0; kh < p->kh; kh++) {
            const ptrdiff_t ih = top + kh * p->dh;

            if (ih < 0 || ih >= p->ih)
                continue;
            for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
                const ptrdiff_t left = kw * p->dw - p->pl;
                ptrdiff_t from, to;

                resc_window_inside(left, p->sw, p->iw, p->ow, &from, &to);
                if (from < to)
                    avgpool_tap(x + (ih * p->iw + left + from * p->sw), p->sw, y + from,
                                to - from);
            }
        }
        for (ptrdiff_t i = 0; i < p->ow; i++) {
            const ptrdiff_t n = rows * avgpool_count(i * p->sw - p->pl, p->dw, p->kw, p->iw,
                                                     p->pr, p->count_pad);

            y[i] = n ? y[i] / (float)n : 0.0f;
        }
    }
}
