// SPDX-License-Identifier: Apache-2.0
/* resc_conv2d_wino.h - convolutions by Winograd's algorithm: how one is cut into
 * tiles, and all of its work but the input's transform. */
#ifndef RESC_CONV2D_WINO_H
#define RESC_CONV2D_WINO_H

#include "resc_c16_wino.h"
#include "resc_conv2d.h"

RESC_INLINE void resc_conv2d_wino_tiles(const struct resc_conv2d *p, struct resc_wino *g)
{
    g->down = (p->oh + g->m - 1) / g->m;
    g->across = (p->ow + g->m - 1) / g->m;
    g->tiles = p->n * g->down * g->across;
    resc_wino_cut(g);
}

/* 3x3 as F(m x m, 3x3): m is 2 or 4.  late: transforms weights when it uses them. */
RESC_INLINE struct resc_wino resc_conv2d_wino(const struct resc_conv2d *p, int m, int late)
{
    struct resc_wino g = { .alpha = m + 2, .m = m, .run = RESC_LANES, .late = late };

    g.ic_blocks = resc_c16_blocks(p->ic);
    g.oc_blocks = resc_c16_blocks(p->oc);
    g.planes = g.ic_blocks / p->groups;
    g.group = g.oc_blocks / p->groups;
    resc_conv2d_wino_tiles(p, &g);
    return g;
}

/* A window of stride 2 up to 8x8 on few channels, as 3x3 or 4x4 of stride 1 on
 * four times as many: those of the pixels with even and odd row and column,
 *     lane = ((row % 2) * ic + channel) * 2 + column % 2. */
RESC_INLINE int resc_conv2d_phase_taps(const struct resc_conv2d *p)
{
    return p->kh > 6 || p->kw > 6 ? 4 : 3;
}

RESC_INLINE struct resc_wino resc_conv2d_phases(const struct resc_conv2d *p)
{
    struct resc_wino g = { .alpha = 6, .ic_blocks = 1, .planes = 1 };

    g.m = g.alpha + 1 - resc_conv2d_phase_taps(p);
    g.run = 4 * p->ic;
    g.oc_blocks = resc_c16_blocks(p->oc);
    g.group = g.oc_blocks;
    resc_conv2d_wino_tiles(p, &g);
    return g;
}

/* Floats that the phases of a row of tiles take, and bytes of scratch: with phases for each
 * thread that takes part. */
enum { RESC_CONV2D_PHASES_THREADS = 4 };

RESC_INLINE ptrdiff_t resc_conv2d_phases_row(const struct resc_wino *g)
{
    const ptrdiff_t tiles = g->across < g->band ? g->across : g->band;

    return g->alpha * (tiles * g->m + g->alpha - g->m) * RESC_LANES;
}

RESC_INLINE size_t resc_conv2d_phases_scratch(const struct resc_wino *g)
{
    return (size_t)(resc_wino_floats(g) +
                    RESC_CONV2D_PHASES_THREADS * resc_conv2d_phases_row(g)) * sizeof(float);
}

/* One call of a kernel. */
struct resc_conv2d_wino {
    struct resc_wino g;
    const struct resc_conv2d *p;
    const float *x, *w, *b, *add;
    float *y, *v, *phases;
    ptrdiff_t most_threads; /* that `input` can serve */
    /* Writes V of a block's tiles from...to, which are a band. */
    void (*input)(const struct resc_conv2d_wino *c, ptrdiff_t block, ptrdiff_t from, ptrdiff_t to,
                  float *v);
};

/* The tiles from...to, as far as they are in row `row` of all rows of tiles. */
struct resc_conv2d_wino_row {
    ptrdiff_t image, down, across; /* of the first one */
    ptrdiff_t from, tiles;         /* after tile `from` */
};

RESC_INLINE struct resc_conv2d_wino_row
resc_conv2d_wino_row(const struct resc_wino *g, ptrdiff_t row, ptrdiff_t from, ptrdiff_t to)
{
    const ptrdiff_t start = row * g->across, end = start + g->across;
    const ptrdiff_t first = start < from ? from : start, last = end > to ? to : end;
    const struct resc_conv2d_wino_row r = {
        row / g->down, row % g->down, first - start, first - from, last - first,
    };

    return r;
}

RESC_KERNEL void resc_conv2d_wino_run(const struct resc_conv2d_wino *c);

#endif
