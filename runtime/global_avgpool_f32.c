// SPDX-License-Identifier: Apache-2.0
#include "resc_pool2d.h"

RESC_KERNEL void resc_global_avgpool_f32(RESC_GLOBAL_POOL_ARGS)
{
    for (ptrdiff_t plane = 0; plane < p->planes; plane++, x += p->len) {
        double sum[4] = { 0.0, 0.0, 0.0, 0.0 }; /* four, to add at the same time */
        const ptrdiff_t fours = p->len - p->len % 4;

        for (ptrdiff_t i = 0; i < fours; i += 4) {
            sum[0] += (double)x[i];
            sum[1] += (double)x[i + 1];
            sum[2] += (double)x[i + 2];
            sum[3] += (double)x[i + 3];
        }
        for (ptrdiff_t i = fours; i < p->len; i++)
            sum[0] += (double)x[i];
        y[plane] = (float)((sum[0] + sum[1] + (sum[2] + sum[3])) / (double)p->len);
    }
}
