// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <criterion/criterion.h>

/* With broadcasting: the partial results have shapes of their own. */
Test(split_variadic, sum_of_four)
{
    struct build b = b_new("g");
    struct value *p = b_input(&b, "p", DT_F32, 3, 1);
    struct value *q = b_input(&b, "q", DT_F32, 4);
    struct value *r = b_input(&b, "r", DT_F32, 2, 1, 1);
    struct node *sum = b_node(&b, &op_sum, "sum", p, q, r, p);

    b_output(&b, sum->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_split_variadic,
        "graph g\n"
        "  input   %0 p  f32[3,1]\n"
        "  input   %1 q  f32[4]\n"
        "  input   %2 r  f32[2,1,1]\n"
        "  %3 = Sum(%0, %1, %2, %0)  f32[2,3,4]  # sum (Sum)\n"
        "  output  %3 sum_out  f32[2,3,4]\n",
        "graph g\n"
        "  input   %0 p  f32[3,1]\n"
        "  input   %1 q  f32[4]\n"
        "  input   %2 r  f32[2,1,1]\n"
        "  %4 = Sum(%0, %1)  f32[3,4]  # sum (Sum)\n"
        "  %5 = Sum(%4, %2)  f32[2,3,4]  # sum (Sum)\n"
        "  %3 = Sum(%5, %0)  f32[2,3,4]  # sum (Sum)\n"
        "  output  %3 sum_out  f32[2,3,4]\n", 0.0));
    b_free(&b);
}

Test(split_variadic, max_and_min_too)
{
    const struct op *const ops[] = { &op_max, &op_min };

    for (int i = 0; i < 2; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 3);
        struct value *y = b_input(&b, "y", DT_F32, 2, 3);
        struct value *z = b_input(&b, "z", DT_F32, 1);
        struct node *n = b_node(&b, ops[i], "n", x, y, z);

        b_output(&b, n->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_split_variadic, 0.0), "case %d", i);
        cr_assert_eq(n->n_in, 2);
        cr_assert_eq(n->prev->op, ops[i]);
        cr_assert(pass_leaves(&b, pass_split_variadic));
        b_free(&b);
    }
}

Test(split_variadic, not_of_two)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3);

    b_output(&b, b_node(&b, &op_sum, "sum", x, x)->out[0]);
    b_output(&b, b_node(&b, &op_max, "max", x, x)->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_split_variadic));
    b_free(&b);
}
