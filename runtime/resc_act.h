// SPDX-License-Identifier: Apache-2.0
/* resc_act.h - what every kernel header starts from: linkage, and the
 * activation that a kernel applies as its last act. */
#ifndef RESC_ACT_H
#define RESC_ACT_H

#include <stddef.h>

#ifndef RESC_KERNEL
#define RESC_KERNEL /* `static` where kernels are bundled into model.c */
#endif

/* For functions in headers: a kernel need not use all it includes. */
#ifdef __GNUC__
#define RESC_INLINE static inline __attribute__((unused))
#else
#define RESC_INLINE static inline
#endif

enum resc_act_kind { RESC_ACT_NONE, RESC_ACT_RELU, RESC_ACT_CLIP, RESC_ACT_LEAKY_RELU };

struct resc_act {
    enum resc_act_kind kind;
    float lo, hi; /* CLIP: the bounds; LEAKY_RELU: lo is alpha */
};

/* NaN stays NaN. */
RESC_INLINE float resc_act_f32(struct resc_act act, float x)
{
    switch (act.kind) {
    case RESC_ACT_RELU:
        return x < 0.0f ? 0.0f : x;
    case RESC_ACT_CLIP:
        x = x < act.lo ? act.lo : x;
        return x > act.hi ? act.hi : x;
    case RESC_ACT_LEAKY_RELU:
        return x < 0.0f ? x * act.lo : x;
    case RESC_ACT_NONE:
        break;
    }
    return x;
}

#endif
