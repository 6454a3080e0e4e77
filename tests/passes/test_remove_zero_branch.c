// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/clip.h"
#include "ops/conv.h"
#include "ops/unary.h"

#include <criterion/criterion.h>
#include <math.h>

/* What conv(relu(conv(x))) computes with zeros in the last one. */
static struct node *zero_branch(struct build *b, struct value *x, int64_t channels)
{
    struct value *y = b_conv(b, "one", x, channels, channels, 3)->out[0];

    y = b_node(b, &op_unary_RELU, "relu", y)->out[0];
    struct node *last = b_conv(b, "two", y, channels, channels, 3);

    fill_part(last->in[CONV_W], 0, 1, 0.0f);
    fill_part(last->in[CONV_B], 0, 1, 0.0f);
    return last;
}

Test(remove_zero_branch, becomes_its_skip)
{
    for (int side = 0; side < 2; side++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
        struct value *y = zero_branch(&b, x, 4)->out[0];
        struct node *add = side ? b_node(&b, &op_sum, "add", x, y) :
                                  b_node(&b, &op_add, "add", y, x);

        b_output(&b, b_node(&b, &op_unary_NEG, "neg", add->out[0])->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_zero_branch, SAME_NUMBERS));
        cr_assert(side == 1 || b_text_is(&b,
            "graph g\n"
            "  input   %0 x  f32[1,4,6,6]\n"
            "  %8 = Identity(%0)  f32[1,4,6,6]  # add (Add)\n"
            "  %9 = Neg(%8)  f32[1,4,6,6]  # neg (Neg)\n"
            "  output  %9 neg_out  f32[1,4,6,6]\n"));
        cr_assert_eq(count_nodes(b.g, &op_conv), 0);
        cr_assert(pass_leaves(&b, pass_remove_zero_branch));
        b_free(&b);
    }
}

/* 0 by what it reads: a branch of three convolutions of which the first is 0. */
Test(remove_zero_branch, zero_goes_through_what_follows)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 4, 6, 6);
    struct value *y = zero_branch(&b, x, 4)->out[0];
    struct value *w = b_random(&b, "w", 4, 4, 3, 3);
    struct node *pool;

    y = b_conv_of(&b, "three", y, w, NULL)->out[0];
    y = b_node(&b, &op_unary_TANH, "tanh", y)->out[0];
    pool = b_pool(&b, &op_average_pool, "pool", y, 3, 1);
    for (int i = 0; i < 4; i++)
        b_window(pool)->pad[i] = 1;
    y = b_node(&b, &op_mul, "mul", pool->out[0], x)->out[0];
    b_output(&b, b_node(&b, &op_add, "add", x, y)->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_zero_branch, SAME_NUMBERS));
    cr_assert_eq(b.g->first, b.g->last);
    b_free(&b);
}

/* The other way round, too: what is added to a Conv is 0, or the Conv is. */
Test(remove_zero_branch, in_a_fused_residual)
{
    static const struct act acts[] = {
        { ACT_NONE, 0, 0 }, { ACT_RELU, 0, 0 }, { ACT_CLIP, -0.25f, 0.5f },
        { ACT_LEAKY_RELU, 0.125f, 0 },
    };

    for (int i = 0; i < 8; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
        struct node *zero = zero_branch(&b, x, 4);
        struct node *conv = i < 4 ? b_conv(&b, "other", x, 4, 4, 1) : zero;

        node_set_input(b.g, conv, CONV_ADD, i < 4 ? zero->out[0] : x);
        conv->act = acts[i % 4];
        b_output(&b, conv->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_zero_branch, SAME_NUMBERS), "case %d", i);
        cr_assert_eq(b.g->first, b.g->last, "%s", b_text(&b));
        cr_assert_eq(b.g->first->op == &op_conv, i < 4);
        cr_assert(pass_leaves(&b, pass_remove_zero_branch));
        b_free(&b);
    }
}

/* The branch is wanted for itself; then only the Add goes. */
Test(remove_zero_branch, what_others_read_stays)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
    struct node *last = zero_branch(&b, x, 4);

    b_output(&b, last->out[0]);
    b_output(&b, b_node(&b, &op_add, "add", last->out[0], x)->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_zero_branch, SAME_NUMBERS));
    cr_assert_eq(count_nodes(b.g, &op_conv), 2);
    cr_assert_eq(count_nodes(b.g, &op_add), 0);
    b_free(&b);
}

enum refusal { BIAS, ONE_WEIGHT, NAN_WEIGHT, NAN_BEHIND, BROADCASTS, VARIES, N_REFUSALS };

Test(remove_zero_branch, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
        struct node *last = zero_branch(&b, x, 4);
        struct value *y = last->out[0], *skip = x;

        if (why == BIAS)
            elements(last->in[CONV_B])[3] = 1e-30f;
        if (why == ONE_WEIGHT || why == NAN_WEIGHT)
            elements(last->in[CONV_W])[17] = why == NAN_WEIGHT ? NAN : 1e-30f;
        if (why == NAN_BEHIND) {
            last = b_conv(&b, "three", y, 4, 4, 1);
            fill_part(last->in[CONV_B], 0, 1, 0.0f);
            elements(last->in[CONV_W])[5] = NAN;
            y = last->out[0];
        }
        if (why == BROADCASTS)
            skip = b_input(&b, "s", DT_F32, 1, 4, 1, 6);
        if (why == VARIES)
            node_set_input(b.g, last, CONV_B, b_input(&b, "bias", DT_F32, 4));
        b_output(&b, b_node(&b, &op_add, "add", y, skip)->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_remove_zero_branch), "case %d", why);
        b_free(&b);
    }
}

/* Zeros that are a constant, of whatever shape. */
Test(remove_zero_branch, zeros_of_the_model)
{
    const struct shape shapes[] = { shape_scalar(), shape_of(4, 1, 1), shape_of(1, 4, 6, 6) };

    for (int i = 0; i < 3; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
        struct value *c = b_uniform(&b, "c", 0.0f, 0.0f, shapes[i]);

        b_output(&b, b_node(&b, &op_add, "add", c, x)->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_zero_branch, SAME_NUMBERS), "case %d", i);
        b_free(&b);
    }
}
