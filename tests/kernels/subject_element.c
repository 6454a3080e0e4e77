// SPDX-License-Identifier: Apache-2.0
/* subject_element - element-wise operators of one and two inputs: all of them
 * have the rows of one. */
#include "subjects.h"

#include "ops/common.h"
#include "ops/unary.h"

static const struct op *const unaries[] = {
#define UNARY(sym, onnx, first, last, alpha, beta, y) &op_unary_##sym,
#include "unary.def"
#undef UNARY
};
static const struct op *const binaries[] = { &op_add, &op_sub, &op_mul, &op_div,
                                             &op_max, &op_min, &op_p_relu };

static const struct shape shapes[] = {
    { 4, { 1, 1, 1, 1 } }, { 4, { 2, 17, 3, 5 } }, { 3, { 2, 3, 33 } }, { 4, { 0, 3, 2, 2 } },
    { 4, { 1, 64, 7, 7 } },
    { 4, { 1, 256, 56, 56 } }, { 4, { 1, 512, 7, 7 } }, /* timing */
};
enum { N_SHAPES = COUNT(shapes), N_BENCHES = 2 };

static struct shape any_shape(int shape, struct rng *r)
{
    struct shape s;

    if (shape < N_SHAPES)
        return shapes[shape];
    s = shape_of(rng_between(r, 1, 3), rng_between(r, 1, 40), rng_between(r, 1, 4),
                 rng_between(r, 1, rng_one_in(r, 4) ? 40 : 15));
    s.rank = rng_one_in(r, 5) ? 3 : 4;
    return s;
}

static struct node *build_unary(struct graph *g, int shape, const struct kernel *aim,
                                struct rng *r)
{
    const struct shape s = any_shape(shape, r);
    const struct op *op = aim ? unaries[rng_between(r, 0, COUNT(unaries) - 1)]
                              : unaries[shape % COUNT(unaries)];
    struct value *in = subject_value(g, "x", s), *out = subject_value(g, "y", s);
    struct node *n = graph_append(g, op, "unary", 1, &in, 1, &out);

    *ATTR(unary_attr, n) = (struct unary_attr){ 0.25f, 0.5f };
    return n;
}

/* The operand that is repeated along the other: as networks have it, or any way. */
static struct value *small_operand(struct graph *g, const struct shape *s, struct rng *r)
{
    struct shape small = *s;

    switch (rng_between(r, 0, 4)) {
    case 0:
        return subject_constant(g, "b", shape_of(1));
    case 1:
        return subject_constant(g, "b", s->rank == 3 ? shape_of(s->dim[1], 1)
                                                     : shape_of(s->dim[1], 1, 1));
    case 2: /* a factor a channel, from a global pool */
        small.dim[2] = small.dim[3] = 1;
        small.dim[0] = rng_between(r, 0, 1) ? s->dim[0] : 1;
        return subject_value(g, "b", small);
    case 3:
        for (int i = 0; i < s->rank; i++)
            if (rng_between(r, 0, 1))
                small.dim[i] = 1;
        return rng_between(r, 0, 1) ? subject_value(g, "b", small)
                                    : subject_constant(g, "b", small);
    default:
        return subject_constant(g, "b", small);
    }
}

/* infer() gives the result's shape. */
static struct node *build_binary(struct graph *g, int shape, const struct kernel *aim,
                                 struct rng *r)
{
    const struct shape s = any_shape(shape, r);
    const bool same = !aim || rng_one_in(r, 3), swap = aim && rng_between(r, 0, 1);
    const struct op *op = aim ? binaries[rng_between(r, 0, COUNT(binaries) - 1)] : &op_add;
    struct value *whole = subject_value(g, "a", s);
    struct value *other = same ? subject_value(g, "b", s) : small_operand(g, &s, r);
    struct value *in[] = { swap && op != &op_p_relu ? other : whole,
                           swap && op != &op_p_relu ? whole : other };
    struct value *out = subject_value(g, "y", shape_scalar());
    struct node *n = graph_append(g, op, "binary", 2, in, 1, &out);

    op->infer(g, n, NULL);
    return n;
}

KERNEL_CALL(resc_unary_f32, in[0], y)
KERNEL_CALL(resc_unary_f32_c16, in[0], y)
KERNEL_CALL(resc_binary_f32, in[0], in[1], y)
KERNEL_CALL(resc_binary_f32_c16, in[0], in[1], y)

static const struct kernel_call unary_calls[] = {
    KERNEL_ROW(resc_unary_f32), KERNEL_ROW(resc_unary_f32_c16),
    { "resc_neg_i64", NULL }, { "resc_neg_i32", NULL },
};

const struct subject subject_unary = {
    .op = &op_unary_RELU, .build = build_unary, .n_shapes = N_SHAPES - N_BENCHES,
    .n_benches = N_BENCHES, .specials = true, .calls = unary_calls, .n_calls = COUNT(unary_calls),
};

static const struct kernel_call binary_calls[] = {
    KERNEL_ROW(resc_binary_f32), KERNEL_ROW(resc_binary_f32_c16),
    { "resc_binary_i64", NULL }, { "resc_binary_i32", NULL },
};

const struct subject subject_binary = {
    .op = &op_add, .build = build_binary, .n_shapes = N_SHAPES - N_BENCHES,
    .n_benches = N_BENCHES, .specials = true,
    .calls = binary_calls, .n_calls = COUNT(binary_calls),
};
