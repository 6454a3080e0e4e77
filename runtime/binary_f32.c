// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"

#define ELEMENT float
#define NAME(f) f##_f32
#define VALUE(f32, ints) (f32)
#include "binary_body.def"

RESC_KERNEL void resc_binary_f32(const struct resc_binary *p, const float *a, const float *b,
                                 float *y)
{
    binary_all_f32(p, a, b, y);
}
