// SPDX-License-Identifier: Apache-2.0
#include "resc_c16_pool.h"
#include "resc_pool2d.h"

RESC_KERNEL void resc_avgpool2d_f32_c16(RESC_POOL2D_ARGS)
{
    resc_c16_pool(p, 1, x, y);
}
