// SPDX-License-Identifier: Apache-2.0
/* unary.h - the attributes of the rows of runtime/unary.def, as passes see them. */
#ifndef RESC_OPS_UNARY_H
#define RESC_OPS_UNARY_H

#include "ops/op.h"
#include "resc_unary.h"

struct unary_attr {
    float alpha, beta; /* 0 in rows that have no such attribute */
};

enum resc_unary_op unary_which(const struct node *n);
/* op->bound of all rows */
bool unary_bound(const struct node *n, const struct kernel *k, const struct bounds *b);

#endif
