// SPDX-License-Identifier: Apache-2.0
/* resc_pool2d.h - pooling (ONNX MaxPool, AveragePool, GlobalMaxPool,
 * GlobalAveragePool), float32.
 *
 * A plane is one channel of one image.  A 1-D pool is one of height 1.  A
 * window may reach beyond the padding below and to the right (ceil_mode):
 * what it finds there counts as nothing.  The kernels ..._c16 take blocks of 16
 * channels (resc_c16.h), each of which is a plane. */
#ifndef RESC_POOL2D_H
#define RESC_POOL2D_H

#include "resc_c16.h"

#include <stdint.h>

struct resc_pool2d {
    int planes;         /* images times channels */
    int ih, iw;         /* x: [planes, ih, iw] */
    int oh, ow;         /* y: [planes, oh, ow] */
    int kh, kw;         /* window */
    int sh, sw;         /* stride */
    int dh, dw;         /* dilation */
    int pt, pl, pb, pr; /* padding, not negative */
    int count_pad;      /* average: divide by the taps inside of x and padding, not of x alone */
    int by_columns;     /* indices: count down the columns of a plane, not along the rows */
    struct resc_halo x_halo, y_halo; /* ..._c16 */
};

struct resc_global_pool {
    int planes;
    ptrdiff_t len; /* elements a plane, at least 1 */
    int h, w;      /* ..._c16: the same, apart */
    struct resc_halo x_halo, y_halo;
};

enum { RESC_MAXPOOL_REACH = 512 }; /* of resc_maxpool2d_f32_rows */

#define RESC_POOL2D_ARGS const struct resc_pool2d *p, const float *x, float *y
#define RESC_GLOBAL_POOL_ARGS const struct resc_global_pool *p, const float *x, float *y

#ifndef RESC_BUNDLED
/* The greatest of the window; NaN if there is one, -inf if nothing of x is in the window. */
RESC_KERNEL void resc_maxpool2d_f32_ref(RESC_POOL2D_ARGS);
/* (kw - 1) * dw < RESC_MAXPOOL_REACH */
RESC_KERNEL void resc_maxpool2d_f32_rows(RESC_POOL2D_ARGS);
/* And the index in x of that element; -1 if nothing of x is in the window. */
RESC_KERNEL void resc_maxpool2d_f32_indices(RESC_POOL2D_ARGS, int64_t *indices);
/* The mean of the window; 0 if there is nothing to divide by. */
RESC_KERNEL void resc_avgpool2d_f32_ref(RESC_POOL2D_ARGS);
RESC_KERNEL void resc_avgpool2d_f32_rows(RESC_POOL2D_ARGS);
/* Each window has something of x, or c is a multiple of 16. */
RESC_KERNEL void resc_maxpool2d_f32_c16(RESC_POOL2D_ARGS);
RESC_KERNEL void resc_avgpool2d_f32_c16(RESC_POOL2D_ARGS);

RESC_KERNEL void resc_global_maxpool_f32(RESC_GLOBAL_POOL_ARGS);
RESC_KERNEL void resc_global_avgpool_f32(RESC_GLOBAL_POOL_ARGS);
RESC_KERNEL void resc_global_maxpool_f32_c16(RESC_GLOBAL_POOL_ARGS);
RESC_KERNEL void resc_global_avgpool_f32_c16(RESC_GLOBAL_POOL_ARGS);
#endif

#endif
