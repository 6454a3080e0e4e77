// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/conv.h"

#include <criterion/criterion.h>
#include <math.h>

Test(merge_pointwise, product_and_strides)
{
    for (int way = 0; way < 8; way++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 6, 11, 9);
        struct value *v = b_random(&b, "v", 8, 6, 1, 1), *w = b_random(&b, "w", 5, 8, 1, 1);
        struct value *a = way & 1 ? b_random(&b, "a", 8) : NULL;
        struct value *c = way & 2 ? b_random(&b, "c", 5) : NULL;
        struct node *one = b_conv_of(&b, "one", x, v, a);
        struct node *two = b_conv_of(&b, "two", one->out[0], w, c);

        b_window(one)->stride[0] = 2;
        if (way & 4) {
            b_window(one)->stride[1] = 2;
            b_window(two)->stride[0] = b_window(two)->stride[1] = 3;
        }
        two->act.kind = ACT_RELU;
        b_output(&b, two->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_merge_pointwise, 1e-5), "way %d", way);
        cr_assert_eq(b.g->first, b.g->last);
        cr_assert_str_eq(b.g->first->origin, "one (Conv) + two (Conv)");
        cr_assert_eq(node_in(b.g->first, CONV_B) != NULL, (way & 3) != 0);
        cr_assert(pass_leaves(&b, pass_merge_pointwise));
        b_free(&b);
    }
}

enum refusal { BOTTLENECK, ACT, RESIDUAL, PADS, LARGER, GROUPS, READ_TWICE, OUTPUT, VARIES, NOT_FINITE,
               TOO_MUCH, N_REFUSALS };

Test(merge_pointwise, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");
        const int64_t middle = why == BOTTLENECK ? 2 : 8;
        struct value *x = b_input(&b, "x", DT_F32, 1, 8, 6, 6);
        struct node *one = b_conv(&b, "one", x, 8, middle, 1);
        struct node *two = b_conv(&b, "two", one->out[0], middle, 8, why == LARGER ? 3 : 1);

        if (why == ACT)
            one->act.kind = ACT_RELU;
        if (why == RESIDUAL)
            node_set_input(b.g, one, CONV_ADD, x);
        if (why == PADS)
            b_window(two)->pad[0] = 1;
        if (why == GROUPS) {
            node_set_input(b.g, one, CONV_W, b_random(&b, "g", 8, 4, 1, 1));
            ((struct conv_attr *)one->attr)->group = 2;
        }
        if (why == READ_TWICE)
            b_output(&b, b_node(&b, &op_unary_NEG, "neg", one->out[0])->out[0]);
        if (why == OUTPUT)
            b_output(&b, one->out[0]);
        if (why == VARIES)
            node_set_input(b.g, one, CONV_B, b_input(&b, "bias", DT_F32, 8));
        if (why == NOT_FINITE)
            elements(two->in[CONV_W])[7] = NAN;
        if (why == TOO_MUCH)
            b.g->fold.work = 511.0;
        b_output(&b, two->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_merge_pointwise), "case %d", why);
        b_free(&b);
    }
}
