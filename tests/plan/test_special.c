// SPDX-License-Identifier: Apache-2.0
/* NaN, infinities and denormal numbers among the weights: counted as they are after folding,
 * reported by layer, and what becomes 0 and what does not. */
#include "base/arena.h"
#include "build.h"
#include "codegen/plan.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "passes/pass.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <string.h>

static struct value *constant(struct build *b, const char *name, const float *x, struct shape s)
{
    float *copy = arena_new_n(b->arena, float, shape_len(&s));

    memcpy(copy, x, sizeof *x * (size_t)shape_len(&s));
    return graph_add_constant(b->g, name, DT_F32, s, copy);
}

static const struct plan *plan(struct build *b, bool keep)
{
    const struct plan_options opt = { .kernels = KERNELS_REF, .keep_denormals = keep };
    const struct plan *p = make_plan(b->arena, b->g, &opt, &b->diag);

    cr_assert(p);
    return p;
}

static int64_t n_denormal(const struct value *v)
{
    int64_t n = 0;

    for (int64_t i = 0; i < shape_len(&v->shape); i++)
        n += fpclassify(((const float *)v->data)[i]) == FP_SUBNORMAL;
    return n;
}

/* conv(x, w) + bias and its sum with a constant; 2 denormal numbers in w, one in bias, one in the
 * addend, which is no weight. */
static struct build small(void)
{
    static const float w[] = { 1e-40f, 0.5f, -1e-45f, -0.0f }, bias[] = { 1.0f, FLT_MIN / 2 };
    static const float addend[] = { 1e-39f, FLT_MIN };
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 3, 3);
    struct value *weight = constant(&b, "w", w, shape_of(2, 2, 1, 1));
    struct value *c = constant(&b, "bias", bias, shape_of(2));
    struct value *y = b_conv_of(&b, "conv", x, weight, c)->out[0];
    struct value *d = constant(&b, "addend", addend, shape_of(2, 1, 1));

    b_output(&b, b_node(&b, &op_add, "add", y, d)->out[0]);
    b_infer(&b);
    b.diag.sink = diag_silent;
    return b;
}

Test(special, denormal_weights_become_0)
{
    struct build b = small();
    const struct plan *p = plan(&b, false);
    const struct node *conv = b.g->first;
    const float *w = conv->in[CONV_W]->data, *bias = conv->in[CONV_B]->data;

    cr_expect_eq(p->special.n_denormal, 4);
    cr_expect_eq(p->special.n_flushed, 3);
    cr_expect_eq(p->special.n_nan + p->special.n_infinite, 0);
    cr_expect(w[0] == 0.0f && w[1] == 0.5f && w[2] == 0.0f && w[3] == 0.0f && signbit(w[3]));
    cr_expect(bias[0] == 1.0f && bias[1] == 0.0f);
    cr_expect_eq(n_denormal(conv->next->in[1]), 1, "what is added may be a divisor later");
    cr_expect_eq(b.diag.n_warnings, 2);
    cr_expect_str_eq(b.diag.first->text, "3 denormal weights set to 0: 'conv' 3");
    cr_expect_str_eq(b.diag.last->text, "1 denormal weight kept: 'add' 1");
    cr_expect_str_eq(b.diag.last->flag, "denormal-weights");
    b_free(&b);
}

Test(special, keep_denormals_keeps_them)
{
    struct build b = small();
    const struct plan *p = plan(&b, true);

    cr_expect_eq(p->special.n_denormal, 4);
    cr_expect_eq(p->special.n_flushed, 0);
    cr_expect_eq(n_denormal(b.g->first->in[CONV_W]), 2);
    cr_expect_str_eq(b.diag.first->text, "4 denormal weights kept: 'conv' 3, 'add' 1");
    b_free(&b);
}

/* A weight that is an output, or that is a divisor too. */
Test(special, not_if_somebody_else_reads_it)
{
    for (int i = 0; i < 2; i++) {
        static const float w[] = { 1e-40f };
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 1, 1, 1);
        struct value *weight = constant(&b, "w", w, shape_of(1, 1, 1, 1));

        b_output(&b, b_conv_of(&b, "conv", x, weight, NULL)->out[0]);
        if (i == 0)
            b_output(&b, b_node(&b, &op_div, "div", x, weight)->out[0]);
        b_infer(&b);
        if (i == 1) /* b_infer() would forget its shape */
            b_output(&b, weight);
        b.diag.sink = diag_silent;
        cr_expect_eq(plan(&b, false)->special.n_flushed, 0);
        cr_expect_eq(n_denormal(weight), 1);
        b_free(&b);
    }
}

