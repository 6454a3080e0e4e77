// SPDX-License-Identifier: Apache-2.0
/* maxpool2d_f32_indices - max pooling that also says where in x each greatest
 * element is; of equal ones the first. */
#include "resc_pool2d.h"

#include <math.h>

RESC_KERNEL void resc_maxpool2d_f32_indices(RESC_POOL2D_ARGS, int64_t *indices)
{
    const ptrdiff_t area = (ptrdiff_t)p->ih * p->iw;
    ptrdiff_t at = 0;

    for (ptrdiff_t plane = 0; plane < p->planes; plane++)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++)
    for (ptrdiff_t ow = 0; ow < p->ow; ow++, at++) {
        float most = -(float)INFINITY;
        ptrdiff_t most_h = -1, most_w = 0;

        for (ptrdiff_t kh = 0; kh < p->kh; kh++)
        for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
            const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;
            const ptrdiff_t iw = ow * p->sw - p->pl + kw * p->dw;

            if (ih < 0 || ih >= p->ih || iw < 0 || iw >= p->iw)
                continue;
            const float v = x[plane * area + ih * p->iw + iw];

            if (v > most || most_h < 0 || (isnan(v) && !isnan(most))) {
                most = v;
                most_h = ih;
                most_w = iw;
            }
        }
        y[at] = most;
        if (most_h < 0)
            indices[at] = -1;
        else
            indices[at] = plane * area + (p->by_columns ? most_w * p->ih + most_h
                                                        : most_h * p->iw + most_w);
    }
}
