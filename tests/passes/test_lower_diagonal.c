// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/conv.h"

#include <criterion/criterion.h>
#include <math.h>

static struct value *diagonal(struct build *b, float factor)
{
    struct value *w = b_filled(b, "w", 0.0f, 3, 3, 1, 1);

    for (int i = 0; i < 3; i++)
        elements(w)[4 * i] = factor * (float)(i + 1);
    return w;
}

Test(lower_diagonal, scale)
{
    for (int has_bias = 0; has_bias < 2; has_bias++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5), *w = diagonal(&b, 0.3f);
        struct value *bias = has_bias ? b_random(&b, "b", 3) : NULL;
        struct node *conv = b_conv_of(&b, "conv", x, w, bias);

        conv->act.kind = ACT_RELU;
        b_output(&b, conv->out[0]);
        b_infer(&b);
        /* a product and a sum are rounded apart */
        cr_assert(pass_keeps_results(&b, pass_lower_diagonal, has_bias ? 1e-7 : SAME_NUMBERS));
        cr_assert_eq(b.g->first->op, &op_scale_shift);
        cr_assert_eq(b.g->first->act.kind, ACT_RELU);
        cr_assert(pass_leaves(&b, pass_lower_diagonal));
        b_free(&b);
    }
}

Test(lower_diagonal, identity)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5), *w = diagonal(&b, 1.0f);
    struct node *conv = b_conv_of(&b, "conv", x, w, NULL);
    struct node *other = b_conv_of(&b, "other", conv->out[0], w, NULL);

    for (int i = 0; i < 3; i++)
        elements(w)[4 * i] = 1.0f;
    other->act.kind = ACT_RELU;
    b_output(&b, other->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_lower_diagonal, 0.0));
    cr_assert(b_text_is(&b,
        "graph g\n"
        "  input   %0 x  f32[1,3,5,5]\n"
        "  %2 = Identity(%0)  f32[1,3,5,5]  # conv (Conv)\n"
        "  %3 = Relu(%2)  f32[1,3,5,5]  # other (Conv)\n"
        "  output  %3 other_out  f32[1,3,5,5]\n"));
    b_free(&b);
}

Test(lower_diagonal, depthwise_and_one_dimension)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 5), *w = b_random(&b, "w", 3, 1, 1);
    struct node *conv = b_node(&b, &op_conv, "conv", x, w);
    struct window *win = b_window(conv);

    win->spatial = 1;
    for (int i = 0; i < 2; i++)
        win->kernel[i] = win->stride[i] = win->dilation[i] = 1;
    ((struct conv_attr *)conv->attr)->group = 3;
    b_output(&b, conv->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_lower_diagonal, SAME_NUMBERS));
    cr_assert_eq(b.g->first->op, &op_scale_shift);
    b_free(&b);
}

enum refusal { OFF, NAN_OFF, INFINITE, NAN_BIAS, STRIDE, PADS, LARGER, WIDENS, VARIES, RESIDUAL,
               N_REFUSALS };

Test(lower_diagonal, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5), *w = diagonal(&b, 0.3f);
        struct value *bias = b_random(&b, "b", 3);

        if (why == OFF || why == NAN_OFF)
            elements(w)[2] = why == OFF ? 1e-20f : NAN;
        if (why == INFINITE)
            elements(w)[4] = INFINITY;
        if (why == NAN_BIAS)
            elements(bias)[1] = NAN;
        if (why == LARGER)
            w = b_filled(&b, "w3", 0.0f, 3, 3, 3, 3);
        if (why == WIDENS) {
            w = b_filled(&b, "w6", 1.0f, 6, 1, 1, 1);
            bias = NULL;
        }
        if (why == VARIES)
            w = b_input(&b, "wv", DT_F32, 3, 3, 1, 1);
        struct node *conv = b_conv_of(&b, "conv", x, w, bias);

        if (why == STRIDE)
            b_window(conv)->stride[1] = 2;
        if (why == PADS)
            b_window(conv)->pad[3] = 1;
        if (why == WIDENS)
            ((struct conv_attr *)conv->attr)->group = 3;
        if (why == RESIDUAL)
            node_set_input(b.g, conv, CONV_ADD, x);
        b_output(&b, conv->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_lower_diagonal), "case %d", why);
        b_free(&b);
    }
}
