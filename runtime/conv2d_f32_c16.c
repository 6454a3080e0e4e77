// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16 - direct convolution in blocks of 16 channels.
 *
 * w: [oc blocks][ic blocks of a group][kh][kw][16 of ic][16 of oc]; groups are
 * whole blocks, or there is one.  x_halo holds zeros for all that the windows
 * reach beyond x. */
#include "resc_conv2d.h"

#include "resc_c16_pixels.h"

/* A row of the window is consecutive floats unless it is dilated. */
static struct resc_c16_tile conv2d_c16_tile(const struct resc_conv2d *p, ptrdiff_t ic_blocks)
{
    const ptrdiff_t row = resc_c16_row(p->x_halo, p->iw);
    const ptrdiff_t block = resc_c16_block(p->x_halo, p->ih, p->iw);
    struct resc_c16_tile t = { 0 };

    if (p->kh == 1 && p->kw == 1) {
        const int dense = block == RESC_LANES;

        t.n[0] = dense ? 1 : ic_blocks, t.n[1] = t.n[2] = 1;
        t.step[0] = block;
        t.run = dense ? ic_blocks * RESC_LANES : RESC_LANES;
    } else if (p->dw == 1) {
        t.n[0] = ic_blocks, t.n[1] = p->kh, t.n[2] = 1;
        t.step[0] = block, t.step[1] = p->dh * row;
        t.run = (ptrdiff_t)p->kw * RESC_LANES;
    } else {
        t.n[0] = ic_blocks, t.n[1] = p->kh, t.n[2] = p->kw;
        t.step[0] = block, t.step[1] = p->dh * row, t.step[2] = (ptrdiff_t)p->dw * RESC_LANES;
        t.run = RESC_LANES;
    }
    t.w_block = ic_blocks * p->kh * p->kw * RESC_LANES * RESC_LANES;
    t.y_block = resc_c16_block(p->y_halo, p->oh, p->ow);
    t.add_block = resc_c16_block(p->add_halo, p->oh, p->ow);
    t.act = p->act;
    return t;
}

RESC_KERNEL void resc_conv2d_f32_c16(RESC_CONV2D_ARGS)
{
    const ptrdiff_t ic_blocks = resc_c16_blocks(p->ic), oc_blocks = resc_c16_blocks(p->oc);
    const ptrdiff_t row = resc_c16_row(p->x_halo, p->iw);
    const ptrdiff_t block = resc_c16_block(p->x_halo, p->ih, p->iw);
    const ptrdiff_t down = p->sh < p->kh ? p->sh : p->kh, right = p->sw < p->kw ? p->sw : p->kw;
    struct resc_c16_pixels s = { .n = p->n, .oh = p->oh, .ow = p->ow };

    (void)scratch;
    s.tile = conv2d_c16_tile(p, ic_blocks / p->groups);
    s.x_image = ic_blocks * block;
    s.x_down = p->sh * row;
    s.x_right = (ptrdiff_t)p->sw * RESC_LANES;
    s.y_image = oc_blocks * s.tile.y_block;
    s.add_image = oc_blocks * s.tile.add_block;
    s.groups = p->groups;
    s.blocks = oc_blocks / p->groups;
    s.x_group = ic_blocks / p->groups * block;
    s.x_pixel = ic_blocks / p->groups * RESC_LANES * down * right;
    s.y_halo = p->y_halo;
    s.add_halo = p->add_halo;
    x += resc_c16_first(p->x_halo, p->iw) - p->pt * row - (ptrdiff_t)p->pl * RESC_LANES;
    resc_c16_pixels(&s, x, w, b, add, y);
}
