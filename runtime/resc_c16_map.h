// SPDX-License-Identifier: Apache-2.0
/* resc_c16_map.h - an element-wise kernel on blocks of 16 channels, row by row. */
#ifndef RESC_C16_MAP_H
#define RESC_C16_MAP_H

#include "resc_c16.h"

/* y[i] of a row of len floats, where p is what resc_c16_map() was given; a WHOLE
 * operand has len floats, a CHANNEL 16, a SCALAR one. */
typedef void resc_c16_map_fn(const struct resc_c16_map *m, const void *p, ptrdiff_t len,
                             const float *a, const float *b, float *y);

/* b may be NULL.  y may be a WHOLE operand with the same halo. */
RESC_KERNEL void resc_c16_map(const struct resc_c16_map *m, resc_c16_map_fn *fn, const void *p,
                              const float *a, const float *b, float *y);

#endif
