// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "model.h"
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

/* A batch norm of two halves that stands alone. */
Test(fold_scale, into_scale_shift)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4);
    struct value *s = b_random(&b, "s", 3), *t = b_random(&b, "t", 3);
    struct value *c = b_random(&b, "c", 3, 1), *d = b_random(&b, "d", 1, 3, 1);
    struct value *y = b_node(&b, &op_scale_shift, "bn", x, s, t)->out[0];

    y = b_node(&b, &op_mul, "mul", y, c)->out[0];
    b_output(&b, b_node(&b, &op_sub, "sub", y, d)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fold_scale,
        "graph g\n"
        "  input   %0 x  f32[2,3,4]\n"
        "  const   %1 s  f32[3]\n"
        "  const   %2 t  f32[3]\n"
        "  const   %3 c  f32[3,1]\n"
        "  const   %4 d  f32[1,3,1]\n"
        "  %5 = ScaleShift(%0, %1, %2)  f32[2,3,4]  # bn (ScaleShift)\n"
        "  %6 = Mul(%5, %3)  f32[2,3,4]  # mul (Mul)\n"
        "  %7 = Sub(%6, %4)  f32[2,3,4]  # sub (Sub)\n"
        "  output  %7 sub_out  f32[2,3,4]\n",
        "graph g\n"
        "  input   %0 x  f32[2,3,4]\n"
        "  const   %10 s  f32[3]\n"
        "  const   %11 t  f32[3]\n"
        "  %7 = ScaleShift(%0, %10, %11)  f32[2,3,4]"
        "  # bn (ScaleShift) + mul (Mul) + sub (Sub)\n"
        "  output  %7 sub_out  f32[2,3,4]\n", 1e-6));
    b_free(&b);
}

Test(fold_scale, not_into_scale_shift_if)
{
    for (int i = 0; i < 4; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4);
        struct value *s = i == 0 ? b_input(&b, "s", DT_F32, 3) : b_random(&b, "s", 3);
        struct value *t = i == 1 ? b_input(&b, "t", DT_F32, 3) : b_filled(&b, "t", 3e38f, 3);
        struct value *c = b_filled(&b, "c", i == 2 ? 2.0f : 0.5f, 3, 1);
        struct node *n = b_node(&b, &op_scale_shift, "bn", x, s, t);

        if (i == 3)
            n->act.kind = ACT_RELU;
        b_output(&b, b_node(&b, &op_mul, "mul", n->out[0], c)->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_fold_scale), "case %d", i);
        b_free(&b);
    }
}

/* As Caffe2 wrote it before there was broadcasting of today's kind. */
Test(fold_scale, opset_6)
{
    struct model *m = model_new(6);
    struct diag d = diag_new(model_arena(m), NULL);
    static const float w[3 * 2] = { 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f };
    static const float c[3] = { 0.5f, -2.0f, 3.0f };

    model_input(m, "x", DT_F32, "1,2,2,3");
    model_initialiser(m, "w", DT_F32, "3,2,1,1", w);
    model_initialiser(m, "c", DT_F32, "3", c);
    model_node(m, "Conv", "x w", "y", "kernel_shape=[1,1]");
    model_node(m, "Mul", "y c", "z", "broadcast=1 axis=1");
    model_node(m, "Add", "z c", "out", "broadcast=1 axis=1");
    model_output(m, "out", DT_F32, "1,3,2,3");
    struct build b = { model_arena(m), model_load(m, NULL, &d), d, 1 };

    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fold_scale, 1e-6));
    cr_assert_eq(b.g->first, b.g->last);
    model_free(m);
}

enum refusal {
    USED_TWICE, OUTPUT, VARIES, A_COLUMN, A_PIXEL, BROADCASTS, ADDS_RANK, HAS_ACT, HAS_ADD,
    BY_ZERO, OTHER_OP, N_REFUSALS
};

static void build_refused(struct build *b, enum refusal why)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 4, 4, 4);
    struct node *conv = b_conv(b, "conv", x, 4, why == ADDS_RANK ? 1 : 4, 3);
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
    if (why == ADDS_RANK)
        c = b_random(b, "c", 1, 1, 1, 1, 1);
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
