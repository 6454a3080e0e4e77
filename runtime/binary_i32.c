// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"

#define WRAP(a, op, b) (int32_t)((uint32_t)(a) op (uint32_t)(b))
#define QUOTIENT(a, b) quotient_i32(a, b)

static int32_t quotient_i32(int32_t a, int32_t b)
{
    if (b == 0)
        return 0;
    return b == -1 ? WRAP(0, -, a) : a / b;
}

#define ELEMENT int32_t
#define NAME(f) f##_i32
#define VALUE(f32, ints) (ints)
#include "binary_body.def"
#undef WRAP
#undef QUOTIENT

RESC_KERNEL void resc_binary_i32(const struct resc_binary *p, const int32_t *a,
                                 const int32_t *b, int32_t *y)
{
    binary_all_i32(p, a, b, y);
}
