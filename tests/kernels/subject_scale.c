// SPDX-License-Identifier: Apache-2.0
/* subject_scale - ScaleShift, against its formula. */
#include "subjects.h"

#include "ops/common.h"

#include <math.h>

static const struct shape *shapes(int i)
{
    static const struct shape all[] = {
        { 4, { 1, 1, 1, 1 } }, { 4, { 2, 3, 5, 7 } }, { 2, { 4, 6 } }, { 3, { 2, 3, 33 } },
        { 5, { 1, 2, 3, 4, 5 } }, { 1, { 5 } }, { 4, { 0, 3, 2, 2 } },
        { 4, { 1, 256, 28, 28 } }, /* timing */
    };

    return i < COUNT(all) ? &all[i] : NULL;
}
enum { N_SHAPES = 7 };

static struct node *build(struct graph *g, int shape, const struct kernel *aim, struct rng *r)
{
    (void)aim;
    const struct shape *fixed = shapes(shape);
    const struct shape x = fixed ? *fixed : shape_of(rng_between(r, 1, 3), rng_between(r, 1, 40),
                                                     rng_between(r, 1, 9), rng_between(r, 1, 15));
    const int64_t c = x.rank > 1 ? x.dim[1] : 1;
    struct value *in[] = {
        subject_value(g, "x", x), subject_constant(g, "scale", shape_of(c)),
        subject_constant(g, "shift", shape_of(c)),
    };
    struct value *out = subject_value(g, "y", x);

    return graph_append(g, &op_scale_shift, "scale", 3, in, 1, &out);
}

static void define(const void *params, const float *const in[SUBJECT_INPUTS], float *y)
{
    const struct resc_scale_shift *p = params;

    for (ptrdiff_t i = 0; i < p->n * p->c * p->len; i++) {
        const ptrdiff_t c = i / p->len % p->c;

        y[i] = resc_act_f32(p->act, (float)((double)in[0][i] * (double)in[1][c] +
                                            (double)in[2][c]));
    }
}

static double terms(const struct node *n)
{
    (void)n;
    return 2.0;
}

KERNEL_CALL(resc_scale_shift_f32, in[0], in[1], in[2], y)
KERNEL_CALL(resc_scale_shift_f32_c16, in[0], in[1], in[2], y)

static const struct kernel_call calls[] = {
    KERNEL_ROW(resc_scale_shift_f32), KERNEL_ROW(resc_scale_shift_f32_c16),
};

const struct subject subject_scale_shift = {
    .op = &op_scale_shift, .build = build, .n_shapes = N_SHAPES, .n_benches = 1, .terms = terms,
    .specials = true, .define = define, .calls = calls, .n_calls = COUNT(calls),
};
