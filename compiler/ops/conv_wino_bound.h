// SPDX-License-Identifier: Apache-2.0
#ifndef RESC_OPS_CONV_WINO_BOUND_H
#define RESC_OPS_CONV_WINO_BOUND_H

#include "ops/op.h"

/* op_conv.bound for its rows with KERNEL_WINOGRAD. */
bool conv_wino_bound(const struct node *n, const struct kernel *k, const struct bounds *b);

#endif
