// SPDX-License-Identifier: Apache-2.0
/* conv_eval.h - what resc_conv2d_f32_ref() computes, the definition of Conv, to the
 * bit and several times faster: the interpreter spends most of its time in it.
 *
 * Each output is a sum in double precision that starts with the bias; terms are
 * added in the order of channel, row and column of the filter, those outside the
 * image left out, then the residual.  The product of two floats is exact in double
 * precision.  So it does not matter that sixteen output channels, or in a depthwise
 * convolution the pixels of a row, are summed side by side. */
#ifndef RESC_OPS_CONV_EVAL_H
#define RESC_OPS_CONV_EVAL_H

#include "resc_conv2d.h"

/* b and add may be NULL.  Nothing may overlap y. */
void conv_eval(const struct resc_conv2d *p, const float *x, const float *w, const float *b,
               const float *add, float *y);

#endif
