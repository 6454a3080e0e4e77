// SPDX-License-Identifier: Apache-2.0
#include "codegen/selftest.h"

#include "base/arena.h"
#include "ir/graph.h"

#include <string.h>

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void set_element(void *at, enum dtype t, uint32_t r)
{
    const float f32 = (float)r * 0x1p-23f - 1.0f;
    const int8_t i8 = (int8_t)((int)(r >> 16) - 128);
    const uint8_t u8 = (uint8_t)(r >> (t == DT_BOOL ? 23 : 16));
    const int32_t i32 = (int32_t)(r >> 23);
    const int64_t i64 = i32;
    const void *const from = t == DT_F32 ? (const void *)&f32 : t == DT_I8 ? (const void *)&i8 :
                             t == DT_I32 ? (const void *)&i32 : t == DT_I64 ? (const void *)&i64 :
                             (const void *)&u8;

    memcpy(at, from, dtype_size(t));
}

const void *selftest_input(struct arena *a, const struct value *v, uint32_t *seed)
{
    const int64_t n = shape_len(&v->shape);
    const size_t size = dtype_size(v->type);
    unsigned char *bytes = arena_alloc(a, (size_t)n * size + 1);

    for (int64_t i = 0; i < n; i++)
        set_element(bytes + (size_t)i * size, v->type, next(seed));
    return bytes;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        const int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

int64_t selftest_step(int64_t len)
{
    int64_t step = (len + SELFTEST_LEN_MAX - 1) / SELFTEST_LEN_MAX;

    if (step <= 1)
        return 1;
    while (common_divisor(len, step) != 1)
        step++;
    return step;
}
