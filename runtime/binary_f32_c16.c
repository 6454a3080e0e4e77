// SPDX-License-Identifier: Apache-2.0
#include "resc_binary.h"
#include "resc_c16_map.h"
#include "resc_binary_f32.h"

enum { BINARY_WIDE = 16 * RESC_LANES };

/* The 16 values of a CHANNEL again and again, so that a call takes many pixels. */
static const float *binary_widen(enum resc_c16_kind kind, ptrdiff_t len, const float *x,
                                 float *wide)
{
    if (kind != RESC_C16_CHANNEL)
        return x;
    for (ptrdiff_t i = 0; i < len; i += RESC_LANES)
        for (ptrdiff_t k = 0; k < RESC_LANES; k++)
            wide[i + k] = x[k];
    return wide;
}

static void binary_c16_row(const struct resc_c16_map *m, const void *p, ptrdiff_t len,
                           const float *a, const float *b, float *y)
{
    const int narrow = m->a.kind == RESC_C16_CHANNEL || m->b.kind == RESC_C16_CHANNEL;
    const ptrdiff_t step = narrow && len > BINARY_WIDE ? BINARY_WIDE : len;
    struct resc_binary row = {
        .op = ((const struct resc_binary *)p)->op,
        .a_inner = m->a.kind != RESC_C16_SCALAR, .b_inner = m->b.kind != RESC_C16_SCALAR,
    };
    float wide[BINARY_WIDE];
    const float *as = binary_widen(m->a.kind, step, a, wide);
    const float *bs = binary_widen(m->b.kind, step, b, wide);

    for (ptrdiff_t i = 0; i < len; i += step) {
        row.len = len - i < step ? len - i : step;
        resc_binary_f32(&row, m->a.kind == RESC_C16_WHOLE ? as + i : as,
                        m->b.kind == RESC_C16_WHOLE ? bs + i : bs, y + i);
    }
}

RESC_KERNEL void resc_binary_f32_c16(const struct resc_binary *p, const float *a, const float *b,
                                     float *y)
{
    resc_c16_map(&p->map, binary_c16_row, p, a, b, y);
}
