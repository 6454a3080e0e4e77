// SPDX-License-Identifier: Apache-2.0
#include "resc_clip.h"

RESC_KERNEL void resc_clip_f32(const struct resc_clip *p, const float *x, float *y)
{
    const float lo = p->lo, hi = p->hi;

    for (ptrdiff_t i = 0; i < p->len; i++) {
        const float above = x[i] < lo ? lo : x[i];

        y[i] = above > hi ? hi : above;
    }
}
