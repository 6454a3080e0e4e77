// SPDX-License-Identifier: Apache-2.0
/* resc_softmax.h - y = exp(x) / sum(exp(x)) along the middle of [outer, len, inner],
 * or its logarithm, computed so that no exponential overflows. */
#ifndef RESC_SOFTMAX_H
#define RESC_SOFTMAX_H

#include "resc_act.h"

struct resc_softmax {
    ptrdiff_t outer, len, inner;
};

#ifndef RESC_BUNDLED
/* y may be x */
RESC_KERNEL void resc_softmax_f32(const struct resc_softmax *p, const float *x, float *y);
RESC_KERNEL void resc_log_softmax_f32(const struct resc_softmax *p, const float *x, float *y);
#endif

#endif
