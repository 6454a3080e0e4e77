// SPDX-License-Identifier: Apache-2.0
/* resc_unary_f32.h - for kernels that call resc_unary_f32(). */
#ifndef RESC_UNARY_F32_H
#define RESC_UNARY_F32_H

#include "resc_unary.h"

RESC_KERNEL void resc_unary_f32(const struct resc_unary *p, const float *x, float *y);

#endif
