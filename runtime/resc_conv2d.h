// SPDX-License-Identifier: Apache-2.0
/* resc_conv2d.h - convolution (ONNX Conv), float32.
 *
 *     y = act(conv(x, w) + b + add)
 *
 * A 1-D convolution is one of height 1.  The padding below and to the right
 * follows from oh and ow: what lies outside of x counts as 0. */
#ifndef RESC_CONV2D_H
#define RESC_CONV2D_H

#include "resc_c16.h"

struct resc_conv2d {
    int n, ic, ih, iw; /* x: [n, ic, ih, iw] */
    int oc, oh, ow;    /* y: [n, oc, oh, ow] */
    int kh, kw;        /* w: [oc, ic / groups, kh, kw] */
    int sh, sw;        /* stride */
    int dh, dw;        /* dilation */
    int pt, pl;        /* padding above and to the left; may be negative: cropped */
    int groups;        /* divides ic and oc */
    int block;         /* output pixels that im2col gathers at a time: the size of scratch */
    struct resc_act act;
    struct resc_halo x_halo, add_halo, y_halo; /* of the kernels in blocks of 16 channels */
};

/* How much of a padded input `out` windows see, in one dimension. */
RESC_INLINE ptrdiff_t resc_conv2d_reach(int out, int stride, int kernel, int dilation)
{
    return (ptrdiff_t)(out - 1) * stride + (ptrdiff_t)(kernel - 1) * dilation + 1;
}

/* b [oc] and add (shaped as y) may be NULL; add may be y, nothing else may
 * overlap y.  scratch is as large as the kernel's row in the compiler says,
 * aligned to 64 bytes. */
#define RESC_CONV2D_ARGS \
    const struct resc_conv2d *p, const float *x, const float *w, const float *b, \
    const float *add, float *y, void *scratch

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_conv2d_f32_ref(RESC_CONV2D_ARGS); /* any parameters; the definition */
/* kh = kw = 1 and no padding.  scratch: ic / groups * block floats; none if the stride is 1. */
RESC_KERNEL void resc_conv2d_f32_gemm1x1(RESC_CONV2D_ARGS);
/* any parameters.  scratch: ic / groups * kh * kw * block floats */
RESC_KERNEL void resc_conv2d_f32_im2col(RESC_CONV2D_ARGS);
RESC_KERNEL void resc_conv2d_f32_depthwise(RESC_CONV2D_ARGS); /* groups = ic; no scratch */

/* In blocks of 16 channels (resc_c16.h), with packed weights and bias (ops/conv_pack.h of the
 * compiler); x_halo is at least the padding. */
RESC_KERNEL void resc_conv2d_f32_c16(RESC_CONV2D_ARGS);           /* direct, any window */
RESC_KERNEL void resc_conv2d_f32_c16_wino2(RESC_CONV2D_ARGS);     /* 3x3, stride 1: F(2x2, 3x3) */
RESC_KERNEL void resc_conv2d_f32_c16_wino4(RESC_CONV2D_ARGS);     /* 3x3, stride 1: F(4x4, 3x3) */
RESC_KERNEL void resc_conv2d_f32_c16_wino2_late(RESC_CONV2D_ARGS); /* ..., weights as they are */
RESC_KERNEL void resc_conv2d_f32_c16_wino4_late(RESC_CONV2D_ARGS); /* ..., weights as they are */
RESC_KERNEL void resc_conv2d_f32_c16_depthwise(RESC_CONV2D_ARGS); /* groups = ic = oc */
RESC_KERNEL void resc_conv2d_f32_c16_groups4(RESC_CONV2D_ARGS);   /* 4 channels in, 4 out */
RESC_KERNEL void resc_conv2d_f32_c16_groups8(RESC_CONV2D_ARGS);   /* 8 channels in, 8 out */
/* x is NCHW: the first convolution of a network, direct and by Winograd of its four phases */
RESC_KERNEL void resc_conv2d_f32_c16_first(RESC_CONV2D_ARGS);
RESC_KERNEL void resc_conv2d_f32_c16_first_wino(RESC_CONV2D_ARGS); /* stride 2, up to 8x8 */
#endif

#endif
