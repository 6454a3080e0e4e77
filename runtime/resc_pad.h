// SPDX-License-Identifier: Apache-2.0
/* resc_pad.h - a border around a tensor, of elements of any type. */
#ifndef RESC_PAD_H
#define RESC_PAD_H

#include "resc_act.h"

enum resc_pad_mode { RESC_PAD_CONSTANT, RESC_PAD_REFLECT, RESC_PAD_EDGE, RESC_PAD_WRAP };

/* Along dimension d: `before` border elements, then x from `first` to
 * `first + len - 1`, then border until there are `out`. */
struct resc_pad {
    enum resc_pad_mode mode;
    int rank;
    ptrdiff_t in[8], first[8], len[8], before[8], out[8];
    ptrdiff_t size;      /* bytes of an element */
    float float_value;   /* CONSTANT, where the elements are floats */
    ptrdiff_t int_value; /* ... where they are integers of that size */
    int is_float;
};

#ifndef RESC_BUNDLED
RESC_KERNEL void resc_pad_nd(const struct resc_pad *p, const void *x, void *y);
#endif

#endif
