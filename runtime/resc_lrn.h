// SPDX-License-Identifier: Apache-2.0
/* resc_lrn.h - local response normalisation across channels (ONNX LRN), float32.
 *
 *     y[c] = x[c] / (bias + alpha / size * sum of x[i]^2) ^ beta
 *
 * summed over the `size` channels around c: (size - 1) / 2 below, size / 2 above. */
#ifndef RESC_LRN_H
#define RESC_LRN_H

#include "resc_act.h"

struct resc_lrn {
    int n, c;      /* x, y: [n, c, len] */
    ptrdiff_t len;
    int size;
    float alpha, beta, bias;
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_lrn_f32_ref(const struct resc_lrn *p, const float *x, float *y);
#endif

#endif
