// SPDX-License-Identifier: Apache-2.0
#include "resc_pad.h"

#include <stdint.h>
#include <string.h>

/* Where along dimension d the border takes its element from; -1: the constant. */
static ptrdiff_t pad_source(const struct resc_pad *p, int d, ptrdiff_t out)
{
    const ptrdiff_t len = p->len[d], period = p->mode == RESC_PAD_REFLECT ? 2 * (len - 1) : len;
    ptrdiff_t i = out - p->before[d];

    if (i >= 0 && i < len)
        return p->first[d] + i;
    switch (p->mode) {
    case RESC_PAD_CONSTANT:
        return -1;
    case RESC_PAD_EDGE:
        i = i < 0 ? 0 : len - 1;
        break;
    case RESC_PAD_REFLECT:
    case RESC_PAD_WRAP:
        i = period ? i % period : 0;
        i = i < 0 ? i + period : i;
        i = i >= len ? period - i : i;
    }
    return p->first[d] + i;
}

static void pad_row(const struct resc_pad *p, const char *row, const char *fill, char *y)
{
    const int d = p->rank - 1;
    const size_t size = (size_t)p->size;

    for (ptrdiff_t i = 0; i < p->out[d]; i++, y += size) {
        if (row && i == p->before[d] && p->len[d] > 0) {
            memcpy(y, row + p->first[d] * p->size, (size_t)p->len[d] * size);
            y += (p->len[d] - 1) * p->size;
            i += p->len[d] - 1;
            continue;
        }
        const ptrdiff_t from = row ? pad_source(p, d, i) : -1;

        memcpy(y, from < 0 ? fill : row + from * p->size, size);
    }
}

/* The bytes of one element of the border. */
static void pad_fill(const struct resc_pad *p, char fill[8])
{
    const int64_t i64 = p->int_value;
    const int32_t i32 = (int32_t)p->int_value;
    const int8_t i8 = (int8_t)p->int_value;

    if (p->is_float)
        memcpy(fill, &p->float_value, 4);
    else if (p->size == 8)
        memcpy(fill, &i64, 8);
    else if (p->size == 4)
        memcpy(fill, &i32, 4);
    else
        memcpy(fill, &i8, 1);
}

RESC_KERNEL void resc_pad_nd(const struct resc_pad *p, const void *x, void *y)
{
    const int outer = p->rank - 1;
    ptrdiff_t at[8] = { 0 }, rows = 1;
    char fill[8], *to = y;

    pad_fill(p, fill);
    for (int d = 0; d < outer; d++)
        rows *= p->out[d];
    for (ptrdiff_t row = 0; row < rows; row++, to += p->out[outer] * p->size) {
        ptrdiff_t from = 0;

        for (int d = 0; d < outer && from >= 0; d++) {
            const ptrdiff_t i = pad_source(p, d, at[d]);

            from = i < 0 ? -1 : from * p->in[d] + i;
        }
        pad_row(p, from < 0 ? NULL : (const char *)x + from * p->in[outer] * p->size, fill, to);
        for (int d = outer - 1; d >= 0 && ++at[d] == p->out[d]; d--)
            at[d] = 0;
    }
}
