// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/clip.h"
#include "ops/unary.h"

#include <criterion/criterion.h>

/* conv -> the activation -> output */
static struct node *conv_then(struct build *b, const struct op *op)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 3, 5, 5);
    struct node *conv = b_conv(b, "conv", x, 3, 4, 3);
    struct node *act = b_node(b, op, "act", conv->out[0]);

    b_output(b, act->out[0]);
    return act;
}

Test(fuse_activation, relu)
{
    struct build b = b_new("g");

    conv_then(&b, &op_unary_RELU);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fuse_activation,
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1  f32[1,4,5,5]  # conv (Conv)\n"
        "  %4 = Relu(%3)  f32[1,4,5,5]  # act (Relu)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %4 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,4,5,5]"
        "  # conv (Conv) + act (Relu)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n", 0.0));
    b_free(&b);
}

Test(fuse_activation, leaky_relu)
{
    struct build b = b_new("g");

    ((struct unary_attr *)conv_then(&b, &op_unary_LEAKY_RELU)->attr)->alpha = 0.25f;
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fuse_activation,
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1  f32[1,4,5,5]  # conv (Conv)\n"
        "  %4 = LeakyRelu(%3) alpha=0.25  f32[1,4,5,5]  # act (LeakyRelu)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %4 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1 act=leaky_relu(0.25)  f32[1,4,5,5]"
        "  # conv (Conv) + act (LeakyRelu)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n", 0.0));
    b_free(&b);
}

Test(fuse_activation, clip)
{
    struct build b = b_new("g");
    struct clip_attr *attr = conv_then(&b, &op_clip_6)->attr; /* the bounds are attributes */

    attr->lo = -0.5f;
    attr->hi = 0.75f;
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fuse_activation,
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1  f32[1,4,5,5]  # conv (Conv)\n"
        "  %4 = Clip(%3) min=-0.5 max=0.75  f32[1,4,5,5]  # act (Clip)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  const   %1 conv_w  f32[4,3,3,3]\n"
        "  const   %2 conv_b  f32[4]\n"
        "  %4 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1 act=clip(-0.5,0.75)  f32[1,4,5,5]"
        "  # conv (Conv) + act (Clip)\n"
        "  output  %4 act_out  f32[1,4,5,5]\n", 0.0));
    b_free(&b);
}

/* The second of two stays: a node has one activation. */
Test(fuse_activation, one_each)
{
    struct build b = b_new("g");
    struct node *first = conv_then(&b, &op_unary_LEAKY_RELU);
    struct node *conv = b_conv(&b, "conv2", first->out[0], 4, 2, 1);
    struct node *second = b_node(&b, &op_unary_RELU, "act2", conv->out[0]);
    struct node *third = b_node(&b, &op_unary_LEAKY_RELU, "act3", second->out[0]);

    b_output(&b, third->out[0]);
    b_infer(&b);
    /* first->out[0] is a graph output as well as conv2's input: it fuses all the same */
    cr_assert(pass_keeps_results(&b, pass_fuse_activation, 0.0));
    cr_assert_eq(first->prev, NULL);
    cr_assert_eq(third->prev, conv);
    cr_assert_eq(conv->act.kind, ACT_RELU);
    cr_assert(pass_leaves(&b, pass_fuse_activation));
    b_free(&b);
}

Test(fuse_activation, not_if_the_value_before_is_wanted)
{
    for (int way = 0; way < 2; way++) {
        struct build b = b_new("g");
        struct node *act = conv_then(&b, &op_unary_RELU);

        if (way == 0)
            b_output(&b, act->in[0]);
        else
            b_output(&b, b_node(&b, &op_unary_NEG, "neg", act->in[0])->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_fuse_activation), "way %d", way);
        b_free(&b);
    }
}

/* Not into an operator that cannot carry it, nor into none. */
Test(fuse_activation, not_into_others)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5);
    struct node *of_input = b_node(&b, &op_unary_RELU, "of_input", x);
    struct node *pool = b_pool(&b, &op_max_pool, "pool", x, 2, 2);
    struct node *of_pool = b_node(&b, &op_unary_RELU, "of_pool", pool->out[0]);

    b_output(&b, of_input->out[0]);
    b_output(&b, of_pool->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_fuse_activation));
    b_free(&b);
}
