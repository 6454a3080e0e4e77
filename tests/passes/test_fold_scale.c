// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/conv.h"

#include <criterion/criterion.h>

/* Caffe2's batch norm: Mul and Add by constants a channel. */
Test(fold_scale, mul_and_add)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4, 4);
    struct value *w = b_random(&b, "w", 4, 3, 1, 1);
    struct value *y = b_conv_of(&b, "conv", x, w, NULL)->out[0];
    struct value *scale = b_random(&b, "scale", 4, 1, 1);
    struct value *shift = b_random(&b, "shift", 1, 4, 1, 1);

    y = b_node(&b, &op_mul, "mul", y, scale)->out[0];
    b_output(&b, b_node(&b, &op_add, "add", shift, y)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fold_scale,
        "graph g\n"
        "  input   %0 x  f32[2,3,4,4]\n"
        "  const   %1 w  f32[4,3,1,1]\n"
        "  const   %3 scale  f32[4,1,1]\n"
        "  const   %4 shift  f32[1,4,1,1]\n"
        "  %2 = Conv(%0, %1) kernel=1x1  f32[2,4,4,4]  # conv (Conv)\n"
        "  %5 = Mul(%2, %3)  f32[2,4,4,4]  # mul (Mul)\n"
        "  %6 = Add(%4, %5)  f32[2,4,4,4]  # add (Add)\n"
        "  output  %6 add_out  f32[2,4,4,4]\n",
        "graph g\n"
        "  input   %0 x  f32[2,3,4,4]\n"
        "  const   %7 w  f32[4,3,1,1]\n"
        "  const   %8 conv_bias  f32[4]\n"
        "  %6 = Conv(%0, %7, %8) kernel=1x1  f32[2,4,4,4]"
        "  # conv (Conv) + mul (Mul) + add (Add)\n"
        "  output  %6 add_out  f32[2,4,4,4]\n", 1e-5));
    b_free(&b);
}

Test(fold_scale, each_operator_side_and_shape)
{
    const struct op *const ops[] = { &op_add, &op_sub, &op_mul, &op_div };
    const struct shape shapes[] = {
        shape_scalar(), shape_of(1), shape_of(4, 1, 1), shape_of(1, 4, 1, 1), shape_of(1, 1),
    };

    for (int i = 0; i < 40; i++) {
        struct build b = b_new("g");
        const struct op *op = ops[i % 4];
        const bool second = i / 4 % 2;
        struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4, 4);
        struct node *conv = b_conv(&b, "conv", x, 3, 4, 3);
        struct value *c = b_uniform(&b, "c", 0.5f, 1.5f, shapes[i / 8]);

        b_output(&b, (second ? b_node(&b, op, "n", c, conv->out[0])
                             : b_node(&b, op, "n", conv->out[0], c))->out[0]);
        b_infer(&b);
        if (second && (op == &op_sub || op == &op_div)) {
            cr_assert(pass_leaves(&b, pass_fold_scale), "case %d", i);
        } else {
            cr_assert(pass_keeps_results(&b, pass_fold_scale, 1e-5), "case %d", i);
            cr_assert_eq(b.g->last, conv);
            cr_assert(pass_leaves(&b, pass_fold_scale));
        }
        b_free(&b);
    }
}

/* A batch norm that was lowered before the Conv came next to it. */
Test(fold_scale, scale_shift_with_activation)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4, 4);
    struct node *conv = b_conv(&b, "conv", x, 3, 4, 3);
    struct value *scale = b_random(&b, "scale", 4);
    struct value *shift = b_random(&b, "shift", 4);
    struct node *n = b_node(&b, &op_scale_shift, "bn", conv->out[0], scale, shift);

    n->act.kind = ACT_RELU;
    b_output(&b, n->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fold_scale, 1e-5));
    cr_assert_eq(b.g->last, conv);
    cr_assert_eq(conv->act.kind, ACT_RELU);
    b_free(&b);
}

enum refusal {
    USED_TWICE, OUTPUT, VARIES, A_COLUMN, A_PIXEL, BROADCASTS, HAS_ACT, HAS_ADD, BY_ZERO,
    OTHER_OP, N_REFUSALS
};

static void build_refused(struct build *b, enum refusal why)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 4, 4, 4);
    struct node *conv = b_conv(b, "conv", x, 4, 4, 3);
    struct value *y = conv->out[0];
    struct value *c = b_random(b, "c", 4, 1, 1);

    if (why == USED_TWICE)
        b_output(b, b_node(b, &op_unary_NEG, "neg", y)->out[0]);
    if (why == OUTPUT || why == OTHER_OP)
        b_output(b, y);
    if (why == VARIES)
        c = b_input(b, "c", DT_F32, 4, 1, 1);
    if (why == A_COLUMN)
        c = b_random(b, "c", 4);
    if (why == A_PIXEL)
        c = b_random(b, "c", 1, 4, 4, 4);
    if (why == BROADCASTS)
        c = b_random(b, "c", 2, 4, 1, 1);
    if (why == HAS_ACT)
        conv->act.kind = ACT_RELU;
    if (why == HAS_ADD)
        node_set_input(b->g, conv, CONV_ADD, x);
    if (why == BY_ZERO)
        c = b_filled(b, "c", 0.0f, 4, 1, 1);
    b_output(b, b_node(b, why == BY_ZERO ? &op_div : &op_mul, "mul",
                       why == OTHER_OP ? x : y, c)->out[0]);
    b_infer(b);
}

Test(fold_scale, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");

        build_refused(&b, (enum refusal)why);
        cr_assert(pass_leaves(&b, pass_fold_scale), "case %d", why);
        b_free(&b);
    }
}
