// SPDX-License-Identifier: Apache-2.0
#include "resc_copy.h"

#include <string.h>

RESC_KERNEL void resc_copy(const struct resc_copy *p, const void *x, void *y)
{
    if (p->size)
        memcpy(y, x, (size_t)p->size);
}
