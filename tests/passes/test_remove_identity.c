// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "model.h"
#include "ops/transpose.h"

#include <criterion/criterion.h>

Test(remove_identity, dropout_between)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4);
    struct value *y = b_node(&b, &op_unary_NEG, "neg", x)->out[0];

    y = b_node(&b, &op_dropout, "drop", y)->out[0];
    y = b_node(&b, &op_identity, "id", y)->out[0];
    b_output(&b, b_node(&b, &op_unary_RELU, "relu", y)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_remove_identity,
        "graph g\n"
        "  input   %0 x  f32[1,4]\n"
        "  %1 = Neg(%0)  f32[1,4]  # neg (Neg)\n"
        "  %2 = Dropout(%1)  f32[1,4]  # drop (Dropout)\n"
        "  %3 = Identity(%2)  f32[1,4]  # id (Identity)\n"
        "  %4 = Relu(%3)  f32[1,4]  # relu (Relu)\n"
        "  output  %4 relu_out  f32[1,4]\n",
        "graph g\n"
        "  input   %0 x  f32[1,4]\n"
        "  %1 = Neg(%0)  f32[1,4]  # neg (Neg)\n"
        "  %4 = Relu(%1)  f32[1,4]  # relu (Relu)\n"
        "  output  %4 relu_out  f32[1,4]\n", 0.0));
    b_free(&b);
}

/* The producer takes over the output, for its other readers, too. */
Test(remove_identity, before_an_output)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4);
    struct value *y = b_node(&b, &op_unary_NEG, "neg", x)->out[0];
    struct value *other = b_node(&b, &op_add, "twice", y, y)->out[0];

    b_output(&b, b_node(&b, &op_identity, "id", y)->out[0]);
    b_output(&b, b_node(&b, &op_mul, "mul", other, y)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_remove_identity,
        "graph g\n"
        "  input   %0 x  f32[1,4]\n"
        "  %1 = Neg(%0)  f32[1,4]  # neg (Neg)\n"
        "  %2 = Add(%1, %1)  f32[1,4]  # twice (Add)\n"
        "  %3 = Identity(%1)  f32[1,4]  # id (Identity)\n"
        "  %4 = Mul(%2, %1)  f32[1,4]  # mul (Mul)\n"
        "  output  %3 id_out  f32[1,4]\n"
        "  output  %4 mul_out  f32[1,4]\n",
        "graph g\n"
        "  input   %0 x  f32[1,4]\n"
        "  %3 = Neg(%0)  f32[1,4]  # neg (Neg)\n"
        "  %2 = Add(%3, %3)  f32[1,4]  # twice (Add)\n"
        "  %4 = Mul(%2, %3)  f32[1,4]  # mul (Mul)\n"
        "  output  %3 id_out  f32[1,4]\n"
        "  output  %4 mul_out  f32[1,4]\n", 0.0));
    b_free(&b);
}

/* Each graph output is written by a node of its own. */
Test(remove_identity, not_if_an_output_would_lose_its_node)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4);
    struct value *c = b_random(&b, "c", 4);
    struct value *y = b_node(&b, &op_unary_NEG, "neg", x)->out[0];
    struct node *of_constant = b_node(&b, &op_identity, "of_constant", c);

    b_output(&b, y);
    b_output(&b, of_constant->out[0]);
    b_output(&b, b_node(&b, &op_identity, "of_input", x)->out[0]);
    b_output(&b, b_node(&b, &op_identity, "of_output", y)->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_remove_identity));
    b_free(&b);
}

/* One node whose output has the shape of its input, [1,2,3,1]. */
static struct node *same_shape(struct build *b, const struct op *op)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 2, 3, 1);
    struct value *y = b_node(b, &op_unary_NEG, "neg", x)->out[0];
    static const int64_t shape[] = { 1, 2, 3, 1 }, none[8] = { 0 }, ends[] = { 9, 9, 9, 9 };
    struct node *n = NULL;

    if (op == &op_reshape || op == &op_expand)
        n = b_node(b, op, "n", y, b_i64(b, "shape", 4, shape));
    else if (op == &op_pad)
        n = b_node(b, op, "n", y, b_i64(b, "pads", 8, none));
    else if (op == &op_slice) {
        struct value *starts = b_i64(b, "starts", 4, none);

        n = b_node(b, op, "n", y, starts, b_i64(b, "ends", 4, ends));
    } else {
        n = b_node(b, op, "n", y);
    }
    b_output(b, b_node(b, &op_unary_RELU, "relu", n->out[0])->out[0]);
    return n;
}

Test(remove_identity, each_operator)
{
    const struct op *const ops[] = {
        &op_identity, &op_dropout, &op_reshape, &op_expand, &op_pad, &op_slice, &op_transpose,
    };

    for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
        struct build b = b_new("g");
        struct node *n = same_shape(&b, ops[i]);

        if (ops[i] == &op_transpose)
            *(struct transpose_attr *)n->attr = (struct transpose_attr){ { 3, 1, 2, 0 }, 4 };
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_identity, 0.0), "%s", ops[i]->name);
        cr_assert_eq(b.g->first->next, b.g->last);
        cr_assert(pass_leaves(&b, pass_remove_identity));
        b_free(&b);
    }
}

