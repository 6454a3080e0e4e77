// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/batch_norm.h"

#include <criterion/criterion.h>
#include <math.h>

Test(lower_batch_norm, bare)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4, 4);

    b_output(&b, b_batch_norm(&b, "bn", x, 3)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_lower_batch_norm,
        "graph g\n"
        "  input   %0 x  f32[2,3,4,4]\n"
        "  const   %1 bn_scale  f32[3]\n"
        "  const   %2 bn_B  f32[3]\n"
        "  const   %3 bn_mean  f32[3]\n"
        "  const   %4 bn_var  f32[3]\n"
        "  %5 = BatchNormalization(%0, %1, %2, %3, %4) epsilon=1e-05  f32[2,3,4,4]"
        "  # bn (BatchNormalization)\n"
        "  output  %5 bn_out  f32[2,3,4,4]\n",
        "graph g\n"
        "  input   %0 x  f32[2,3,4,4]\n"
        "  const   %6 bn_scale  f32[3]\n"
        "  const   %7 bn_B  f32[3]\n"
        "  %5 = ScaleShift(%0, %6, %7)  f32[2,3,4,4]  # bn (BatchNormalization)\n"
        "  output  %5 bn_out  f32[2,3,4,4]\n", 1e-6));
    b_free(&b);
}

/* s = 6 / sqrt(3.75 + 0.25) = 3, t = 1 - 2 * 3 = -5: exact numbers. */
Test(lower_batch_norm, formula)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 1, 2);
    struct value *scale = b_filled(&b, "scale", 6.0f, 1);
    struct value *shift = b_filled(&b, "B", 1.0f, 1);
    struct value *mean = b_filled(&b, "mean", 2.0f, 1);
    struct value *var = b_filled(&b, "var", 3.75f, 1);
    struct node *bn = b_node(&b, &op_batch_norm, "bn", x, scale, shift, mean, var);

    ((struct batch_norm_attr *)bn->attr)->epsilon = 0.25f;
    b_output(&b, bn->out[0]);
    b_infer(&b);
    cr_assert(pass_lower_batch_norm(b.g));
    const struct node *n = b.g->first;

    cr_assert_eq(*(const float *)n->in[SCALE_SHIFT_SCALE]->data, 3.0f);
    cr_assert_eq(*(const float *)n->in[SCALE_SHIFT_SHIFT]->data, -5.0f);
    b_free(&b);
}

/* Not if a parameter comes at run time, nor if the result is not finite. */
Test(lower_batch_norm, not_if)
{
    for (int i = 0; i < 2; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 3, 4);
        struct node *bn = b_batch_norm(&b, "bn", x, 3);

        if (i == 0)
            node_set_input(b.g, bn, BN_MEAN, b_input(&b, "mean", DT_F32, 3));
        else
            node_set_input(b.g, bn, BN_VAR, b_filled(&b, "var", -1.0f, 3));
        b_output(&b, bn->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_lower_batch_norm), "case %d", i);
        b_free(&b);
    }
}
