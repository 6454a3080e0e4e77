// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"

#define WRAP(a, op, b) (int64_t)((uint64_t)(a) op (uint64_t)(b))
#define QUOTIENT(a, b) quotient_i64(a, b)

static int64_t quotient_i64(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    return b == -1 ? WRAP(0, -, a) : a / b;
}

#define ELEMENT int64_t
#define NAME(f) f##_i64
#define VALUE(f32, ints) (ints)
#include "binary_body.def"
#undef WRAP
#undef QUOTIENT

RESC_KERNEL void resc_binary_i64(const struct resc_binary *p, const int64_t *a,
                                 const int64_t *b, int64_t *y)
{
    binary_all_i64(p, a, b, y);
}
