// SPDX-License-Identifier: Apache-2.0
#include "resc_pool2d.h"

#include <math.h>

RESC_KERNEL void resc_global_maxpool_f32(RESC_GLOBAL_POOL_ARGS)
{
    for (ptrdiff_t plane = 0; plane < p->planes; plane++, x += p->len) {
        float most = x[0];

        for (ptrdiff_t i = 1; i < p->len; i++)
            if (x[i] > most || isnan(x[i]))
                most = x[i];
        y[plane] = most;
    }
}
