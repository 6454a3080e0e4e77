// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_gemm1x1 - a 1x1 convolution is a product of matrices:
 *
 *     y [oc, pixels] = w [oc, ic] * x [ic, pixels]
 *
 * With stride 1 the activations are used as they are; otherwise the pixels
 * that count are gathered first, p->block of them at a time. */
#include "resc_conv2d.h"
#include "resc_conv2d_product.h"

/* dst [channels, to - from] = the pixels of x that outputs from, from + 1, ... read. */
static void gemm1x1_gather(const struct resc_conv2d *p, const float *x, ptrdiff_t channels,
                          ptrdiff_t from, ptrdiff_t to, float *dst)
{
    for (ptrdiff_t c = 0; c < channels; c++, x += (ptrdiff_t)p->ih * p->iw) {
        ptrdiff_t oh = from / p->ow, ow = from % p->ow;

        for (ptrdiff_t left = to - from; left > 0; oh++, ow = 0) {
            const ptrdiff_t n = p->ow - ow < left ? p->ow - ow : left;
            const float *const src = x + oh * p->sh * p->iw + ow * p->sw;

            for (ptrdiff_t i = 0; i < n; i++)
                dst[i] = src[i * p->sw];
            dst += n;
            left -= n;
        }
    }
}

RESC_KERNEL void resc_conv2d_f32_gemm1x1(RESC_CONV2D_ARGS)
{
    const ptrdiff_t icg = p->ic / p->groups, ocg = p->oc / p->groups; /* of one group */
    const ptrdiff_t in = (ptrdiff_t)p->ih * p->iw, out = (ptrdiff_t)p->oh * p->ow;
    const int in_place = p->sh == 1 && p->sw == 1;
    const ptrdiff_t step = in_place ? out : p->block;

    for (ptrdiff_t image_group = 0; image_group < (ptrdiff_t)p->n * p->groups; image_group++) {
        const ptrdiff_t group = image_group % p->groups;
        const float *const gx = x + image_group * icg * in;

        for (ptrdiff_t from = 0, to; from < out; from = to) {
            to = out - from > step ? from + step : out;
            const struct resc_sgemm product = {
                0, 0, ocg, to - from, icg, icg, in_place ? in : to - from, out, 1.0f,
                add ? 1.0f : 0.0f,
            };
            const ptrdiff_t at = image_group * ocg * out + from; /* in y */
            const float *from_x = gx + from;

            if (!in_place) {
                gemm1x1_gather(p, gx, icg, from, to, scratch);
                from_x = scratch;
            }
            resc_conv2d_product(&product, p->act, w + group * ocg * icg, from_x,
                                b ? b + group * ocg : NULL, add ? add + at : NULL, y + at);
        }
    }
}
