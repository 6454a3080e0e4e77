// SPDX-License-Identifier: Apache-2.0
#include "resc_gather.h"

#include <string.h>

RESC_KERNEL void resc_gather_i32(const struct resc_gather *p, const void *x, const int32_t *index,
                                 void *y)
{
    const char *from = x;
    char *to = y;

    if (p->dim == 0 || p->size == 0)
        return;
    for (ptrdiff_t o = 0; o < p->outer; o++, from += p->dim * p->size)
        for (ptrdiff_t i = 0; i < p->n; i++, to += p->size) {
            const int64_t k = index[i] < 0 ? index[i] + (int64_t)p->dim : index[i];
            const ptrdiff_t slice = k < 0 ? 0 : k >= p->dim ? p->dim - 1 : (ptrdiff_t)k;

            memcpy(to, from + slice * p->size, (size_t)p->size);
        }
}
