// SPDX-License-Identifier: Apache-2.0
#include "resc_c16_pool.h"
#include "resc_pool2d.h"

RESC_KERNEL void resc_global_avgpool_f32_c16(RESC_GLOBAL_POOL_ARGS)
{
    const struct resc_pool2d window = {
        .planes = p->planes, .ih = p->h, .iw = p->w, .oh = 1, .ow = 1, .kh = p->h, .kw = p->w,
        .sh = 1, .sw = 1, .dh = 1, .dw = 1, .x_halo = p->x_halo, .y_halo = p->y_halo,
    };

    resc_c16_pool(&window, 1, x, y);
}
