// SPDX-License-Identifier: Apache-2.0
/* resc_c16_wino.h - convolution with stride 1 by Winograd's algorithm F(m x m, r x r):
 *
 *     Y = A^T [ sum over ic of (G w G^T) o (B^T d B) ] A
 *
 * for tiles Y of m x m output pixels from tiles d of alpha x alpha input pixels,
 * alpha = m + r - 1.  Each of the alpha^2 elements "xi" is a matrix product of
 * its own.  The interpolation points are 0, 1, -1 and infinity for alpha = 4; for
 * alpha = 6 they are 0, +-sqrt(1/2), +-sqrt(2) and infinity, which round half as
 * much as 0, +-1, +-2 and infinity do.  Rows of G are powers of the point times
 * 1, 2/3, 2/3, 1/3, 1/3 (alpha = 6) and -1, 1/2, 1/2 (alpha = 4).
 *
 * The tiles of all images count as one row, which is cut into bands of about
 * the same size.  Of a band:
 *     V [xi][ic_blocks][band][16]   transformed input
 *     M [xi][chunk][band][16]       sums, of some blocks of output channels
 * packed weights: [oc_blocks / chunk][xi][chunk][planes][run][16]: as they are read. */
#ifndef RESC_C16_WINO_H
#define RESC_C16_WINO_H

#include "resc_c16.h"

struct resc_wino {
    int alpha, m;
    ptrdiff_t planes, run;         /* input of an xi's product: blocks, and channels in each */
    ptrdiff_t ic_blocks, oc_blocks;
    ptrdiff_t group;               /* blocks of output channels that share their input */
    ptrdiff_t down, across, tiles; /* tiles in an image's column and row; in all images */
    ptrdiff_t band, chunk;         /* tiles and blocks of output channels at a time */
    ptrdiff_t v_step, m_step;      /* floats from xi to xi */
};

enum {
    /* what a second-level cache holds beside the weights that pass through it: V and M of one
     * block, and M */
    RESC_WINO_BYTES = 400 << 10,
    RESC_WINO_M_BYTES = 256 << 10,
    RESC_WINO_BAND_MIN = 24, /* fewer would have the weights pass through too often */
    RESC_WINO_CHUNK_MAX = 8,
    RESC_WINO_CHUNKS_MIN = 4 /* so that threads have something to do */
};

/* Completes `g`, of which band, chunk and the steps are not known. */
RESC_INLINE void resc_wino_cut(struct resc_wino *g)
{
    const ptrdiff_t pixel = (ptrdiff_t)sizeof(float) * g->alpha * g->alpha * RESC_LANES;
    const ptrdiff_t most = g->oc_blocks / RESC_WINO_CHUNKS_MIN;
    ptrdiff_t band = RESC_WINO_BYTES / (pixel * (g->ic_blocks + 1)), bands, chunk;

    band = band < RESC_WINO_BAND_MIN ? RESC_WINO_BAND_MIN : band;
    if (g->ic_blocks == 1 && band > g->across)
        band -= band % g->across; /* whole rows, where transforms cost most */
    bands = (g->tiles + band - 1) / band;
    if (g->ic_blocks > 1)
        band = (g->tiles + bands - 1) / bands;
    g->band = band < g->tiles ? band : g->tiles;
    chunk = RESC_WINO_M_BYTES / (pixel * g->band);
    chunk = chunk < most ? chunk : most;
    g->chunk = chunk < 1 ? 1 : chunk > RESC_WINO_CHUNK_MAX ? RESC_WINO_CHUNK_MAX : chunk;
    while (g->group % g->chunk != 0)
        g->chunk--;
    /* Not a power of two: the elements of a tile would meet in one set of the cache. */
    g->v_step = (g->ic_blocks * g->band + 1) * RESC_LANES;
    g->m_step = (g->chunk * g->band + 1) * RESC_LANES;
}

/* V, and an M for each thread that could be at work. */
RESC_INLINE size_t resc_wino_scratch(const struct resc_wino *g)
{
    const ptrdiff_t chunks = g->oc_blocks / g->chunk;

    return (size_t)(g->alpha * g->alpha * (g->v_step + chunks * g->m_step)) * sizeof(float);
}

/* B^T d B of the tiles at x, x + step, ... of 16 channels, whose rows are `row` floats apart. */
typedef void resc_wino_in_fn(ptrdiff_t tiles, const float *x, ptrdiff_t row, ptrdiff_t step,
                             float *v, ptrdiff_t v_step);

/* Of one xi: y[block][tile] = sum over x[tile][k] * w[k], in planes of `plane` floats, 16 of
 * them a tile.  k runs through n planes of x and `run` lanes of each; w: [block][n][run][16]. */
struct resc_wino_product {
    ptrdiff_t n, run, plane;
};
typedef void resc_wino_product_fn(const struct resc_wino_product *p, ptrdiff_t tiles,
                                  ptrdiff_t blocks, const float *x, const float *w, float *y);

/* act(A^T M A + bias + add), in tiles side by side: `rows` rows (up to m) and `columns` columns. */
struct resc_wino_out {
    ptrdiff_t m_step, y_row, add_row, rows, columns;
    struct resc_act act;
};
typedef void resc_wino_out_fn(const struct resc_wino_out *o, const float *m, const float *bias,
                              const float *add, float *y);

/* Those for this processor. */
RESC_KERNEL resc_wino_in_fn *resc_wino_in(int alpha);
RESC_KERNEL resc_wino_product_fn *resc_wino_product(void);
RESC_KERNEL resc_wino_out_fn *resc_wino_out(int m);

#endif
