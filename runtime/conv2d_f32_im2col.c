// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_im2col - convolution as a product of matrices:
 *
 *     y [oc, pixels] = w [oc, ic * kh * kw] * patches [ic * kh * kw, pixels]
 *
 * Column i of `patches` is what output pixel i reads.  It is built for
 * p->block pixels at a time, which stay in the cache. */
#include "resc_conv2d.h"
#include "resc_conv2d_product.h"
#include "resc_window.h"

#include <string.h>

/* Where the window's tap (kh, kw) lies: output pixel (0, 0) reads x at (top,
 * left), and the outputs in rows [row_from, row_to) and columns [col_from,
 * col_to) read inside of x. */
struct im2col_tap {
    ptrdiff_t top, left, row_from, row_to, col_from, col_to;
};

static void im2col_zero(float *dst, ptrdiff_t n)
{
    if (n > 0)
        memset(dst, 0, (size_t)n * sizeof(*dst));
}

/* Outputs [from, to) of one tap where x and y are of one width and the stride
 * is 1: x shifted, apart from the border. */
static void im2col_shifted(const struct resc_conv2d *p, const struct im2col_tap *t, const float *x,
                           ptrdiff_t from, ptrdiff_t to, float *dst)
{
    const ptrdiff_t ow = p->ow, shift = t->top * p->iw + t->left;
    ptrdiff_t first = t->row_from * ow + t->col_from; /* outputs that read inside of x */
    ptrdiff_t last = (t->row_to - 1) * ow + t->col_to;

    first = first < from ? from : first > to ? to : first;
    last = last > to ? to : last < first ? first : last;
    im2col_zero(dst, first - from);
    if (last > first)
        memcpy(dst + (first - from), x + (first + shift), (size_t)(last - first) * sizeof(*dst));
    im2col_zero(dst + (last - from), to - last);
    if (t->col_from == 0 && t->col_to == ow)
        return;
    /* Between rows the copy ran over the border. */
    for (ptrdiff_t row = first / ow * ow; row < last; row += ow) {
        for (ptrdiff_t i = row; i < row + t->col_from; i++)
            if (i >= first && i < last)
                dst[i - from] = 0.0f;
        for (ptrdiff_t i = row + t->col_to; i < row + ow; i++)
            if (i >= first && i < last)
                dst[i - from] = 0.0f;
    }
}

/* dst[i] = src[i * stride], i < n, n > 0; in steps of a fixed length where the
 * stride is 2, which compilers turn into vector instructions at -O2 already. */
static void im2col_copy(const float *restrict src, ptrdiff_t stride, float *restrict dst,
                        ptrdiff_t n)
{
    ptrdiff_t i = 0;

    if (stride == 1) {
        memcpy(dst, src, (size_t)n * sizeof(*dst));
        return;
    }
    if (stride == 2)
        for (; i + 8 < n; i += 8)
            for (int j = 0; j < 8; j++)
                dst[i + j] = src[2 * (i + j)];
    for (; i < n; i++)
        dst[i] = src[i * stride];
}

/* Outputs [from, to) of one tap, row by row. */
static void im2col_rows(const struct resc_conv2d *p, const struct im2col_tap *t, const float *x,
                        ptrdiff_t from, ptrdiff_t to, float *dst)
{
    ptrdiff_t oh = from / p->ow, ow = from % p->ow;

    for (; from < to; oh++, ow = 0) {
        const ptrdiff_t end = p->ow - ow < to - from ? p->ow : ow + (to - from);
        const ptrdiff_t src = (t->top + oh * p->sh) * p->iw + t->left; /* in x, of output 0 */
        ptrdiff_t lo = t->col_from < ow ? ow : t->col_from > end ? end : t->col_from;
        ptrdiff_t hi = t->col_to > end ? end : t->col_to < lo ? lo : t->col_to;

        if (oh < t->row_from || oh >= t->row_to)
            lo = hi = end;
        im2col_zero(dst, lo - ow);
        if (lo < hi)
            im2col_copy(x + (src + lo * p->sw), p->sw, dst + (lo - ow), hi - lo);
        im2col_zero(dst + (hi - ow), end - hi);
        dst += end - ow;
        from += end - ow;
    }
}

/* patches [channels * kh * kw, to - from] */
static void im2col_patches(const struct resc_conv2d *p, const float *x, ptrdiff_t channels,
                           ptrdiff_t from, ptrdiff_t to, float *patches)
{
    const int shifted = p->sh == 1 && p->sw == 1 && p->iw == p->ow;

    for (ptrdiff_t c = 0; c < channels; c++, x += (ptrdiff_t)p->ih * p->iw)
    for (ptrdiff_t kh = 0; kh < p->kh; kh++)
    for (ptrdiff_t kw = 0; kw < p->kw; kw++, patches += to - from) {
        struct im2col_tap t = { .top = kh * p->dh - p->pt, .left = kw * p->dw - p->pl };

        resc_window_inside(t.top, p->sh, p->ih, p->oh, &t.row_from, &t.row_to);
        resc_window_inside(t.left, p->sw, p->iw, p->ow, &t.col_from, &t.col_to);
        if (t.row_from == t.row_to || t.col_from == t.col_to)
            im2col_zero(patches, to - from);
        else if (shifted)
            im2col_shifted(p, &t, x, from, to, patches);
        else
            im2col_rows(p, &t, x, from, to, patches);
    }
}

RESC_KERNEL void resc_conv2d_f32_im2col(RESC_CONV2D_ARGS)
{
    const ptrdiff_t icg = p->ic / p->groups, ocg = p->oc / p->groups; /* of one group */
    const ptrdiff_t in = (ptrdiff_t)p->ih * p->iw, out = (ptrdiff_t)p->oh * p->ow;
    const ptrdiff_t k = icg * p->kh * p->kw;

    for (ptrdiff_t image_group = 0; image_group < (ptrdiff_t)p->n * p->groups; image_group++) {
        const ptrdiff_t group = image_group % p->groups;

        for (ptrdiff_t from = 0, to; from < out; from = to) {
            to = out - from > p->block ? from + p->block : out;
            const struct resc_sgemm product = {
                0, 0, ocg, to - from, k, k, to - from, out, 1.0f, add ? 1.0f : 0.0f,
            };
            const ptrdiff_t at = image_group * ocg * out + from; /* in y */

            im2col_patches(p, x + image_group * icg * in, icg, from, to, scratch);
            resc_conv2d_product(&product, p->act, w + group * ocg * k, scratch,
                                b ? b + group * ocg : NULL, add ? add + at : NULL, y + at);
        }
    }
}
