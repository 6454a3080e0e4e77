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
 *     V [xi][ic_blocks][band][16]   transformed input; late: [ic_blocks][xi][band][16]
 *     M [xi][chunk][band][16]       sums, of some blocks of output channels
 * packed weights: [oc_blocks / chunk][xi][chunk][planes][run][16]: as they are read.
 *
 * Where there are so few tiles that fetching alpha^2 / 9 times the weights takes longer
 * than transforming them, that is done when they are used ("late"), a plane at a time:
 *     U [alpha][chunk][run][16]  a row of transformed weights
 * and packed weights are [oc_blocks / chunk][planes][chunk][run][3][3][16]. */
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
    int late;                      /* whether weights are transformed when they are used */
    ptrdiff_t v_step, m_step, u_step; /* floats from xi to xi */
    ptrdiff_t v_plane;             /* floats from block to block of V */
};

enum {
    /* what a second-level cache holds beside the weights that pass through it: V and M of one
     * block, and M */
    RESC_WINO_BYTES = 400 << 10,
    RESC_WINO_M_BYTES = 256 << 10,
    RESC_WINO_BAND_MIN = 24, /* fewer would have the weights pass through too often */
    RESC_WINO_CHUNK_MIN = 2, /* what products take at a time */
    RESC_WINO_CHUNK_MAX = 8,
    RESC_WINO_CHUNKS_MIN = 4, /* so that threads have something to do if there is one band */
    RESC_WINO_BANDS = 2,    /* at a time, ... */
    RESC_WINO_SHARE_MIN = 6 /* ... or more by more threads, of no fewer tiles */
};

RESC_INLINE void resc_wino_steps(struct resc_wino *g)
{
    /* Not a power of two: the elements of a tile would meet in one set of the cache. */
    g->v_step = ((g->late ? 1 : g->ic_blocks) * g->band + 1) * RESC_LANES;
    g->v_plane = g->late ? g->alpha * g->alpha * g->v_step : g->band * RESC_LANES;
    g->m_step = (g->chunk * g->band + 1) * RESC_LANES;
    g->u_step = (g->chunk * g->run + 1) * RESC_LANES;
}

/* Completes `g`, of which band, chunk and the steps are not known.  Late, weights and what becomes
 * of them are to stay in the first-level cache: those of 2 blocks. */
RESC_INLINE void resc_wino_cut(struct resc_wino *g)
{
    const ptrdiff_t pixel = (ptrdiff_t)sizeof(float) * g->alpha * g->alpha * RESC_LANES;
    const ptrdiff_t most = g->oc_blocks / RESC_WINO_CHUNKS_MIN;

    g->band = RESC_WINO_BYTES / (pixel * (g->ic_blocks + 1));
    if (g->band < RESC_WINO_BAND_MIN)
        g->band = RESC_WINO_BAND_MIN;
    if (g->ic_blocks > 1) {
        const ptrdiff_t bands = (g->tiles + g->band - 1) / g->band;

        g->band = (g->tiles + bands - 1) / bands;
    } else if (g->band > g->across)
        g->band -= g->band % g->across; /* whole rows, where transforms cost most */
    if (g->band > g->tiles)
        g->band = g->tiles;
    g->chunk = RESC_WINO_M_BYTES / (pixel * g->band);
    g->chunk = g->chunk < most ? g->chunk : most;
    g->chunk = g->chunk < RESC_WINO_CHUNK_MIN || g->late ? RESC_WINO_CHUNK_MIN :
               g->chunk > RESC_WINO_CHUNK_MAX ? RESC_WINO_CHUNK_MAX : g->chunk;
    while (g->group % g->chunk != 0)
        g->chunk--;
    resc_wino_steps(g);
}

/* Floats of scratch: of V; of an M and, where it is transformed late, a U. */
RESC_INLINE ptrdiff_t resc_wino_v(const struct resc_wino *g)
{
    return g->late ? g->ic_blocks * g->v_plane : g->alpha * g->alpha * g->v_step;
}

RESC_INLINE ptrdiff_t resc_wino_mu(const struct resc_wino *g)
{
    return g->alpha * (g->alpha * g->m_step + (g->late ? g->u_step : 0));
}

/* If there are several bands, threads take different ones, each in scratch of its own:
 * RESC_WINO_BANDS at a time, or more that are as much smaller.  If there is one, or if weights are
 * transformed, each takes some of the chunks, and has an M. */
RESC_INLINE int resc_wino_has_bands(const struct resc_wino *g)
{
    return g->band < g->tiles && !g->late;
}

/* Floats of scratch, of all threads. */
RESC_INLINE ptrdiff_t resc_wino_floats(const struct resc_wino *g)
{
    const ptrdiff_t v = resc_wino_v(g), mu = resc_wino_mu(g);

    return resc_wino_has_bands(g) ? RESC_WINO_BANDS * (v + mu) : v + g->oc_blocks / g->chunk * mu;
}

/* Changes the bands, of which there are several, so that `threads` threads have about as many to
 * do each, and together no more scratch than before. */
RESC_INLINE void resc_wino_share(struct resc_wino *g, ptrdiff_t threads)
{
    const ptrdiff_t pixel = g->alpha * g->alpha * RESC_LANES;

    if (threads > RESC_WINO_BANDS) /* the V and M of each are padded by `pixel` floats */
        g->band = (resc_wino_floats(g) / (threads * pixel) - 2) / (g->ic_blocks + g->chunk);
    if (threads > 1 && g->ic_blocks > 1) {
        ptrdiff_t bands = (g->tiles + g->band - 1) / g->band;

        bands += (threads - bands % threads) % threads;
        g->band = (g->tiles + bands - 1) / bands;
    }
    resc_wino_steps(g);
}

/* The factor of row i of G. */
RESC_INLINE double resc_wino_factor(int alpha, int i)
{
    static const double four[] = { -1, 0.5, 0.5, 1 };
    static const double six[] = { 1, 2 / 3., 2 / 3., 1 / 3., 1 / 3., 1 };

    return alpha == 4 ? four[i] : six[i];
}

/* B^T d B of the tiles at x, x + step, ... of 16 channels, whose rows are `row` floats apart. */
typedef void resc_wino_in_fn(ptrdiff_t tiles, const float *x, ptrdiff_t row, ptrdiff_t step,
                             float *v, ptrdiff_t v_step);

/* Row `a` of G w G^T without the factors of G's rows, of n times [3][3][16] weights. */
typedef void resc_wino_weights_fn(int a, ptrdiff_t n, const float *w, float *u, ptrdiff_t u_step);

/* Of one xi: y[block][tile] = scale * sum over x[tile][k] * w[k], or that added to y; in planes
 * of `plane` and `y_block` floats, 16 of them a tile.  k runs through n planes of x and `run`
 * lanes of each; w: [block][n][run][16].  Meanwhile ahead[ahead_len] is fetched. */
struct resc_wino_product {
    ptrdiff_t n, run, plane, y_block;
    int adds;
    float scale;
    const float *ahead;
    ptrdiff_t ahead_len;
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
RESC_KERNEL resc_wino_weights_fn *resc_wino_weights(int alpha);
RESC_KERNEL resc_wino_product_fn *resc_wino_product(void);
RESC_KERNEL resc_wino_out_fn *resc_wino_out(int m);

#endif
