// SPDX-License-Identifier: Apache-2.0
/* Figures of the signal against those known beforehand. */
#include "base/arena.h"
#include "base/diag.h"
#include "measured.h"
#include "model.h"
#include "onnx/load.h"
#include "ops/batch_norm.h"

#include <string.h>

Test(signal, statistics_are_those_counted_by_hand)
{
    static const float x[] = { -1, 2, 4, -6, -1, -2, -3, -4, 1, 1, 2, 0 };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 1, 3, 2, 2);
    const struct signal *s = measured_on(&b, rectified(&b, "relu", in), x);
    const struct signal_stats st = s->steps[0].stats;

    cr_assert_eq(s->n_steps, 1);
    cr_expect_float_eq(st.rms, sqrt((4 + 16 + 1 + 1 + 4) / 12.0), 1e-12);
    cr_expect_float_eq(st.mean, 10 / 12.0, 1e-12);
    cr_expect_float_eq(st.max_abs, 4, 1e-12);
    cr_expect_float_eq(st.zeros, 7 / 12.0, 1e-12);
    cr_expect_float_eq(st.dead_channels, 1 / 3.0, 1e-12);
    cr_expect_eq(st.n_nonfinite, 0);
    cr_expect_float_eq(s->input_rms, sqrt(93 / 12.0), 1e-12);
    b_free(&b);
}

Test(signal, largest_element_may_be_negative)
{
    static const float x[] = { 1, -5, 3 };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 3);
    const struct signal *s = measured_on(&b, b_node(&b, &op_unary_NEG, "neg", in)->out[0], x);

    cr_expect_float_eq(s->steps[0].stats.max_abs, 5, 1e-12);
    cr_expect_float_eq(s->steps[0].stats.mean, 1 / 3.0, 1e-12);
    cr_expect_float_eq(s->steps[0].stats.dead_channels, 0, 1e-12, "there are none below rank 2");
    b_free(&b);
}

/* A channel is dead that is 0 in every data set, not in one of them. */
Test(signal, statistics_are_over_all_data_sets)
{
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 1, 1);

    b_output(&b, rectified(&b, "relu", in));
    b_infer(&b);
    const struct tensor one = { "x", DT_F32, in->shape, (float[]){ -3 } };
    const struct tensor two = { "x", DT_F32, in->shape, (float[]){ 4 } };
    const struct signal *s = signal_measure(b.g, (const struct tensor *const[]){ &one, &two }, 2,
                                            &four, NULL, NULL);

    cr_expect_float_eq(s->steps[0].stats.rms, sqrt(16 / 2.0), 1e-12);
    cr_expect_float_eq(s->steps[0].stats.zeros, 0.5, 1e-12);
    cr_expect_float_eq(s->steps[0].stats.dead_channels, 0, 1e-12);
    cr_expect_eq(s->n_sets, 2);
    b_free(&b);
}

Test(signal, gain_of_a_factor)
{
    struct build b = b_new("g");
    struct value *y = scaled(&b, "f", b_input(&b, "x", DT_F32, 1, 4, 5, 5), 4, 3.0f);
    const struct signal *s = measured(&b, y, 2, four);

    expect_gain(s->steps[0].gain, log10(3), EXACT);
    cr_expect_lt(s->steps[0].gain.spread, EXACT);
    cr_expect(!s->steps[0].cut_gain.known, "there is no skip to cut");
    b_free(&b);
}

/* An offset, however large, does not show. */
Test(signal, gain_is_of_the_change_alone)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 5, 5);
    struct value *y = scaled(&b, "f", x, 4, 3.0f);

    y = b_node(&b, &op_add, "far", y, b_filled(&b, "c", 1e6f, 1))->out[0];
    expect_gain(measured(&b, y, 1, four)->steps[1].gain, log10(3), EXACT);
    b_free(&b);
}

/* No float holds 3^200, and no signal survives it; the gain does. */
Test(signal, gain_of_long_chains)
{
    for (int up = 0; up < 2; up++) {
        enum { N = 200 };
        struct build b = b_new("g");
        struct value *y = b_input(&b, "x", DT_F32, 1, 2, 4, 4);

        for (int i = 0; i < N; i++)
            y = scaled(&b, arena_printf(b.arena, "f%d", i), y, 2, up ? 3.0f : 1 / 3.0f);
        const struct signal *s = measured(&b, y, 1, four);
        const struct signal_warning *w = warning_of(&b, s, up ? SIGNAL_EXPLODES : SIGNAL_VANISHES,
                                                    false);

        expect_gain(s->steps[N - 1].gain, (up ? N : -N) * log10(3), N * EXACT);
        cr_assert(w);
        cr_expect_str_eq(w->step->node->name, "f12", "3^13 is the first above 10^6");
        b_free(&b);
    }
}

