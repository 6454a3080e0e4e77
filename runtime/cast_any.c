// SPDX-License-Identifier: Apache-2.0
#include "resc_cast.h"

#include <stdint.h>

/* 2^63, the first float above the range of int64_t. */
static int64_t cast_f32_i64(float x)
{
    if (x >= 9223372036854775808.0f)
        return INT64_MAX;
    if (x < -9223372036854775808.0f)
        return INT64_MIN;
    return x != x ? 0 : (int64_t)x;
}

static int64_t cast_f32_within(float x, int64_t min, int64_t max)
{
    const int64_t i = cast_f32_i64(x);

    return i < min ? min : i > max ? max : i;
}

static void cast_from_f32(const struct resc_cast *p, const float *x, void *y)
{
    const ptrdiff_t len = p->len;

    switch (p->to) {
    case RESC_TYPE_F32:
        for (ptrdiff_t i = 0; i < len; i++)
            ((float *)y)[i] = x[i];
        break;
    case RESC_TYPE_I64:
        for (ptrdiff_t i = 0; i < len; i++)
            ((int64_t *)y)[i] = cast_f32_i64(x[i]);
        break;
    case RESC_TYPE_I32:
        for (ptrdiff_t i = 0; i < len; i++)
            ((int32_t *)y)[i] = (int32_t)cast_f32_within(x[i], INT32_MIN, INT32_MAX);
        break;
    case RESC_TYPE_I8:
        for (ptrdiff_t i = 0; i < len; i++)
            ((int8_t *)y)[i] = (int8_t)cast_f32_within(x[i], INT8_MIN, INT8_MAX);
        break;
    case RESC_TYPE_U8:
        for (ptrdiff_t i = 0; i < len; i++)
            ((uint8_t *)y)[i] = (uint8_t)cast_f32_within(x[i], 0, UINT8_MAX);
        break;
    case RESC_TYPE_BOOL:
        for (ptrdiff_t i = 0; i < len; i++)
            ((uint8_t *)y)[i] = x[i] != 0.0f;
        break;
    }
}

/* Element i of an integer tensor. */
static int64_t cast_load(enum resc_type type, const void *x, ptrdiff_t i)
{
    switch (type) {
    case RESC_TYPE_I64:
        return ((const int64_t *)x)[i];
    case RESC_TYPE_I32:
        return ((const int32_t *)x)[i];
    case RESC_TYPE_I8:
        return ((const int8_t *)x)[i];
    case RESC_TYPE_U8:
    case RESC_TYPE_BOOL:
    case RESC_TYPE_F32:
        break;
    }
    return ((const uint8_t *)x)[i];
}

static void cast_from_int(const struct resc_cast *p, const void *x, void *y)
{
    for (ptrdiff_t i = 0; i < p->len; i++) {
        const int64_t v = cast_load(p->from, x, i);

        switch (p->to) {
        case RESC_TYPE_F32:
            ((float *)y)[i] = (float)v;
            break;
        case RESC_TYPE_I64:
            ((int64_t *)y)[i] = v;
            break;
        case RESC_TYPE_I32:
            ((int32_t *)y)[i] = (int32_t)v;
            break;
        case RESC_TYPE_I8:
            ((int8_t *)y)[i] = (int8_t)v;
            break;
        case RESC_TYPE_U8:
            ((uint8_t *)y)[i] = (uint8_t)v;
            break;
        case RESC_TYPE_BOOL:
            ((uint8_t *)y)[i] = v != 0;
            break;
        }
    }
}

RESC_KERNEL void resc_cast_any(const struct resc_cast *p, const void *x, void *y)
{
    if (p->from == RESC_TYPE_F32)
        cast_from_f32(p, x, y);
    else
        cast_from_int(p, x, y);
}
