// SPDX-License-Identifier: Apache-2.0
/* resc_c16_rows.h - a dense matrix times one that is packed for the tile.
 *
 *     y[m, n] = act(a[m, k] * b + bias)
 *
 * b: [blocks of 16 columns][k][16], bias: [blocks][16] or NULL; both filled up
 * with zeros beyond n. */
#ifndef RESC_C16_ROWS_H
#define RESC_C16_ROWS_H

#include "resc_c16_tile.h"

RESC_KERNEL void resc_c16_rows(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, struct resc_act act,
                               const float *a, const float *b, const float *bias, float *y);

#endif
