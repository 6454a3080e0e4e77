// SPDX-License-Identifier: Apache-2.0
/* resc_c16_tile.h - the matrix product under direct convolutions and
 * Gemm: a few pixels times blocks of 16 output channels.
 *
 *     y[p][oc] = act(bias[oc] + add[p][oc] + sum x[p][offset(k)] * w[k][oc])
 *
 * where k runs through three loops of steps in x and, innermost, through
 * consecutive floats: for a convolution the blocks of input channels, the rows
 * and columns of the window, the 16 channels of a block. */
#ifndef RESC_C16_TILE_H
#define RESC_C16_TILE_H

#include "resc_c16.h"

struct resc_c16_tile {
    ptrdiff_t n[3], step[3]; /* turns of the three loops, and floats from turn to turn in x */
    ptrdiff_t run;           /* consecutive floats of x; w: [n0][n1][n2][run][16] */
    ptrdiff_t w_block, y_block, add_block; /* floats from 16 output channels to the next 16 */
    /* Weights that come later, to be fetched meanwhile: of a block (never NULL), and so many of
     * them in each turn of the loops. */
    const float *ahead;
    ptrdiff_t ahead_turn;
    struct resc_act act;
};

enum { RESC_TILE_PIXELS_MAX = 8, RESC_TILE_BLOCKS = 4 };

/* For `pixels` (1 to what resc_c16_tile() says) pixels and `blocks` blocks of
 * output channels.  x[i], y[i] and add[i] are those of pixel i; bias has 16
 * floats a block.  bias and add may be NULL; add[i] may be y[i]. */
typedef void resc_c16_tile_fn(const struct resc_c16_tile *t, int pixels, ptrdiff_t blocks,
                              const float *const *x, const float *w, const float *bias,
                              const float *const *add, float *const *y);

/* The one for this processor, and how many pixels it takes at a time for so many blocks, of
 * which multiples of RESC_TILE_BLOCKS suit it best. */
RESC_KERNEL resc_c16_tile_fn *resc_c16_tile(ptrdiff_t blocks, int *pixels);

#endif
