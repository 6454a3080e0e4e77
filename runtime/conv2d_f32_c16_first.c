// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_first - direct convolution from NCHW with few channels to
 * blocks of 16: from a padded copy, an image at a time.
 *
 * w: [oc blocks][ic][kh][kw][16 of oc]; groups = 1. */
#include "resc_conv2d.h"

#include "resc_c16_pixels.h"

#include <string.h>

/* x with zeros around it, as far as the windows reach: [ic][ph][pw]. */
static void conv2d_first_pad(const struct resc_conv2d *p, ptrdiff_t ph, ptrdiff_t pw,
                             const float *x, float *to)
{
    const ptrdiff_t from = p->pl < 0 ? -p->pl : 0; /* first column of x that is used */
    const ptrdiff_t left = p->pl < 0 ? 0 : p->pl < pw ? p->pl : pw;
    ptrdiff_t width = p->iw - from;
    const ptrdiff_t rows = p->ic * ph;

    width = width > pw - left ? pw - left : width;
    width = width < 0 ? 0 : width;
#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (rows * pw > 100000)
#endif
    for (ptrdiff_t i = 0; i < rows; i++) {
        const ptrdiff_t y = i % ph - p->pt;
        float *const row = to + i * pw;

        if (y < 0 || y >= p->ih) {
            memset(row, 0, (size_t)pw * sizeof(*row));
            continue;
        }
        memset(row, 0, (size_t)left * sizeof(*row));
        if (width > 0)
            memcpy(row + left, x + (i / ph * p->ih + y) * p->iw + from,
                   (size_t)width * sizeof(*row));
        memset(row + left + width, 0, (size_t)(pw - left - width) * sizeof(*row));
    }
}

static struct resc_c16_tile conv2d_first_tile(const struct resc_conv2d *p, ptrdiff_t ph,
                                              ptrdiff_t pw)
{
    struct resc_c16_tile t = { 0 };

    t.n[0] = p->ic, t.step[0] = ph * pw;
    t.n[1] = p->kh, t.step[1] = p->dh * pw;
    t.n[2] = p->dw == 1 ? 1 : p->kw, t.step[2] = p->dw;
    t.run = p->dw == 1 ? p->kw : 1;
    t.w_block = (ptrdiff_t)p->ic * p->kh * p->kw * RESC_LANES;
    t.y_block = resc_c16_block(p->y_halo, p->oh, p->ow);
    t.add_block = resc_c16_block(p->add_halo, p->oh, p->ow);
    t.act = p->act;
    return t;
}

RESC_KERNEL void resc_conv2d_f32_c16_first(RESC_CONV2D_ARGS)
{
    const ptrdiff_t ph = resc_conv2d_reach(p->oh, p->sh, p->kh, p->dh);
    const ptrdiff_t pw = resc_conv2d_reach(p->ow, p->sw, p->kw, p->dw);
    const ptrdiff_t oc_blocks = resc_c16_blocks(p->oc);
    struct resc_c16_pixels s = { .n = 1, .oh = p->oh, .ow = p->ow, .groups = 1 };

    s.tile = conv2d_first_tile(p, ph, pw);
    s.x_down = p->sh * pw;
    s.x_right = p->sw;
    s.blocks = oc_blocks;
    s.x_pixel = (ptrdiff_t)p->ic * p->sh * p->sw;
    s.y_halo = p->y_halo;
    s.add_halo = p->add_halo;
    for (ptrdiff_t i = 0; i < p->n; i++) {
        conv2d_first_pad(p, ph, pw, x + i * p->ic * p->ih * p->iw, scratch);
        resc_c16_pixels(&s, scratch, w, b, add ? add + i * oc_blocks * s.tile.add_block : NULL,
                        y + i * oc_blocks * s.tile.y_block);
    }
}
