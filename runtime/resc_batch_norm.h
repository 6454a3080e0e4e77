// SPDX-License-Identifier: Apache-2.0
/* resc_batch_norm.h - per-channel scaling, float32: ONNX BatchNormalization
 * with given statistics, and the y = x * scale + shift that it amounts to. */
#ifndef RESC_BATCH_NORM_H
#define RESC_BATCH_NORM_H

#include "resc_c16.h"

struct resc_batch_norm {
    int n, c;        /* x, y: [n, c, len] */
    ptrdiff_t len;
    float epsilon;
};

struct resc_scale_shift {
    int n, c;
    ptrdiff_t len;
    struct resc_act act;
    struct resc_c16_map map; /* ..._c16, which takes it and act */
};

#ifndef RESC_BUNDLED
/* y = (x - mean) / sqrt(var + epsilon) * scale + shift, all [c]; y may be x. */
RESC_KERNEL void resc_batch_norm_f32_ref(const struct resc_batch_norm *p, const float *x,
                                         const float *scale, const float *shift,
                                         const float *mean, const float *var, float *y);
/* y = act(x * scale + shift), both [c]; y may be x. */
RESC_KERNEL void resc_scale_shift_f32(const struct resc_scale_shift *p, const float *x,
                                      const float *scale, const float *shift, float *y);
/* scale and shift have whole blocks of 16 */
RESC_KERNEL void resc_scale_shift_f32_c16(const struct resc_scale_shift *p, const float *x,
                                          const float *scale, const float *shift, float *y);
#endif

#endif
