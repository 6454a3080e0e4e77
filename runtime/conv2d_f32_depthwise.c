// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_depthwise - convolution where each output channel reads one input
 * channel: a row of output is started with bias and residual, then each tap
 * of the window is added to the part of it that reads inside of x. */
#include "resc_conv2d.h"
#include "resc_act_apply.h"
#include "resc_window.h"

/* y[i] += w * x[i * stride], i < n; in steps of a fixed length, which
 * compilers turn into vector instructions at -O2 already. */
static void depthwise_tap(float w, const float *restrict x, ptrdiff_t stride, float *restrict y,
                          ptrdiff_t n)
{
    ptrdiff_t i = 0;

    if (stride == 1)
        for (; i + 8 <= n; i += 8)
            for (int j = 0; j < 8; j++)
                y[i + j] += w * x[i + j];
    else if (stride == 2)
        for (; i + 8 < n; i += 8)
            for (int j = 0; j < 8; j++)
                y[i + j] += w * x[2 * (i + j)];
    for (; i < n; i++)
        y[i] += w * x[i * stride];
}

/* Row oh of one output channel. */
static void depthwise_row(const struct resc_conv2d *p, ptrdiff_t oh, const float *x,
                         const float *w, float *y)
{
    for (ptrdiff_t kh = 0; kh < p->kh; kh++) {
        const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;

        if (ih < 0 || ih >= p->ih)
            continue;
        for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
            const ptrdiff_t left = kw * p->dw - p->pl;
            ptrdiff_t from, to;

            resc_window_inside(left, p->sw, p->iw, p->ow, &from, &to);
            if (from < to)
                depthwise_tap(w[kh * p->kw + kw], x + (ih * p->iw + left + from * p->sw), p->sw,
                              y + from, to - from);
        }
    }
}

RESC_KERNEL void resc_conv2d_f32_depthwise(RESC_CONV2D_ARGS)
{
    const ptrdiff_t in = (ptrdiff_t)p->ih * p->iw, out = (ptrdiff_t)p->oh * p->ow;
    const ptrdiff_t multiplier = p->oc / p->ic;

    (void)scratch;
    for (ptrdiff_t plane = 0; plane < (ptrdiff_t)p->n * p->oc; plane++) {
        const ptrdiff_t oc = plane % p->oc;

        for (ptrdiff_t oh = 0; oh < p->oh; oh++) {
            const ptrdiff_t at = plane * out + oh * p->ow;

            for (ptrdiff_t i = 0; i < p->ow; i++)
                y[at + i] = (b ? b[oc] : 0.0f) + (add ? add[at + i] : 0.0f);
            depthwise_row(p, oh, x + plane / multiplier * in, w + oc * p->kh * p->kw, y + at);
            if (p->act.kind != RESC_ACT_NONE)
                resc_act_apply(p->act, 0.0f, y + at, p->ow);
        }
    }
}
