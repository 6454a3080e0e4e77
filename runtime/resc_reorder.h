// SPDX-License-Identifier: Apache-2.0
/* resc_reorder.h - between ONNX's order of elements and blocks of 16 channels (resc_c16.h). */
#ifndef RESC_REORDER_H
#define RESC_REORDER_H

#include "resc_c16.h"

struct resc_reorder {
    int n, c, h, w;
    struct resc_halo x_halo, y_halo; /* of the side in blocks; of the other one 0 */
};

#ifndef RESC_BUNDLED
/* Lanes beyond c and the halo of y become 0. */
RESC_KERNEL void resc_reorder_f32_to_c16(const struct resc_reorder *p, const float *x, float *y);
RESC_KERNEL void resc_reorder_f32_from_c16(const struct resc_reorder *p, const float *x, float *y);
#endif

#endif