/* Half of Hadamard's matrix of 4 keeps lengths. */
Test(signal, gain_of_a_mixture_that_keeps_lengths)
{
    static const float hadamard[] = { 0.5f, 0.5f,  0.5f, 0.5f,  0.5f, -0.5f, 0.5f,  -0.5f,
                                      0.5f, 0.5f, -0.5f, -0.5f, 0.5f, -0.5f, -0.5f, 0.5f };
    struct build b = b_new("g");
    struct value *y = b_input(&b, "x", DT_F32, 1, 4, 5, 5);
    struct value *w = b_filled(&b, "w", 0.0f, 4, 4, 1, 1);

    w->data = hadamard;
    for (int i = 0; i < 50; i++)
        y = b_conv_of(&b, arena_printf(b.arena, "mix%d", i), y, w, NULL)->out[0];
    const struct signal *s = measured(&b, y, 1, four);

    expect_gain(s->steps[49].gain, 0, EXACT);
    b_free(&b);
}

/* Half of a change passes a ReLU: half of the squares. */
Test(signal, gain_of_relu)
{
    struct build b = b_new("g");
    struct value *y = rectified(&b, "relu", b_input(&b, "x", DT_F32, 1, 16, 32, 32));

    expect_gain(measured(&b, y, 1, four)->steps[0].gain, 0.5 * log10(0.5), 0.01);
    b_free(&b);
}

/* Steep where the signal is, not where a big step would lead. */
Test(signal, gain_of_a_curve_is_its_slope)
{
    static const float x[] = { 2, 2, 2, 2 };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 4);
    const struct signal *s = measured_on(&b, b_node(&b, &op_unary_EXP, "exp", in)->out[0], x);

    expect_gain(s->steps[0].gain, log10(exp(2)), 0.002);
    b_free(&b);
}

/* A thousandth of a small signal is lost in what a curve gives there; a larger step is not. */
Test(signal, gain_of_a_curve_at_a_small_signal)
{
    static const struct {
        const struct op *op;
        float x;
        double log10_slope;
    } cases[] = {
        { &op_unary_SIGMOID, 0, -0.60206 },     { &op_unary_SIGMOID, 1e-20f, -0.60206 },
        { &op_unary_SIGMOID, 1e-4f, -0.60206 }, { &op_unary_SIGMOID, 80, -INFINITY },
        { &op_unary_EXP, 0, 0 },                { &op_unary_TANH, 1e-20f, 0 },
        { &op_unary_SQRT, 1e-20f, 9.69897 },    { &op_unary_RELU, 1e-20f, 0 },
        { &op_unary_RELU, -1e-20f, -INFINITY },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct build b = b_new("g");
        struct value *y = b_node(&b, cases[i].op, "f", b_input(&b, "x", DT_F32, 4))->out[0];
        const float x = cases[i].x;
        const struct gain g = measured_on(&b, y, (float[]){ x, x, x, x })->steps[0].gain;

        cr_expect(g.mean == cases[i].log10_slope || fabs(g.mean - cases[i].log10_slope) < 2e-3,
                  "case %zu: 10^%g", i, g.mean);
        b_free(&b);
    }
}

Test(signal, gain_of_batch_norm)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 4, 4);
    struct value *scale = b_filled(&b, "s", 2.0f, 3), *shift = b_filled(&b, "b", 1000.0f, 3);
    struct value *mean = b_filled(&b, "m", 5.0f, 3), *var = b_filled(&b, "v", 16.0f, 3);
    struct node *n = b_node(&b, &op_batch_norm, "bn", x, scale, shift, mean, var);

    ((struct batch_norm_attr *)n->attr)->epsilon = 1e-9f;
    expect_gain(measured(&b, n->out[0], 1, four)->steps[0].gain, log10(2 / 4.0), EXACT);
    b_free(&b);
}

/* By its variance it bends: -1/2 x (var + epsilon)^(-3/2) at x = 4, var = 4. */
Test(signal, gain_of_batch_norm_whose_variance_changes)
{
    struct build b = b_new("g");
    struct value *var = b_input(&b, "var", DT_F32, 1);
    struct value *x = b_filled(&b, "x", 4.0f, 1, 1), *scale = b_filled(&b, "s", 1.0f, 1);
    struct value *shift = b_filled(&b, "b", 0.0f, 1), *mean = b_filled(&b, "m", 0.0f, 1);
    struct node *n = b_node(&b, &op_batch_norm, "bn", x, scale, shift, mean, var);

    expect_gain(measured_on(&b, n->out[0], (float[]){ 4 })->steps[0].gain, log10(0.25), 2e-3);
    b_free(&b);
}

