// SPDX-License-Identifier: Apache-2.0
/* conv2d_wino_blocks - what Winograd's algorithm reads of x in blocks. */
#include "resc_conv2d_wino_blocks.h"

#include "resc_conv2d_wino.h"

#include <stdint.h>

static void conv2d_wino_blocks_input(const struct resc_conv2d_wino *c, ptrdiff_t block,
                                     ptrdiff_t from, ptrdiff_t to, float *v)
{
    const struct resc_conv2d *p = c->p;
    const struct resc_wino *g = &c->g;
    resc_wino_in_fn *const in = resc_wino_in(g->alpha);
    const ptrdiff_t x_row = resc_c16_row(p->x_halo, p->iw);
    const ptrdiff_t x_block = resc_c16_block(p->x_halo, p->ih, p->iw);
    const float *x = c->x + resc_c16_first(p->x_halo, p->iw) - p->pt * x_row -
                     (ptrdiff_t)p->pl * RESC_LANES;

    v += block * g->v_plane;
    for (ptrdiff_t row = from / g->across; row <= (to - 1) / g->across; row++) {
        const struct resc_conv2d_wino_row r = resc_conv2d_wino_row(g, row, from, to);

        in(r.tiles,
           x + (r.image * g->ic_blocks + block) * x_block + r.down * g->m * x_row +
               r.across * g->m * RESC_LANES,
           x_row, (ptrdiff_t)g->m * RESC_LANES, v + r.from * RESC_LANES, g->v_step);
    }
}

RESC_KERNEL void resc_conv2d_wino_blocks(int m, int late, RESC_CONV2D_ARGS)
{
    const struct resc_conv2d_wino c = {
        .g = resc_conv2d_wino(p, m, late), .p = p, .x = x, .w = w, .b = b, .add = add, .y = y,
        .v = scratch, .most_threads = PTRDIFF_MAX, .input = conv2d_wino_blocks_input,
    };

    resc_conv2d_wino_run(&c);
}