/* Of the same shape, and yet not the same. */
Test(remove_identity, not_what_moves_elements)
{
    static const int64_t from[] = { -1 }, to[] = { -9 }, axis[] = { 0 }, back[] = { -1 };
    static const int64_t pads[] = { 1, 0, -1, 0 };

    for (int i = 0; i < 3; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 3, 3);
        struct node *n;

        if (i == 0) {
            n = b_node(&b, &op_transpose, "transpose", x);
        } else if (i == 1) {
            struct value *starts = b_i64(&b, "starts", 1, from), *ends = b_i64(&b, "ends", 1, to);
            struct value *axes = b_i64(&b, "axes", 1, axis), *steps = b_i64(&b, "steps", 1, back);

            n = b_node(&b, &op_slice, "flip", x, starts, ends, axes, steps);
        } else {
            n = b_node(&b, &op_pad, "shift", x, b_i64(&b, "pads", 4, pads));
        }
        b_output(&b, b_node(&b, &op_unary_NEG, "neg", n->out[0])->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_remove_identity), "case %d", i);
        b_free(&b);
    }
}

/* y = Split(x) into parts of `first` and 4 - `first` elements, then `op` of part `of`. */
static struct build split_of_four(struct model *m, int64_t first, const char *op, const char *of)
{
    struct diag d = diag_new(model_arena(m), NULL);

    model_input(m, "x", DT_F32, "4");
    model_initialiser(m, "sizes", DT_I64, "2", (int64_t[]){ first, 4 - first });
    model_node(m, "Split", "x sizes", "part0 part1", NULL);
    model_node(m, op, of, "y", NULL);
    model_node(m, "Neg", "part0", "z", NULL);
    model_output(m, "y", DT_F32, "?");
    model_output(m, "z", DT_F32, "?");
    struct build b = { model_arena(m), model_load(m, NULL, &d), d, 1 };

    b_infer(&b);
    return b;
}

/* The first part is all there is, and yet the empty one is wanted. */
Test(remove_identity, not_if_another_output_is_wanted)
{
    struct model *m = model_new(13);
    struct build b = split_of_four(m, 4, "Neg", "part0");

    cr_assert(pass_keeps_results(&b, pass_remove_identity, 0.0));
    cr_assert_eq(b.g->first->in[0], b.g->inputs[0]);
    model_free(m);
    m = model_new(13);
    b = split_of_four(m, 4, "Neg", "part1");
    cr_assert(pass_leaves(&b, pass_remove_identity));
    model_free(m);
}

/* Only a first output can be taken over. */
Test(remove_identity, not_of_a_second_output_before_an_output)
{
    struct model *m = model_new(13);
    struct build b = split_of_four(m, 2, "Identity", "part1");

    cr_assert(pass_leaves(&b, pass_remove_identity));
    model_free(m);
}

Test(remove_identity, cast_to_the_same_type_only)
{
    struct model *m = model_new(13);
    struct diag d = diag_new(model_arena(m), NULL);

    model_input(m, "x", DT_F32, "4");
    model_node(m, "Cast", "x", "same", "to=1");
    model_node(m, "Cast", "same", "other", "to=6");
    model_node(m, "Neg", "other", "y", NULL);
    model_output(m, "y", DT_I32, "4");
    struct graph *g = model_load(m, NULL, &d);

    cr_assert(g && infer_shapes(g, &d));
    cr_assert(pass_remove_identity(g));
    graph_validate(g);
    cr_assert_eq(g->first->op, &op_cast);
    cr_assert_eq(g->first->in[0], g->inputs[0]);
    cr_assert_eq(g->first->out[0]->type, DT_I32);
    cr_assert_not(pass_remove_identity(g));
    model_free(m);
}

Test(remove_identity, chain_of_views)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 8, 1, 1);
    static const int64_t shape[] = { 2, 4 };
    struct node *transpose = b_node(&b, &op_transpose, "nhwc", x);
    struct value *flat = b_node(&b, &op_flatten, "flat", transpose->out[0])->out[0];

    *(struct transpose_attr *)transpose->attr = (struct transpose_attr){ { 0, 2, 3, 1 }, 4 };
    b_output(&b, b_node(&b, &op_reshape, "reshape", flat, b_i64(&b, "shape", 2, shape))->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_identity, 0.0));
    cr_assert(pass_keeps_results(&b, pass_remove_dead, 0.0));
    cr_assert(b_text_is(&b,
        "graph g\n"
        "  input   %0 x  f32[1,8,1,1]\n"
        "  %4 = Reshape(%0)  f32[2,4]  # reshape (Reshape)\n"
        "  output  %4 reshape_out  f32[2,4]\n"));
    cr_assert(pass_leaves(&b, pass_remove_identity));
    b_free(&b);
}

/* There and back again: nothing is left. */
Test(remove_identity, reshape_back)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 6);
    static const int64_t there[] = { 3, 4 }, back[] = { 2, 6 };
    struct value *shape = b_i64(&b, "there", 2, there);
    struct value *y = b_node(&b, &op_reshape, "one", x, shape)->out[0];

    shape = b_i64(&b, "back", 2, back);
    y = b_node(&b, &op_reshape, "two", y, shape)->out[0];
    b_output(&b, b_node(&b, &op_unary_NEG, "neg", y)->out[0]);
    b_infer(&b);
    run_passes(b.g, &(struct pass_options){ .level = 1 });
    cr_assert(b_text_is(&b,
        "graph g\n"
        "  input   %0 x  f32[2,6]\n"
        "  %5 = Neg(%0)  f32[2,6]  # neg (Neg)\n"
        "  output  %5 neg_out  f32[2,6]\n"));
    b_free(&b);
}
