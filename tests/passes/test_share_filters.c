// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/conv.h"

#include <criterion/criterion.h>

/* Graph "g": a Conv of 4 filters full of `fill`, with a bias if `bias`, and Relu fused. */
static struct node *constant_conv(struct build *b, float fill, bool bias)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 2, 5, 5);
    struct value *w = b_filled(b, "w", fill, 4, 2, 3, 3);
    struct value *bias_value = bias ? b_filled(b, "b", 0.25f, 4) : NULL;
    struct node *conv = b_conv_of(b, "conv", x, w, bias_value);

    b_output(b, conv->out[0]);
    b_infer(b);
    conv->act = (struct act){ ACT_RELU, 0.0f, 0.0f };
    return conv;
}

Test(share_filters, all_the_same)
{
    struct build b = b_new("g");

    constant_conv(&b, 0.5f, true);
    cr_assert(pass_turns(&b, pass_share_filters,
        "graph g\n"
        "  input   %0 x  f32[1,2,5,5]\n"
        "  const   %1 w  f32[4,2,3,3]\n"
        "  const   %2 b  f32[4]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,4,5,5]  # conv (Conv)\n"
        "  output  %3 conv_out  f32[1,4,5,5]\n",
        "graph g\n"
        "  input   %0 x  f32[1,2,5,5]\n"
        "  const   %5 w  f32[1,2,3,3]\n"
        "  const   %6 b  f32[1]\n"
        "  %4 = Conv(%0, %5, %6) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,1,5,5]  # conv (Conv)\n"
        "  %3 = Expand(%4)  f32[1,4,5,5]  # conv (Conv)\n"
        "  output  %3 conv_out  f32[1,4,5,5]\n", 0.0));
    b_free(&b);
}

Test(share_filters, without_bias)
{
    struct build b = b_new("g");

    constant_conv(&b, -1.0f, false);
    cr_assert(pass_keeps_results(&b, pass_share_filters, 0.0));
    b_free(&b);
}

/* Not if one weight or one bias is another, weights come at run time, there
 * are groups, or a residual is added. */
Test(share_filters, not_if)
{
    for (int i = 0; i < 5; i++) {
        struct build b = b_new("g");
        struct node *conv = constant_conv(&b, 0.5f, true);
        static float w[4 * 2 * 9] = { 0 }, bias[4] = { 0 };

        w[4 * 2 * 9 - 1] = 1.0f;
        bias[3] = 1.0f;
        switch (i) {
        case 0:
            conv->in[CONV_W]->data = w;
            break;
        case 1:
            conv->in[CONV_B]->data = bias;
            break;
        case 2:
            node_set_input(b.g, conv, CONV_B, b_input(&b, "bias", DT_F32, 4));
            break;
        case 3:
            node_set_input(b.g, conv, CONV_W, b_filled(&b, "w2", 0.5f, 4, 1, 3, 3));
            ((struct conv_attr *)conv->attr)->group = 2;
            break;
        case 4:
            node_set_input(b.g, conv, CONV_ADD, b_input(&b, "r", DT_F32, 1, 4, 5, 5));
            break;
        }
        cr_assert(pass_leaves(&b, pass_share_filters), "case %d", i);
        b_free(&b);
    }
}
