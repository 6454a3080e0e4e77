// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"

/* One row.  The cases are apart so that each is a loop the compiler vectorises. */
static void binary_row_f32(const struct resc_binary *p, const float *as, const float *bs,
                           float *y)
{
    const ptrdiff_t len = p->len;

    switch (p->op) {
#define BINARY(sym, f32, ints) \
    case RESC_BINARY_##sym: \
        if (p->a_inner && p->b_inner) { \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const float a = as[i], b = bs[i]; \
                y[i] = (f32); \
            } \
        } else if (p->a_inner) { \
            const float b = bs[0]; \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const float a = as[i]; \
                y[i] = (f32); \
            } \
        } else { \
            const float a = as[0]; \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const float b = bs[i * p->b_inner]; \
                y[i] = (f32); \
            } \
        } \
        break;
#include "binary.def"
#undef BINARY
    }
}

RESC_KERNEL void resc_binary_f32(const struct resc_binary *p, const float *a, const float *b,
                                 float *y)
{
    ptrdiff_t at[7] = { 0 }, rows = 1;

    for (int d = 0; d < p->rank; d++)
        rows *= p->dim[d];
    if (p->len == 0)
        return;
    for (ptrdiff_t row = 0; row < rows; row++, y += p->len) {
        binary_row_f32(p, a, b, y);
        for (int d = p->rank - 1; d >= 0; d--) {
            a += p->a_step[d];
            b += p->b_step[d];
            if (++at[d] < p->dim[d])
                break;
            a -= p->dim[d] * p->a_step[d];
            b -= p->dim[d] * p->b_step[d];
            at[d] = 0;
        }
    }
}
