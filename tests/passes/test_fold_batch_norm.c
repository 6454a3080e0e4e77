// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/gemm.h"

#include <criterion/criterion.h>

Test(fold_batch_norm, into_conv)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 5, 5);
    struct value *y = b_conv(&b, "conv", x, 3, 4, 3)->out[0];

    b_output(&b, b_batch_norm(&b, "bn", y, 4)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fold_batch_norm,
        "graph g\n"
        "  input   %0 x  f32[2,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  const   %4 bn_scale  f32[4]\n"
        "  const   %5 bn_B  f32[4]\n"
        "  const   %6 bn_mean  f32[4]\n"
        "  const   %7 bn_var  f32[4]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1  f32[2,4,5,5]  # conv (Conv)\n"
        "  %8 = BatchNormalization(%3, %4, %5, %6, %7) epsilon=1e-05  f32[2,4,5,5]"
        "  # bn (BatchNormalization)\n"
        "  output  %8 bn_out  f32[2,4,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[2,3,5,5]\n"
        "  const   %9 conv_b  f32[4]\n"
        "  const   %10 conv_w  f32[4,3,3,3]\n"
        "  %8 = Conv(%0, %10, %9) kernel=3x3 pads=1,1,1,1  f32[2,4,5,5]"
        "  # conv (Conv) + bn (BatchNormalization)\n"
        "  output  %8 bn_out  f32[2,4,5,5]\n", 1e-5));
    b_free(&b);
}

Test(fold_batch_norm, into_conv_without_bias)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 5, 5);
    struct value *w = b_random(&b, "w", 6, 2, 1, 1);
    struct node *conv = b_conv_of(&b, "conv", x, w, NULL);

    ((struct conv_attr *)conv->attr)->group = 2;
    b_output(&b, b_batch_norm(&b, "bn", conv->out[0], 6)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fold_batch_norm,
        "graph g\n"
        "  input   %0 x  f32[1,4,5,5]\n"
        "  const   %1 w  f32[6,2,1,1]\n"
        "  const   %3 bn_scale  f32[6]\n"
        "  const   %4 bn_B  f32[6]\n"
        "  const   %5 bn_mean  f32[6]\n"
        "  const   %6 bn_var  f32[6]\n"
        "  %2 = Conv(%0, %1) kernel=1x1 group=2  f32[1,6,5,5]  # conv (Conv)\n"
        "  %7 = BatchNormalization(%2, %3, %4, %5, %6) epsilon=1e-05  f32[1,6,5,5]"
        "  # bn (BatchNormalization)\n"
        "  output  %7 bn_out  f32[1,6,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[1,4,5,5]\n"
        "  const   %8 conv_bias  f32[6]\n"
        "  const   %9 w  f32[6,2,1,1]\n"
        "  %7 = Conv(%0, %9, %8) kernel=1x1 group=2  f32[1,6,5,5]"
        "  # conv (Conv) + bn (BatchNormalization)\n"
        "  output  %7 bn_out  f32[1,6,5,5]\n", 1e-5));
    b_free(&b);
}

/* Weights that two convolutions share stay what they are for the other one. */
Test(fold_batch_norm, shared_weights)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 4, 4);
    struct value *w = b_random(&b, "w", 3, 3, 3, 3);
    struct node *one = b_conv_of(&b, "one", x, w, NULL);
    struct node *two = b_conv_of(&b, "two", x, w, NULL);

    b_output(&b, b_batch_norm(&b, "bn", one->out[0], 3)->out[0]);
    b_output(&b, two->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fold_batch_norm, 1e-5));
    cr_assert_neq(one->in[CONV_W], w);
    cr_assert_eq(two->in[CONV_W], w);
    b_free(&b);
}

/* [M,K] x [K,N]; C in all the shapes that broadcast to [M,N]. */
static struct node *gemm(struct build *b, bool trans_b, const struct shape *c)
{
    struct value *a = b_input(b, "a", DT_F32, 3, 5);
    struct value *w = trans_b ? b_random(b, "w", 4, 5) : b_random(b, "w", 5, 4);
    struct value *bias = c ? b_uniform(b, "c", -1.0f, 1.0f, *c) : NULL;
    struct node *n = bias ? b_node(b, &op_gemm, "gemm", a, w, bias)
                          : b_node(b, &op_gemm, "gemm", a, w);
    struct gemm_attr *attr = n->attr;

