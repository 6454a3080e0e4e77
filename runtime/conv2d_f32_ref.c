// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_ref - the definition of convolution; every other one must agree. */
#include "resc_conv2d.h"

RESC_KERNEL void resc_conv2d_f32_ref(RESC_CONV2D_ARGS)
{
    const ptrdiff_t icg = p->ic / p->groups, ocg = p->oc / p->groups; /* of one group */
    ptrdiff_t at = 0;

    (void)scratch;
    for (ptrdiff_t n = 0; n < p->n; n++)
    for (ptrdiff_t oc = 0; oc < p->oc; oc++)
    for (ptrdiff_t oh = 0; oh < p->oh; oh++)
    for (ptrdiff_t ow = 0; ow < p->ow; ow++, at++) {
        double acc = b ? (double)b[oc] : 0.0;

        for (ptrdiff_t ic = 0; ic < icg; ic++)
        for (ptrdiff_t kh = 0; kh < p->kh; kh++)
        for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
            const ptrdiff_t ih = oh * p->sh - p->pt + kh * p->dh;
            const ptrdiff_t iw = ow * p->sw - p->pl + kw * p->dw;
            const ptrdiff_t channel = n * p->ic + oc / ocg * icg + ic;

            if (ih < 0 || ih >= p->ih || iw < 0 || iw >= p->iw)
                continue;
            acc += (double)x[(channel * p->ih + ih) * p->iw + iw] *
                   (double)w[((oc * icg + ic) * p->kh + kh) * p->kw + kw];
        }
        if (add)
            acc += (double)add[at];
        y[at] = resc_act_f32(p->act, (float)acc);
    }
}
