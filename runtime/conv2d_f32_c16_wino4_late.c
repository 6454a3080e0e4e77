// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_wino4_late - conv2d_f32_c16_wino4 from weights as they are, for few
 * tiles: see resc_c16_wino.h. */
#include "resc_conv2d.h"

#include "resc_conv2d_wino_blocks.h"

RESC_KERNEL void resc_conv2d_f32_c16_wino4_late(RESC_CONV2D_ARGS)
{
    resc_conv2d_wino_blocks(4, 1, p, x, w, b, add, y, scratch);
}
