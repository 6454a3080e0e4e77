// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <criterion/criterion.h>

/* op(conv(x), x), or the other way round */
static void residual(struct build *b, const struct op *op, bool conv_second)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 4, 5, 5);
    struct value *y = b_conv(b, "conv", x, 4, 4, 3)->out[0];
    struct node *add = conv_second ? b_node(b, op, "add", x, y) : b_node(b, op, "add", y, x);

    b_output(b, add->out[0]);
}

Test(fuse_add, either_operand_of_add_or_sum)
{
    static const char *const lines[] = {
        "  %4 = Add(%3, %0)  f32[1,4,5,5]  # add (Add)\n",
        "  %4 = Add(%0, %3)  f32[1,4,5,5]  # add (Add)\n",
        "  %4 = Sum(%3, %0)  f32[1,4,5,5]  # add (Sum)\n",
        "  %4 = Sum(%0, %3)  f32[1,4,5,5]  # add (Sum)\n",
    };

    for (int i = 0; i < 4; i++) {
        struct build b = b_new("g");
        char before[1024], after[1024];

        residual(&b, i < 2 ? &op_add : &op_sum, i % 2);
        b_infer(&b);
        snprintf(before, sizeof(before),
            "graph g\n"
            "  input   %%0 x  f32[1,4,5,5]\n"
            "  const   %%1 conv_w  f32[4,4,3,3]\n"
            "  const   %%2 conv_b  f32[4]\n"
            "  %%3 = Conv(%%0, %%1, %%2) kernel=3x3 pads=1,1,1,1  f32[1,4,5,5]  # conv (Conv)\n"
            "%s"
            "  output  %%4 add_out  f32[1,4,5,5]\n", lines[i]);
        snprintf(after, sizeof(after),
            "graph g\n"
            "  input   %%0 x  f32[1,4,5,5]\n"
            "  const   %%1 conv_w  f32[4,4,3,3]\n"
            "  const   %%2 conv_b  f32[4]\n"
            "  %%4 = Conv(%%0, %%1, %%2, %%0) kernel=3x3 pads=1,1,1,1  f32[1,4,5,5]"
            "  # conv (Conv) + add (%s)\n"
            "  output  %%4 add_out  f32[1,4,5,5]\n", i < 2 ? "Add" : "Sum");
        cr_assert(pass_turns(&b, pass_fuse_add, before, after, 1e-5), "case %d", i);
        b_free(&b);
    }
}

/* The other operand is computed after the Conv: it moves down. */
Test(fuse_add, conv_moves_behind_the_other_operand)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *w = b_random(&b, "w", 2, 2, 1, 1);
    struct value *y = b_conv_of(&b, "conv", x, w, NULL)->out[0];
    struct value *z = b_node(&b, &op_unary_NEG, "neg", x)->out[0];

    b_output(&b, b_node(&b, &op_add, "add", y, z)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fuse_add,
        "graph g\n"
        "  input   %0 x  f32[1,2,4,4]\n"
        "  const   %1 w  f32[2,2,1,1]\n"
        "  %2 = Conv(%0, %1) kernel=1x1  f32[1,2,4,4]  # conv (Conv)\n"
        "  %3 = Neg(%0)  f32[1,2,4,4]  # neg (Neg)\n"
        "  %4 = Add(%2, %3)  f32[1,2,4,4]  # add (Add)\n"
        "  output  %4 add_out  f32[1,2,4,4]\n",
        "graph g\n"
        "  input   %0 x  f32[1,2,4,4]\n"
        "  const   %1 w  f32[2,2,1,1]\n"
        "  %3 = Neg(%0)  f32[1,2,4,4]  # neg (Neg)\n"
        "  %4 = Conv(%0, %1, _, %3) kernel=1x1  f32[1,2,4,4]  # conv (Conv) + add (Add)\n"
        "  output  %4 add_out  f32[1,2,4,4]\n", 1e-5));
    b_free(&b);
}

/* Both operands come from convolutions: the later one takes the Add, on
 * whichever side it is. */
Test(fuse_add, later_of_two)
{
    for (int swapped = 0; swapped < 2; swapped++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
        struct node *one = b_conv(&b, "one", x, 2, 3, 3);
        struct node *two = b_conv(&b, "two", x, 2, 3, 1);
        struct value *y = one->out[0], *z = two->out[0];
        struct node *add = swapped ? b_node(&b, &op_add, "add", z, y)
                                   : b_node(&b, &op_add, "add", y, z);
        struct value *sum = add->out[0];

        b_output(&b, sum);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_fuse_add, 1e-5));
        cr_assert_eq(b.g->last, two);
        cr_assert_eq(sum->producer, two);
        cr_assert_eq(two->in[3], y);
        cr_assert_eq(one->n_in, 3);
        cr_assert(pass_leaves(&b, pass_fuse_add));
        b_free(&b);
    }
}

/* The later one is taken by another reader: the earlier one takes the Add. */
Test(fuse_add, earlier_if_the_later_cannot)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct node *one = b_conv(&b, "one", x, 2, 3, 3);
    struct node *two = b_conv(&b, "two", x, 2, 3, 1);
    struct node *add = b_node(&b, &op_add, "add", two->out[0], one->out[0]);
    struct value *sum = add->out[0];

    b_output(&b, sum);
    b_output(&b, two->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fuse_add, 1e-5));
    cr_assert_eq(sum->producer, one);
    cr_assert_eq(b.g->first, two);
    cr_assert_eq(one->in[3], two->out[0]);
    b_free(&b);
}

/* Of a chain of two Adds the first is fused: a node adds once. */
Test(fuse_add, once)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 5, 5);
    struct node *conv = b_conv(&b, "conv", x, 4, 4, 3);
    struct node *first = b_node(&b, &op_add, "first", conv->out[0], x);
    struct node *second = b_node(&b, &op_add, "second", first->out[0], x);

    b_output(&b, second->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fuse_add, 1e-5));
    cr_assert_eq(b.g->last, second);
    cr_assert_eq(second->prev, conv);
    cr_assert(pass_leaves(&b, pass_fuse_add));
    b_free(&b);
}

Test(fuse_add, same_value_twice)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *y = b_conv(&b, "conv", x, 2, 2, 3)->out[0];

    b_output(&b, b_node(&b, &op_add, "of_conv", y, y)->out[0]);
    b_output(&b, b_node(&b, &op_add, "of_input", x, x)->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_fuse_add));
    b_free(&b);
}

enum refusal { USED_TWICE, OUTPUT, HAS_ACT, BROADCASTS, IS_BROADCAST, SUBTRACTS, N_REFUSALS };

static void build_refused(struct build *b, enum refusal why)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 4, 5, 5);
    struct node *conv = b_conv(b, "conv", x, 4, 4, 3);
    struct value *y = conv->out[0];
    struct value *other = x;

    if (why == USED_TWICE)
        b_output(b, b_node(b, &op_unary_NEG, "neg", y)->out[0]);
    if (why == OUTPUT)
        b_output(b, y);
    if (why == HAS_ACT)
        conv->act.kind = ACT_RELU;
    if (why == BROADCASTS)
        other = b_input(b, "row", DT_F32, 1, 4, 1, 5);
    if (why == IS_BROADCAST)
        other = b_input(b, "batch", DT_F32, 3, 4, 5, 5);
    b_output(b, b_node(b, why == SUBTRACTS ? &op_sub : &op_add, "add", y, other)->out[0]);
    b_infer(b);
}

Test(fuse_add, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");

        build_refused(&b, (enum refusal)why);
        cr_assert(pass_leaves(&b, pass_fuse_add), "case %d", why);
        b_free(&b);
    }
}
