// SPDX-License-Identifier: Apache-2.0
/* window.h - what convolution and pooling share: a window that slides over
 * one or two spatial dimensions.  1-D is kept as 2-D of height 1. */
#ifndef RESC_OPS_WINDOW_H
#define RESC_OPS_WINDOW_H

#include "ir/shape.h"

#include <stdbool.h>
#include <stdio.h>

struct attr_list;
struct diag;
struct node;

enum auto_pad { PAD_EXPLICIT, PAD_VALID, PAD_SAME_UPPER, PAD_SAME_LOWER };

/* Index 0 is the height, 1 the width. */
struct window {
    int spatial; /* dimensions in the ONNX node: 1, 2, or 0 if no attribute told */
    int64_t kernel[2], stride[2], dilation[2];
    int64_t pad[4]; /* top, left, bottom, right; before infer as in the attribute */
    enum auto_pad auto_pad;
    bool ceil_mode;
};

/* Reads kernel_shape, strides, dilations, pads, auto_pad (and ceil_mode, if asked). */
bool window_parse(struct window *w, struct attr_list *attrs, bool has_ceil_mode);
/* With the input's shape [N,C,H,W] or [N,C,W] (and the kernel, if no attribute
 * gave it): resolves auto_pad into pad, and gives the output's spatial size. */
bool window_infer(struct window *w, const struct node *n, const struct shape *x,
                  int64_t out[2], struct diag *d);
/* Height and width of [N,C,H,W] or [N,C,W]. */
void window_spatial(const struct shape *x, int64_t hw[2]);
/* [N,C] and out[] back to a shape of the input's rank. */
struct shape window_output(const struct shape *x, int64_t channels, const int64_t out[2]);
void window_print(const struct window *w, FILE *out);

#endif
