// SPDX-License-Identifier: Apache-2.0
/* avgpool2d_f32_ref - the definition of average pooling. */
#include "resc_pool2d.h"

RESC_KERNEL void resc_avgpool2d_f32_ref(RESC_POOL2D_ARGS)
{
    const ptrdiff_t area = (ptrdiff_t)p->ih * p->iw;
    ptrdiff_t at = 0;

    for (ptrdiff_t plane = 0; plane < p->planes; plane++)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++)
    for (ptrdiff_t ow = 0; ow < p->ow; ow++, at++) {
        double sum = 0.0;
        ptrdiff_t inside = 0, padded = 0; /* taps inside of x; and of its padding as well */

        for (ptrdiff_t kh = 0; kh < p->kh; kh++)
        for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
            const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;
            const ptrdiff_t iw = ow * p->sw - p->pl + kw * p->dw;

            padded += ih < p->ih + (ptrdiff_t)p->pb && iw < p->iw + (ptrdiff_t)p->pr;
            if (ih < 0 || ih >= p->ih || iw < 0 || iw >= p->iw)
                continue;
            sum += (double)x[plane * area + ih * p->iw + iw];
            inside++;
        }
        const ptrdiff_t count = p->count_pad ? padded : inside;

        y[at] = count ? (float)(sum / (double)count) : 0.0f;
    }
}
