// SPDX-License-Identifier: Apache-2.0
/* slice.h - Slice, as passes see it. */
#ifndef RESC_OPS_SLICE_H
#define RESC_OPS_SLICE_H

#include "ir/shape.h"

struct slice_attr {
    /* As in the node; after infer of every dimension, clamped, `ends` unused. */
    int64_t starts[MAX_RANK], ends[MAX_RANK], axes[MAX_RANK], steps[MAX_RANK];
    int n_starts, n_ends, n_axes, n_steps; /* n_axes, n_steps 0: left out */
};

#endif
