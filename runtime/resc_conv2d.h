// SPDX-License-Identifier: Apache-2.0
/* resc_conv2d.h - convolution (ONNX Conv), float32, NCHW.
 *
 *     y = act(conv(x, w) + b + add)
 *
 * A 1-D convolution is one of height 1.  The padding below and to the right
 * follows from oh and ow: what lies outside of x counts as 0. */
#ifndef RESC_CONV2D_H
#define RESC_CONV2D_H

#include "resc_act.h"

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
};

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
#endif

#endif
