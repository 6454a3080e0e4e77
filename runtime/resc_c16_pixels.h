// SPDX-License-Identifier: Apache-2.0
/* resc_c16_pixels.h - the tile (resc_c16_tile.h) for all pixels and channels of a convolution.
 *
 * The pixels of all images are one long row, which is cut into tiles of nearly
 * the same size.  They are worked off in bands of tiles times chunks of output
 * channels, so that weights and input of such an item stay in the cache. */
#ifndef RESC_C16_PIXELS_H
#define RESC_C16_PIXELS_H

#include "resc_c16_tile.h"

struct resc_c16_pixels {
    struct resc_c16_tile tile;
    ptrdiff_t n, oh, ow;                 /* images, and the pixels of y in each */
    ptrdiff_t x_image, x_down, x_right;  /* floats of x from image to image, window to window */
    ptrdiff_t y_image, add_image;        /* floats from image to image */
    ptrdiff_t groups, blocks;            /* y has groups * blocks blocks of channels */
    ptrdiff_t x_group;                   /* floats of x from group to group */
    ptrdiff_t x_pixel;                   /* floats of x that a pixel more has to fetch */
    struct resc_halo y_halo, add_halo;
};

/* x: the first float of the window of pixel (0, 0).  w: [groups][blocks][tile.w_block].
 * y and add begin with their halo; that of y is cleared. */
RESC_KERNEL void resc_c16_pixels(const struct resc_c16_pixels *s, const float *x, const float *w,
                                 const float *bias, const float *add, float *y);

#endif
