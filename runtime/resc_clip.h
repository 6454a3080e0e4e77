// SPDX-License-Identifier: Apache-2.0
/* resc_clip.h - y[i] = min(max(x[i], lo), hi); NaN stays NaN. */
#ifndef RESC_CLIP_H
#define RESC_CLIP_H

#include "resc_c16.h"

struct resc_clip {
    ptrdiff_t len;
    float lo, hi;
    struct resc_c16_map map; /* ..._c16, which takes it instead of len */
};

#ifndef RESC_BUNDLED
/* y may be x */
RESC_KERNEL void resc_clip_f32(const struct resc_clip *p, const float *x, float *y);
RESC_KERNEL void resc_clip_f32_c16(const struct resc_clip *p, const float *x, float *y);
#endif

#endif
