// SPDX-License-Identifier: Apache-2.0
#include "resc_c16_depthwise.h"

/* Rows: the work is cut in blocks of channels and bands of rows.  Multiply-adds that
 * are worth threads. */
enum { DEPTHWISE_BAND = 16, DEPTHWISE_ALONE = 1000000 };

RESC_KERNEL void resc_c16_depthwise(const struct resc_conv2d *p, ptrdiff_t width,
                                    resc_c16_depthwise_fn *fn, const float *x, const float *w,
                                    const float *b, const float *add, float *y)
{
    const ptrdiff_t x_row = resc_c16_row(p->x_halo, p->iw);
    const ptrdiff_t x_block = resc_c16_block(p->x_halo, p->ih, p->iw);
    const ptrdiff_t y_block = resc_c16_block(p->y_halo, p->oh, p->ow);
    const ptrdiff_t add_block = resc_c16_block(p->add_halo, p->oh, p->ow);
    const ptrdiff_t blocks = resc_c16_blocks(p->oc), w_block = (ptrdiff_t)p->kh * p->kw * width * RESC_LANES;
    const ptrdiff_t bands = (p->oh + DEPTHWISE_BAND - 1) / DEPTHWISE_BAND;
    const ptrdiff_t items = p->n * blocks * bands;
    const struct resc_c16_depthwise all = {
        .rows = p->oh, .cols = p->ow, .kh = p->kh, .kw = p->kw,
        .down = p->dh * x_row, .right = (ptrdiff_t)p->dw * RESC_LANES,
        .x_row = p->sh * x_row, .step = (ptrdiff_t)p->sw * RESC_LANES,
        .y_row = resc_c16_row(p->y_halo, p->ow), .add_row = resc_c16_row(p->add_halo, p->ow),
        .act = p->act,
    };

    x += resc_c16_first(p->x_halo, p->iw) - p->pt * x_row - (ptrdiff_t)p->pl * RESC_LANES;
#ifdef _OPENMP
#pragma omp parallel for schedule(static) \
    if ((double)(p->n * blocks * p->oh * p->ow) * (double)w_block > DEPTHWISE_ALONE)
#endif
    for (ptrdiff_t i = 0; i < items; i++) {
        const ptrdiff_t plane = i / bands, block = plane % blocks;
        const ptrdiff_t from = i % bands * DEPTHWISE_BAND;
        float *to = y + plane * y_block;
        struct resc_c16_depthwise d = all;

        d.rows = all.rows - from < DEPTHWISE_BAND ? all.rows - from : DEPTHWISE_BAND;
        resc_c16_clear_rows(p->y_halo, p->oh, p->ow, from, from + d.rows, to);
        fn(&d, x + plane * x_block + from * d.x_row, w + block * w_block,
           b ? b + block * RESC_LANES : NULL,
           add ? add + plane * add_block + resc_c16_first(p->add_halo, p->ow) + from * d.add_row
               : NULL,
           to + resc_c16_first(p->y_halo, p->ow) + from * d.y_row);
    }
}
