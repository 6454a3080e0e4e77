// SPDX-License-Identifier: Apache-2.0
/* resc_act_apply.h - the end of a convolution or product: y[i] = act(y[i] + b).
 *
 * In steps of a fixed length, which compilers turn into vector instructions
 * at -O2 already. */
#ifndef RESC_ACT_APPLY_H
#define RESC_ACT_APPLY_H

#include "resc_act.h"

enum { RESC_ACT_STEP = 16 };

static inline void resc_act_apply(struct resc_act act, float b, float *y, ptrdiff_t n)
{
    const float lo = act.lo, hi = act.hi;
    ptrdiff_t i = 0;

    switch (act.kind) {
    case RESC_ACT_NONE:
        for (; i + RESC_ACT_STEP <= n; i += RESC_ACT_STEP)
            for (int j = 0; j < RESC_ACT_STEP; j++)
                y[i + j] += b;
        break;
    case RESC_ACT_RELU:
        for (; i + RESC_ACT_STEP <= n; i += RESC_ACT_STEP)
            for (int j = 0; j < RESC_ACT_STEP; j++) {
                const float v = y[i + j] + b;

                y[i + j] = v < 0.0f ? 0.0f : v;
            }
        break;
    case RESC_ACT_CLIP:
        for (; i + RESC_ACT_STEP <= n; i += RESC_ACT_STEP)
            for (int j = 0; j < RESC_ACT_STEP; j++) {
                const float v = y[i + j] + b, raised = v < lo ? lo : v;

                y[i + j] = raised > hi ? hi : raised;
            }
        break;
    case RESC_ACT_LEAKY_RELU:
        for (; i + RESC_ACT_STEP <= n; i += RESC_ACT_STEP)
            for (int j = 0; j < RESC_ACT_STEP; j++) {
                const float v = y[i + j] + b, scaled = v * lo;

                y[i + j] = v < 0.0f ? scaled : v;
            }
        break;
    }
    for (; i < n; i++)
        y[i] = resc_act_f32(act, y[i] + b);
}

#endif
