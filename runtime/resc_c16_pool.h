// SPDX-License-Identifier: Apache-2.0
/* resc_c16_pool.h - max and average pooling in blocks of 16 channels. */
#ifndef RESC_C16_POOL_H
#define RESC_C16_POOL_H

#include "resc_pool2d.h"

/* average: means; or else maxima */
RESC_KERNEL void resc_c16_pool(const struct resc_pool2d *p, int average, const float *x, float *y);

#endif
