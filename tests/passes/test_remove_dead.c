// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <criterion/criterion.h>

Test(remove_dead, a_whole_chain_at_once)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *dead = b_node(&b, &op_unary_NEG, "dead1", x)->out[0];
    struct node *live = b_node(&b, &op_unary_RELU, "live", x);

    dead = b_node(&b, &op_unary_EXP, "dead2", dead)->out[0];
    b_node(&b, &op_add, "dead3", dead, live->out[0]);
    b_output(&b, live->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_remove_dead,
        "graph g\n"
        "  input   %0 x  f32[1,2,4,4]\n"
        "  %1 = Neg(%0)  f32[1,2,4,4]  # dead1 (Neg)\n"
        "  %2 = Relu(%0)  f32[1,2,4,4]  # live (Relu)\n"
        "  %3 = Exp(%1)  f32[1,2,4,4]  # dead2 (Exp)\n"
        "  %4 = Add(%3, %2)  f32[1,2,4,4]  # dead3 (Add)\n"
        "  output  %2 live_out  f32[1,2,4,4]\n",
        "graph g\n"
        "  input   %0 x  f32[1,2,4,4]\n"
        "  %2 = Relu(%0)  f32[1,2,4,4]  # live (Relu)\n"
        "  output  %2 live_out  f32[1,2,4,4]\n", 0.0));
    b_free(&b);
}

/* An output that is read as well, one that is not. */
Test(remove_dead, not_what_is_wanted)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *y = b_node(&b, &op_unary_NEG, "neg", x)->out[0];

    b_output(&b, y);
    b_output(&b, b_node(&b, &op_unary_RELU, "relu", y)->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_remove_dead));
    b_free(&b);
}
