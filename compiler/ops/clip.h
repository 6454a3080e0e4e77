// SPDX-License-Identifier: Apache-2.0
/* clip.h - Clip, as passes see it.  After infer the bounds are known: they are
 * attributes or constant inputs, and the largest float where they are left out. */
#ifndef RESC_OPS_CLIP_H
#define RESC_OPS_CLIP_H

#include <stdint.h>

struct clip_attr {
    float lo, hi;
    int64_t int_lo, int_hi; /* of i64 and i32, which are clipped at compile time only */
};

#endif
