// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_wino4 - 3x3 with stride 1 by Winograd's algorithm, 4 x 4 outputs
 * at a time: see resc_c16_wino.h. */
#include "resc_conv2d.h"

#include "resc_conv2d_wino_blocks.h"

RESC_KERNEL void resc_conv2d_f32_c16_wino4(RESC_CONV2D_ARGS)
{
    resc_conv2d_wino_blocks(4, 0, p, x, w, b, add, y, scratch);
}
