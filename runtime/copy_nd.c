// SPDX-License-Identifier: Apache-2.0
#include "resc_copy.h"

#include <string.h>

/* n blocks that lie `step` bytes apart.  A memcpy() of known size is one load
 * and one store, and, unlike a cast pointer, right for every element type. */
static void copy_nd_row(ptrdiff_t n, ptrdiff_t size, const char *x, ptrdiff_t step, char *y)
{
    switch (size) {
    case 1:
        for (ptrdiff_t i = 0; i < n; i++)
            y[i] = x[i * step];
        break;
    case 4:
        for (ptrdiff_t i = 0; i < n; i++)
            memcpy(y + i * 4, x + i * step, 4);
        break;
    case 8:
        for (ptrdiff_t i = 0; i < n; i++)
            memcpy(y + i * 8, x + i * step, 8);
        break;
    default:
        for (ptrdiff_t i = 0; i < n; i++)
            memcpy(y + i * size, x + i * step, (size_t)size);
    }
}

RESC_KERNEL void resc_copy_nd(const struct resc_copy_nd *p, const void *x, void *y)
{
    const int outer = p->rank ? p->rank - 1 : 0;
    const ptrdiff_t n = p->rank ? p->dim[outer] : 1;
    ptrdiff_t at[8] = { 0 }, rows = 1, from = p->first;
    char *to = y;

    for (int d = 0; d < outer; d++)
        rows *= p->dim[d];
    if (n == 0 || p->size == 0)
        return;
    for (ptrdiff_t row = 0; row < rows; row++, to += n * p->size) {
        copy_nd_row(n, p->size, (const char *)x + from, p->step[outer], to);
        for (int d = outer - 1; d >= 0; d--) {
            from += p->step[d];
            if (++at[d] < p->dim[d])
                break;
            from -= p->dim[d] * p->step[d];
            at[d] = 0;
        }
    }
}
