// SPDX-License-Identifier: Apache-2.0
/* resc_conv2d_wino_blocks.h - Winograd convolution of x in blocks of 16 channels. */
#ifndef RESC_CONV2D_WINO_BLOCKS_H
#define RESC_CONV2D_WINO_BLOCKS_H

#include "resc_conv2d.h"

/* With tiles of m x m outputs; late: from weights as they are.  x_halo holds zeros for all that whole tiles
 * reach beyond x. */
RESC_KERNEL void resc_conv2d_wino_blocks(int m, int late, RESC_CONV2D_ARGS);

#endif