/* w is denormal and w * scale is not; v is not and v * scale is. */
Test(special, what_counts_is_what_folding_leaves)
{
    static const float ones[] = { 1.0f, 1.0f }, zeros[] = { 0.0f, 0.0f };
    static const float scale[] = { 1e10f, 1e-10f }, w[] = { 1e-40f, 1e-30f };
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 1, 3, 3);
    struct value *weight = constant(&b, "w", w, shape_of(2, 1, 1, 1));
    struct value *y = b_conv_of(&b, "conv", x, weight, NULL)->out[0];
    struct value *s = constant(&b, "scale", scale, shape_of(2));
    struct value *shift = constant(&b, "shift", zeros, shape_of(2));
    struct value *mean = constant(&b, "mean", zeros, shape_of(2));
    struct value *var = constant(&b, "var", ones, shape_of(2));

    b_output(&b, b_node(&b, &op_batch_norm, "bn", y, s, shift, mean, var)->out[0]);
    b_infer(&b);
    b.diag.sink = diag_silent;
    cr_assert(pass_fold_batch_norm(b.g));
    const struct plan *p = plan(&b, false);
    const float *folded = b.g->first->in[CONV_W]->data;

    cr_expect_eq(p->special.n_flushed, 1);
    cr_expect_float_eq((double)folded[0], 1e-30, 1e-34);
    cr_expect_eq(folded[1], 0.0f);
    b_free(&b);
}

/* The bound: 2^-126 * sum |x| over the inputs of a flushed weight, and 2^-126 for the bias. */
Test(special, an_output_changes_by_no_more_than_is_said)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 4, 32);
    struct value *w = b_uniform(&b, "w", -2 * FLT_MIN, 2 * FLT_MIN, shape_of(32, 8));
    struct value *bias = b_uniform(&b, "bias", -2 * FLT_MIN, 2 * FLT_MIN, shape_of(8));

    b_output(&b, b_node(&b, &op_gemm, "fc", x, w, bias)->out[0]);
    b_infer(&b);
    b.diag.sink = diag_silent;
    const float *before = w->data, *c_before = bias->data;

    cr_assert_gt(plan(&b, false)->special.n_flushed, 50);
    const float *after = w->data, *c_after = bias->data;

    for (int j = 0; j < 8; j++) {
        double change = fabs((double)c_after[j] - (double)c_before[j]), sum = 1.0;

        for (int i = 0; i < 32; i++) {
            const double in = ldexp(1.0, i) * (i % 2 ? -1.0 : 1.0);

            change += fabs(in * ((double)after[i * 8 + j] - (double)before[i * 8 + j]));
            sum += fabs(in);
        }
        cr_expect_leq(change, ldexp(sum, -126));
    }
    b_free(&b);
}

Test(special, nan_and_infinity_are_reported_and_kept)
{
    static const float odd[] = { NAN, INFINITY, -INFINITY, 1.0f };
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 3, 3);
    struct value *last = x;

    for (int i = 0; i < 7; i++) {
        struct value *w = constant(&b, "w", odd, shape_of(2, 2, 1, 1));

        last = b_conv_of(&b, arena_printf(b.arena, "conv%d", i), last, w, NULL)->out[0];
    }
    b_output(&b, last);
    b_infer(&b);
    b.diag.sink = diag_silent;
    const struct plan *p = plan(&b, false);

    cr_expect_eq(p->special.n_nan, 7);
    cr_expect_eq(p->special.n_infinite, 14);
    cr_expect_str_eq(b.diag.first->text, "7 NaN weights: 'conv0' 1, 'conv1' 1, 'conv2' 1, 'conv3' 1, "
                                         "'conv4' 1, and 2 more layers");
    cr_expect_str_eq(b.diag.last->text, "14 infinite weights: 'conv0' 2, 'conv1' 2, 'conv2' 2, "
                                        "'conv3' 2, 'conv4' 2, and 2 more layers");
    cr_expect_str_eq(b.diag.last->flag, "special-weights");
    b_free(&b);
}
