// SPDX-License-Identifier: Apache-2.0
/* resc_copy.h - tensors moved as bytes, whatever their type. */
#ifndef RESC_COPY_H
#define RESC_COPY_H

#include "resc_c16.h"

struct resc_copy {
    ptrdiff_t size; /* bytes */
};

/* y is dense: dim[0] x ... x dim[rank - 1] blocks of `size` bytes.  The first
 * comes from x + first, and along dimension d the next one is step[d] bytes
 * further in x (or back, or the same again). */
struct resc_copy_nd {
    ptrdiff_t size, first;
    int rank; /* 0: one block */
    ptrdiff_t dim[8], step[8];
};

/* Channels in blocks of 16: `blocks` blocks of each of n images. */
struct resc_copy_c16 {
    int n, blocks, h, w;
    int x_blocks, y_blocks; /* from image to image */
    struct resc_halo x_halo, y_halo;
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_copy(const struct resc_copy *p, const void *x, void *y);
RESC_KERNEL void resc_copy_nd(const struct resc_copy_nd *p, const void *x, void *y);
/* `rows` pieces of `size` bytes, which lie x_step bytes apart in x and y_step in y. */
RESC_KERNEL void resc_copy_rows(ptrdiff_t rows, ptrdiff_t size, const void *x, ptrdiff_t x_step,
                                void *y, ptrdiff_t y_step);
/* From the first one of them in x and in y. */
RESC_KERNEL void resc_copy_c16(const struct resc_copy_c16 *p, const float *x, float *y);
#endif

#endif
