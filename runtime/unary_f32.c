// SPDX-License-Identifier: Apache-2.0
#include "resc_unary.h"

#include "resc_math.h"

/* NaN stays NaN. */
static float clip01(float x)
{
    x = x < 0.0f ? 0.0f : x;
    return x > 1.0f ? 1.0f : x;
}

RESC_KERNEL void resc_unary_f32(const struct resc_unary *p, const float *src, float *dst)
{
    const float alpha = p->alpha, beta = p->beta;

    switch (p->op) {
#define UNARY(sym, onnx, since, until, a, b, y) \
    case RESC_UNARY_##sym: \
        (void)alpha, (void)beta; \
        for (ptrdiff_t i = 0; i < p->len; i++) { \
            const float x = src[i]; \
            dst[i] = (y); \
        } \
        break;
#include "unary.def"
#undef UNARY
    }
}
