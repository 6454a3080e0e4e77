// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <criterion/criterion.h>

/* infer_shapes() folds, too: the node's input becomes constant afterwards. */
Test(fold_constants, what_became_constant)
{
    struct build b = b_new("g");
    struct value *c = b_input(&b, "c", DT_F32, 3);
    struct value *x = b_input(&b, "x", DT_F32, 2, 3);
    struct value *twice = b_node(&b, &op_add, "twice", c, c)->out[0];
    struct value *neg = b_node(&b, &op_unary_NEG, "neg", twice)->out[0];
    static const float data[] = { 1.0f, -2.0f, 0.5f };

    b_output(&b, b_node(&b, &op_mul, "mul", x, neg)->out[0]);
    b_infer(&b);
    value_set_constant(b.g, c, data);
    cr_assert(pass_turns(&b, pass_fold_constants,
        "graph g\n"
        "  input   %1 x  f32[2,3]\n"
        "  const   %0 c  f32[3]\n"
        "  %2 = Add(%0, %0)  f32[3]  # twice (Add)\n"
        "  %3 = Neg(%2)  f32[3]  # neg (Neg)\n"
        "  %4 = Mul(%1, %3)  f32[2,3]  # mul (Mul)\n"
        "  output  %4 mul_out  f32[2,3]\n",
        "graph g\n"
        "  input   %1 x  f32[2,3]\n"
        "  const   %3 neg_out  f32[3]\n"
        "  %4 = Mul(%1, %3)  f32[2,3]  # mul (Mul)\n"
        "  output  %4 mul_out  f32[2,3]\n", 0.0));
    cr_assert_eq(((const float *)neg->data)[0], -2.0f);
    cr_assert_eq(((const float *)neg->data)[1], 4.0f);
    cr_assert_eq(((const float *)neg->data)[2], -1.0f);
    b_free(&b);
}

/* A graph output keeps its node; so does what depends on an input. */
Test(fold_constants, not_outputs_nor_variables)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 3);
    struct value *c = b_random(&b, "c", 3);

    b_output(&b, b_node(&b, &op_unary_NEG, "neg", c)->out[0]);
    b_output(&b, b_node(&b, &op_add, "add", x, c)->out[0]);
    b_infer(&b);
    cr_assert(pass_leaves(&b, pass_fold_constants));
    b_free(&b);
}

/* A view of a constant that is an output and is read as well: its readers read the
 * constant.  Reshape needs it to be one. */
Test(fold_constants, a_view_that_is_an_output_and_is_read)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3);
    struct value *six = b_i64(&b, "six", 1, (const int64_t[]){ 6 });
    struct value *view = b_node(&b, &op_identity, "view", six)->out[0];

    b_output(&b, view);
    b_output(&b, b_node(&b, &op_reshape, "reshape", x, view)->out[0]);
    b_infer(&b);
    cr_assert(b_text_is(&b,
        "graph g\n"
        "  input   %0 x  f32[2,3]\n"
        "  const   %4 view_out  i64[1]\n"
        "  %2 = Identity(%4)  i64[1]  # view (Identity)\n"
        "  %3 = Reshape(%0)  f32[6]  # reshape (Reshape)\n"
        "  output  %2 view_out  i64[1]\n"
        "  output  %3 reshape_out  f32[6]\n"));
    b_free(&b);
}
