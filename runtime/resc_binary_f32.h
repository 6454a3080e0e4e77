// SPDX-License-Identifier: Apache-2.0
/* resc_binary_f32.h - for kernels that call resc_binary_f32(). */
#ifndef RESC_BINARY_F32_H
#define RESC_BINARY_F32_H

#include "resc_binary.h"

RESC_KERNEL void resc_binary_f32(const struct resc_binary *p, const float *a, const float *b,
                                 float *y);

#endif
