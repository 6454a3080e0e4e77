// SPDX-License-Identifier: Apache-2.0
/* resc_clip_f32.h - for kernels that call resc_clip_f32(). */
#ifndef RESC_CLIP_F32_H
#define RESC_CLIP_F32_H

#include "resc_clip.h"

RESC_KERNEL void resc_clip_f32(const struct resc_clip *p, const float *x, float *y);

#endif
