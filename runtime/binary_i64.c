// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"

#define WRAP(a, op, b) (int64_t)((uint64_t)(a) op (uint64_t)(b))
#define QUOTIENT(a, b) quotient_i64(a, b)

static int64_t quotient_i64(int64_t a, int64_t b)
{
    if (b == 0)
        return 0;
    return b == -1 ? WRAP(0, -, a) : a / b;
}

/* One row.  The cases are apart so that each is a loop the compiler vectorises. */
static void binary_row_i64(const struct resc_binary *p, const int64_t *as, const int64_t *bs,
                           int64_t *y)
{
    const ptrdiff_t len = p->len;

    switch (p->op) {
#define BINARY(sym, f32, ints) \
    case RESC_BINARY_##sym: \
        if (p->a_inner && p->b_inner) { \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const int64_t a = as[i], b = bs[i]; \
                y[i] = (ints); \
            } \
        } else if (p->a_inner) { \
            const int64_t b = bs[0]; \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const int64_t a = as[i]; \
                y[i] = (ints); \
            } \
        } else { \
            const int64_t a = as[0]; \
            for (ptrdiff_t i = 0; i < len; i++) { \
                const int64_t b = bs[i * p->b_inner]; \
                y[i] = (ints); \
            } \
        } \
        break;
#include "binary.def"
#undef BINARY
    }
}

#undef WRAP
#undef QUOTIENT

RESC_KERNEL void resc_binary_i64(const struct resc_binary *p, const int64_t *a, const int64_t *b,
                                 int64_t *y)
{
    ptrdiff_t at[7] = { 0 }, rows = 1;

    for (int d = 0; d < p->rank; d++)
        rows *= p->dim[d];
    if (p->len == 0)
        return;
    for (ptrdiff_t row = 0; row < rows; row++, y += p->len) {
        binary_row_i64(p, a, b, y);
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
