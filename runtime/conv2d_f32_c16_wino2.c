// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_wino2 - 3x3 with stride 1 by Winograd's algorithm, 2 x 2 outputs
 * at a time: see resc_c16_wino.h. */
#include "resc_conv2d.h"

#include "resc_conv2d_wino_blocks.h"

RESC_KERNEL void resc_conv2d_f32_c16_wino2(RESC_CONV2D_ARGS)
{
    resc_conv2d_wino_blocks(2, 0, p, x, w, b, add, y, scratch);
}
