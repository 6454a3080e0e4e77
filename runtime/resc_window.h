// SPDX-License-Identifier: Apache-2.0
/* resc_window.h - which outputs of a window's tap read inside of the input. */
#ifndef RESC_WINDOW_H
#define RESC_WINDOW_H

#include "resc_act.h"

/* Of n_out outputs, `stride` apart and the first at `at`, those inside [0, n_in):
 * [*from, *to), which is empty if there are none. */
RESC_INLINE void resc_window_inside(ptrdiff_t at, ptrdiff_t stride, ptrdiff_t n_in,
                                    ptrdiff_t n_out, ptrdiff_t *from, ptrdiff_t *to)
{
    *from = at >= 0 ? 0 : (-at + stride - 1) / stride;
    *to = at >= n_in ? 0 : (n_in - 1 - at) / stride + 1;
    if (*to > n_out)
        *to = n_out;
    if (*from > *to)
        *from = *to;
}

#endif
