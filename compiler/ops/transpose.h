// SPDX-License-Identifier: Apache-2.0
/* transpose.h - Transpose, as passes see it. */
#ifndef RESC_OPS_TRANSPOSE_H
#define RESC_OPS_TRANSPOSE_H

#include "ir/shape.h"

struct transpose_attr {
    int64_t perm[MAX_RANK]; /* dimension i of the output is perm[i] of the input */
    int n_perm;             /* 0, before infer: the dimensions reversed */
};

#endif
