// SPDX-License-Identifier: Apache-2.0
/* pool.h - MaxPool and AveragePool, as passes see them. */
#ifndef RESC_OPS_POOL_H
#define RESC_OPS_POOL_H

#include "ops/window.h"

struct pool_attr {
    struct window win;
    bool count_include_pad; /* AveragePool */
    bool by_columns;        /* MaxPool: the order in which the indices count */
};

#endif
