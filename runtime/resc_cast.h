// SPDX-License-Identifier: Apache-2.0
/* resc_cast.h - element type conversion.
 *
 * float to integer rounds toward zero, saturates, and gives 0 for NaN; integer
 * to integer keeps the low bits; anything but 0 is true (1). */
#ifndef RESC_CAST_H
#define RESC_CAST_H

#include "resc_act.h"

enum resc_type {
    RESC_TYPE_F32, RESC_TYPE_I64, RESC_TYPE_I32, RESC_TYPE_I8, RESC_TYPE_U8, RESC_TYPE_BOOL,
};

struct resc_cast {
    enum resc_type from, to;
    ptrdiff_t len;
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_cast_any(const struct resc_cast *p, const void *x, void *y);
#endif

#endif
