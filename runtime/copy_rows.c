// SPDX-License-Identifier: Apache-2.0
#include "resc_copy.h"

#include <string.h>

RESC_KERNEL void resc_copy_rows(ptrdiff_t rows, ptrdiff_t size, const void *x, ptrdiff_t x_step,
                                void *y, ptrdiff_t y_step)
{
    const char *from = x;
    char *to = y;

    if (size == 0)
        return;
    for (ptrdiff_t i = 0; i < rows; i++)
        memcpy(to + i * y_step, from + i * x_step, (size_t)size);
}
