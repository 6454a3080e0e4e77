// SPDX-License-Identifier: Apache-2.0
/* resc_c16_depthwise.h - convolution in groups of few channels, in blocks of 16
 * channels: each lane of y needs the same one of x, or the few of its group. */
#ifndef RESC_C16_DEPTHWISE_H
#define RESC_C16_DEPTHWISE_H

#include "resc_conv2d.h"

/* A band of rows of one block; all but rows, cols, kh and kw in floats. */
struct resc_c16_depthwise {
    ptrdiff_t rows, cols, kh, kw;
    ptrdiff_t down, right;           /* from tap to tap of the window */
    ptrdiff_t x_row, y_row, add_row; /* from a row of y to the next one, in x, y and add */
    ptrdiff_t step;                  /* from a pixel of y to the next one, in x */
    struct resc_act act;
};

/* x: the first tap of the first pixel's window; w: [kh][kw][width][16].  bias and
 * add may be NULL. */
typedef void resc_c16_depthwise_fn(const struct resc_c16_depthwise *d, const float *x,
                                   const float *w, const float *bias, const float *add, float *y);

/* All bands of all blocks; w: [blocks][kh][kw][width][16], where width is that of
 * a group. */
RESC_KERNEL void resc_c16_depthwise(const struct resc_conv2d *p, ptrdiff_t width,
                                    resc_c16_depthwise_fn *fn, const float *x, const float *w,
                                    const float *b, const float *add, float *y);

#endif