/* Changes of several inputs have nothing to do with each other. */
Test(signal, gain_from_two_inputs)
{
    const struct op *const ops[] = { &op_add, &op_sub };

    for (int i = 0; i < 2; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 8, 16, 16);
        struct value *y = b_input(&b, "y", DT_F32, 1, 8, 16, 16);
        const struct signal *s = measured(&b, b_node(&b, ops[i], "op", x, y)->out[0], 1, four);

        expect_gain(s->steps[0].gain, 0.5 * log10(2), 0.02);
        b_free(&b);
    }
}

/* 10^200 of one and 10^-200 of the other: their scales are joined, not their elements. */
Test(signal, changes_of_very_different_sizes_meet)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 1, 4, 4);
    struct value *up = x, *down = x;

    for (int i = 0; i < 20; i++) {
        up = scaled(&b, arena_printf(b.arena, "u%d", i), up, 1, 1e10f);
        down = scaled(&b, arena_printf(b.arena, "d%d", i), down, 1, 1e-10f);
    }
    const struct signal *s = measured(&b, added(&b, "meet", up, down), 1, four);

    expect_gain(step_named(s, "meet_out")->gain, 200, 20 * EXACT);
    b_free(&b);
}

/* max(100 x, x) of what is negative is x, and so is its change, not that of 100 x. */
Test(signal, changes_of_different_sizes_meet_in_a_maximum)
{
    static const float x[] = { -1, -2, -3, -4 };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 1, 1, 2, 2);
    struct value *large = scaled(&b, "large", in, 1, 100.0f);
    struct value *small = scaled(&b, "small", in, 1, 1.0f);
    const struct signal *s = measured_on(&b, b_node(&b, &op_max, "max", large, small)->out[0], x);

    expect_gain(step_named(s, "max_out")->gain, 0, 1e-3);
    b_free(&b);
}

/* x * x: both factors change. */
Test(signal, a_product_of_what_changes)
{
    static const float x[] = { 3, 3, 3, 3 };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 4);
    const struct signal *s = measured_on(&b, b_node(&b, &op_mul, "square", in, in)->out[0], x);

    expect_gain(s->steps[0].gain, log10(6), EXACT);
    b_free(&b);
}

/* Values that are no floats are neither steps nor in the way. */
Test(signal, indices_pass_by)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 6);
    struct value *y = b_input(&b, "y", DT_F32, 1, 2, 3, 3);

    b_output(&b, b_node(&b, &op_arg_max, "best", x)->out[0]);
    const struct signal *s = measured(&b, scaled(&b, "f", y, 2, 2.0f), 1, four);

    cr_assert_eq(s->n_steps, 1);
    expect_gain(s->steps[0].gain, log10(2), EXACT);
    b_free(&b);
}

/* Integers do not change by a little: what comes from them alone has no gain, and does not
 * vanish. */
Test(signal, no_gain_is_known_behind_integers)
{
    static const int64_t i[4] = { 1, 0, 1, 1 };
    static const float x[4] = { 1, 2, 3, 4 }, three = 3;
    struct model *m = model_new(13);
    struct diag d = diag_new(model_arena(m), "integers");
    int n;

    model_input(m, "i", DT_I64, "1,1,2,2");
    model_input(m, "x", DT_F32, "1,1,2,2");
    model_initialiser(m, "three", DT_F32, "1,1,1,1", &three);
    model_node(m, "Cast", "i", "float", "to=1");
    model_node(m, "Conv", "float three", "behind", NULL);
    model_node(m, "Conv", "x three", "beside", NULL);
    model_node(m, "Add", "behind beside", "y", NULL);
    model_output(m, "y", DT_F32, "1,1,2,2");
    struct graph *g = model_load(m, NULL, &d);

    cr_assert(g && infer_shapes(g, &d));
    const struct tensor in[] = { { "i", DT_I64, g->inputs[0]->shape, i },
                                 { "x", DT_F32, g->inputs[1]->shape, x } };
    const struct signal *s = signal_measure(g, (const struct tensor *const[]){ in }, 1, &four,
                                            NULL, NULL);

    cr_expect_not(step_named(s, "float")->gain.known);
    cr_expect_not(step_named(s, "behind")->gain.known);
    expect_gain(step_named(s, "y")->gain, log10(3), EXACT);
    signal_warnings(g, s, &n);
    cr_expect_eq(n, 0);
    model_free(m);
}

Test(signal, a_seed_is_a_set_of_directions)
{
    double mean[3];

    for (int i = 0; i < 3; i++) {
        struct build b = b_new("g");
        struct value *y = b_conv(&b, "f", b_input(&b, "x", DT_F32, 1, 3, 4, 4), 3, 3, 3)->out[0];
        const struct signal_options opt = { .directions = 2, .seed = i < 2 ? 7 : 8 };

        mean[i] = measured(&b, rectified(&b, "relu", y), 1, opt)->steps[1].gain.mean;
        b_free(&b);
    }
    cr_expect(memcmp(&mean[0], &mean[1], sizeof mean[0]) == 0);
    cr_expect_neq(mean[0], mean[2]);
}