    attr->alpha = 0.5f;
    attr->beta = 2.0f;
    attr->trans_b = trans_b;
    return n;
}

Test(fold_batch_norm, into_gemm)
{
    const struct shape shapes[] = {
        shape_scalar(), shape_of(1), shape_of(4), shape_of(1, 4), shape_of(3, 1), shape_of(3, 4),
    };

    for (int i = 0; i < 14; i++) {
        struct build b = b_new("g");
        struct node *n = gemm(&b, i % 2, i < 12 ? &shapes[i / 2] : NULL);
        struct node *bn = b_batch_norm(&b, "bn", n->out[0], 4);

        b_output(&b, bn->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_fold_batch_norm, 1e-5), "case %d", i);
        cr_assert_eq(b.g->last, n);
        /* C has a row for each of A only if it had before */
        cr_assert_eq(n->in[GEMM_C]->shape.rank, i / 2 == 4 || i / 2 == 5 ? 2 : 1);
        cr_assert(pass_leaves(&b, pass_fold_batch_norm));
        b_free(&b);
    }
}

/* B or C vary, or something was fused into the Gemm. */
Test(fold_batch_norm, not_into_gemm_if)
{
    for (int i = 0; i < 3; i++) {
        struct build b = b_new("g");
        struct node *n = gemm(&b, false, &(struct shape){ 1, { 4 } });

        if (i == GEMM_A)
            n->act.kind = ACT_RELU;
        else
            node_set_input(b.g, n, i, i == GEMM_B ? b_input(&b, "B", DT_F32, 5, 4)
                                                  : b_input(&b, "C", DT_F32, 4));
        b_output(&b, b_batch_norm(&b, "bn", n->out[0], 4)->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_fold_batch_norm), "input %d", i);
        b_free(&b);
    }
}

enum refusal {
    USED_TWICE, OUTPUT, STATISTICS_VARY, WEIGHTS_VARY, BIAS_VARIES, HAS_ACT, HAS_ADD, INFINITE,
    BIAS_OVERFLOWS, WEIGHTS_OVERFLOW, OTHER_OP, N_REFUSALS
};

static void build_refused(struct build *b, enum refusal why)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 3, 5, 5);
    struct node *conv = b_conv(b, "conv", x, 3, 3, 3);
    struct value *y = conv->out[0];
    struct node *bn = b_batch_norm(b, "bn", why == OTHER_OP ? x : y, 3);

    if (why == USED_TWICE)
        b_output(b, b_node(b, &op_unary_NEG, "neg", y)->out[0]);
    if (why == OUTPUT || why == OTHER_OP)
        b_output(b, y);
    if (why == STATISTICS_VARY)
        node_set_input(b->g, bn, BN_VAR, b_input(b, "var", DT_F32, 3));
    if (why == WEIGHTS_VARY)
        node_set_input(b->g, conv, CONV_W, b_input(b, "w", DT_F32, 3, 3, 3, 3));
    if (why == BIAS_VARIES)
        node_set_input(b->g, conv, CONV_B, b_input(b, "b", DT_F32, 3));
    if (why == HAS_ACT)
        conv->act.kind = ACT_RELU;
    if (why == HAS_ADD)
        node_set_input(b->g, conv, CONV_ADD, x);
    if (why == INFINITE)
        node_set_input(b->g, bn, BN_VAR, b_filled(b, "var", -1e-5f, 3));
    if (why == BIAS_OVERFLOWS)
        node_set_input(b->g, bn, BN_MEAN, b_filled(b, "mean", 3e38f, 3));
    if (why == BIAS_OVERFLOWS || why == WEIGHTS_OVERFLOW)
        node_set_input(b->g, bn, BN_SCALE, b_filled(b, "scale", 3e38f, 3));
    if (why == WEIGHTS_OVERFLOW) {
        node_set_input(b->g, bn, BN_VAR, b_filled(b, "var", 1e-6f, 3));
        node_set_input(b->g, bn, BN_MEAN, b_filled(b, "mean", 0.0f, 3));
        node_set_input(b->g, conv, CONV_B, b_filled(b, "b", 0.0f, 3));
    }
    b_output(b, bn->out[0]);
    b_infer(b);
}

Test(fold_batch_norm, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");

        build_refused(&b, (enum refusal)why);
        cr_assert(pass_leaves(&b, pass_fold_batch_norm), "case %d", why);
        b_free(&b);
    }
}
