// SPDX-License-Identifier: Apache-2.0
/* Residual blocks with their skips and without, and what is warned of. */
#include "base/arena.h"
#include "base/random.h"
#include "interpret.h"
#include "ir/tensor.h"
#include "measured.h"

#include <string.h>
#include <sys/resource.h>

/* x + factor * x, N times; each gains 1 + factor, and its branch alone `factor`. */
static struct value *chain(struct build *b, int n, float factor)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 2, 4, 4);

    for (int i = 0; i < n; i++) {
        struct value *branch = scaled(b, arena_printf(b->arena, "f%d", i), x, 2, factor);

        x = added(b, arena_printf(b->arena, "add%d", i), x, branch);
    }
    return x;
}

Test(blocks, gains_with_the_skip_and_without)
{
    enum { N = 10 };
    struct build b = b_new("g");
    const struct signal *s = measured(&b, chain(&b, N, 0.5f), 2, four);

    cr_assert_eq(s->n_blocks, N);
    cr_expect_eq(s->n_rest, N);
    for (int i = 0; i < N; i++) {
        const struct signal_block *k = &s->blocks[i];

        cr_expect(fabs(k->ratio - 0.5) < 1e-6);
        expect_gain(k->own, log10(1.5), EXACT);
        expect_gain(k->cut_own, log10(0.5), EXACT);
        expect_gain(k->rest, (N - i) * log10(1.5), N * EXACT);
        expect_gain(k->cut_rest, (N - i) * log10(0.5), N * EXACT);
    }
    const struct signal_step *last = step_named(s, "add9_out");

    expect_gain(last->gain, N * log10(1.5), N * EXACT);
    expect_gain(last->cut_gain, N * log10(0.5), N * EXACT);
    cr_expect(fabs(last->stats.rms / s->input_rms - pow(1.5, N)) < 1e-3);
    cr_expect(fabs(last->cut_stats.rms / s->input_rms - pow(0.5, N)) < 1e-6);
    b_free(&b);
}

/* What the skips prevent is seen where they are cut, and there alone. */
Test(blocks, vanishing_without_skips_is_said_to_be_that)
{
    struct build b = b_new("g");
    const struct signal *s = measured(&b, chain(&b, 20, 0.1f), 1, four);
    const struct signal_warning *w = warning_of(&b, s, SIGNAL_VANISHES, true);

    cr_assert(w);
    cr_expect_str_eq(w->step->node->name, "f6", "0.1^7 is the first below 10^-6");
    cr_expect_not(warning_of(&b, s, SIGNAL_VANISHES, false));
    cr_expect_not(warning_of(&b, s, SIGNAL_EXPLODES, false));
    b_free(&b);
}

Test(blocks, a_branch_of_zeros_is_the_identity)
{
    struct build b = b_new("g");
    const struct signal *s = measured(&b, chain(&b, 1, 0.0f), 1, four);

    cr_expect_eq(s->blocks[0].ratio, 0);
    expect_gain(s->blocks[0].own, 0, EXACT);
    cr_expect(s->blocks[0].cut_own.known);
    cr_expect_eq(s->blocks[0].cut_own.mean, -INFINITY);
    cr_expect_eq(step_named(s, "add0_out")->cut_gain.mean, -INFINITY);
    b_free(&b);
}

Test(blocks, a_projection_is_cut_too)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *branch = scaled(&b, "f2", scaled(&b, "f1", x, 2, 2.0f), 2, 3.0f);
    struct value *y = added(&b, "add", branch, scaled(&b, "skip", x, 2, 4.0f));
    const struct signal *s = measured(&b, y, 1, four);

    cr_assert_eq(s->n_blocks, 1);
    cr_expect(fabs(s->blocks[0].ratio - 1.5) < 1e-6);
    expect_gain(s->blocks[0].own, log10(10), EXACT);
    expect_gain(s->blocks[0].cut_own, log10(6), EXACT);
    b_free(&b);
}

/* To the activation behind the join, which is the end of the block. */
Test(blocks, an_activation_belongs_to_its_block)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 64, 64);
    struct value *y = rectified(&b, "relu", added(&b, "add", x, scaled(&b, "f", x, 2, 1.0f)));
    const struct signal *s = measured(&b, y, 1, four);

    expect_gain(s->blocks[0].own, log10(2 * sqrt(0.5)), 0.02);
    expect_gain(s->blocks[0].cut_own, log10(sqrt(0.5)), 0.02);
    b_free(&b);
}

/* x + 5 (a + 3 a) with a = 2 x is 41 x; cut, 5 * 3 * 2 x. */
Test(blocks, within_blocks)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 4, 4);
    struct value *a = scaled(&b, "a", x, 2, 2.0f);
    struct value *inner = added(&b, "inner", a, scaled(&b, "f3", a, 2, 3.0f));
    const struct signal *s = measured(&b, added(&b, "outer", x, scaled(&b, "f5", inner, 2, 5.0f)),
                                      1, four);

    cr_assert_eq(s->n_blocks, 2);
    expect_gain(s->blocks[0].own, log10(4), EXACT);
    expect_gain(s->blocks[0].cut_own, log10(3), EXACT);
    expect_gain(s->blocks[0].rest, log10(20), EXACT);
    expect_gain(s->blocks[0].cut_rest, log10(15), EXACT);
    expect_gain(s->blocks[1].own, log10(41), EXACT);
    expect_gain(s->blocks[1].cut_own, log10(30), EXACT);
    cr_expect(fabs(s->blocks[1].ratio - 40) < 1e-4);
    b_free(&b);
}

/* x + x^2 has slope 1 + 2 x: the mean is that of the logarithms. */
Test(blocks, means_are_over_data_sets_too)
{
    static const float one[4] = { 1, 1, 1, 1 }, three[4] = { 3, 3, 3, 3 };
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 1, 2, 2);
    struct value *square = b_node(&b, &op_mul, "square", x, x)->out[0];

    b_output(&b, added(&b, "add", x, scaled(&b, "f", square, 1, 1.0f)));
    b_infer(&b);
    const struct tensor first = { "x", DT_F32, x->shape, one };
    const struct tensor second = { "x", DT_F32, x->shape, three };
    const struct signal *s = signal_measure(b.g, (const struct tensor *const[]){ &first, &second },
                                            2, &four, NULL, NULL);

    cr_assert_eq(s->n_blocks, 1);
    expect_gain(s->blocks[0].own, (log10(3) + log10(7)) / 2, EXACT);
    cr_expect(fabs(s->blocks[0].own.spread - (log10(7) - log10(3)) / 2) < EXACT);
    b_free(&b);
}

/* To an output of integers nothing can be measured. */
Test(blocks, without_an_output_of_floats)
{
    struct build b = b_new("g");
    struct value *y = b_node(&b, &op_arg_max, "class", chain(&b, 1, 2.0f))->out[0];
    const struct signal *s = measured(&b, y, 1, four);

    cr_assert_eq(s->n_blocks, 1);
    cr_expect_eq(s->n_steps, 2);
    cr_expect_eq(s->n_rest, 0);
    cr_expect_not(s->blocks[0].rest.known);
    expect_gain(s->blocks[0].own, log10(3), EXACT);
    b_free(&b);
}

/* relu(x + conv(relu(conv(x)))) */
static struct value *random_block(struct build *b, int i, struct value *x, int c)
{
    struct value *y = b_conv(b, arena_printf(b->arena, "f%d", i), x, c, c, 3)->out[0];

    y = rectified(b, arena_printf(b->arena, "inner%d", i), y);
    y = b_conv(b, arena_printf(b->arena, "g%d", i), y, c, c, 1)->out[0];
    y = added(b, arena_printf(b->arena, "add%d", i), x, y);
    return rectified(b, arena_printf(b->arena, "outer%d", i), y);
}

/* Node by node, the gain is that of the network as a whole: of its outputs for inputs that
 * are a little apart. */
Test(blocks, gains_are_those_from_end_to_end)
{
    enum { C = 8, LEN = C * 8 * 8, DIRECTIONS = 32 };
    static const double h = 1e-3;
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 1, C, 8, 8), *y = in;
    const struct signal_options opt = { .directions = DIRECTIONS, .seed = 1 };
    float x[LEN], moved[LEN];
    uint64_t seed = 6;
    double sum = 0;

    for (int i = 0; i < 6; i++)
        y = random_block(&b, i, y, C);
    b_output(&b, y);
    b_infer(&b);
    for (int i = 0; i < LEN; i++)
        x[i] = (float)random_normal(&seed);
    const struct tensor set = { "x", DT_F32, in->shape, x }, *const sets = &set;
    const struct signal *s = signal_measure(b.g, &sets, 1, &opt, NULL, NULL);
    const float *out = interpret(b.arena, b.g, (const void *const[]){ x })[y->id];

    for (int d = 0; d < DIRECTIONS; d++) {
        double before = 0, behind = 0;

        for (int i = 0; i < LEN; i++) {
            moved[i] = (float)((double)x[i] + h * random_normal(&seed));
            before += pow((double)moved[i] - (double)x[i], 2);
        }
        const float *changed = interpret(b.arena, b.g, (const void *const[]){ moved })[y->id];

        for (int i = 0; i < LEN; i++)
            behind += pow((double)changed[i] - (double)out[i], 2);
        sum += 0.5 * log10(behind / before);
    }
    expect_gain(s->steps[s->n_steps - 1].gain, sum / DIRECTIONS, 0.05);
    b_free(&b);
}

/* x + 9 x, 100 times: the sums are infinite from the 39th on.  Up to there gains are right, and
 * behind it nothing is said to vanish. */
Test(blocks, that_explode_beyond_float)
{
    enum { N = 100, FINITE = 37 };
    struct build b = b_new("g");
    const struct signal *s = measured(&b, chain(&b, N, 9.0f), 1, four);

    for (int i = 0; i < FINITE; i++) {
        expect_gain(step_named(s, arena_printf(b.arena, "add%d_out", i))->gain, i + 1, 1e-4);
        expect_gain(s->blocks[i].own, 1, EXACT);
        cr_expect(fabs(s->blocks[i].ratio - 9) < 1e-4);
    }
    cr_expect_not(step_named(s, "add99_out")->gain.known);
    cr_expect_not(s->blocks[N - 1].own.known);
    cr_expect_not(s->blocks[0].rest.known);
    cr_expect(isnan(s->blocks[N - 1].ratio));
    cr_expect(warning_of(&b, s, SIGNAL_NONFINITE, false));
    cr_expect(warning_of(&b, s, SIGNAL_EXPLODES, false));
    cr_expect_not(warning_of(&b, s, SIGNAL_VANISHES, false));
    b_free(&b);
}

Test(blocks, work_limits_how_many_have_a_gain_to_the_output)
{
    enum { N = 100 };
    static const double all = 0;
    struct build b = b_new("g");
    struct value *y = chain(&b, N, 0.5f);
    struct signal_options opt = { .directions = 1, .seed = 1, .work = all };
    const struct signal *s = measured(&b, y, 1, opt);
    const struct tensor in = { "x", DT_F32, b.g->inputs[0]->shape, arena_alloc(b.arena, 128) };
    const struct tensor *const set = &in;
    int n = 0, last = -1, longest = 0;

    cr_expect_eq(s->n_rest, SIGNAL_MOST_REST);
    opt.work = 1;
    s = signal_measure(b.g, &set, 1, &opt, NULL, NULL);
    cr_expect_eq(s->n_rest, 0);
    cr_expect(s->blocks[N / 2].own.known && !s->blocks[N / 2].rest.known);

    opt.work = 3e5; /* both modes; a sweep takes about 2e4 */
    s = signal_measure(b.g, &set, 1, &opt, NULL, NULL);
    for (int i = 0; i < N; i++)
        if (s->blocks[i].rest.known) {
            longest = i - last > longest ? i - last : longest;
            last = i;
            n++;
        }
    cr_expect_eq(n, s->n_rest);
    cr_expect(n > 2 && n < N / 2, "%d", n);
    cr_expect_leq(longest, N / n + 1, "they are evenly spaced");
    b_free(&b);
}

Test(warnings, a_dead_layer_is_named)
{
    static const float x[] = { -1, -2, -3, -4 };
    struct build b = b_new("g");
    struct value *y = rectified(&b, "dead", b_input(&b, "x", DT_F32, 1, 1, 2, 2));
    const struct signal *s = measured_on(&b, scaled(&b, "after", y, 1, 1.0f), x);
    const struct signal_warning *w = warning_of(&b, s, SIGNAL_DEAD, false);

    cr_assert(w);
    cr_expect_str_eq(w->step->node->name, "dead");
    cr_expect_eq(w->n, 2);
    b_free(&b);
}

Test(warnings, what_is_no_number_is_counted_and_left_out)
{
    static const float x[] = { 1, NAN, 3, -INFINITY };
    struct build b = b_new("g");
    struct value *in = b_input(&b, "x", DT_F32, 1, 1, 2, 2);
    const struct signal *s = measured_on(&b, b_node(&b, &op_unary_NEG, "neg", in)->out[0], x);
    const struct signal_warning *w = warning_of(&b, s, SIGNAL_NONFINITE, false);

    cr_assert(w);
    cr_expect_str_eq(w->step->node->name, "neg");
    cr_expect_eq(s->steps[0].stats.n_nonfinite, 2);
    cr_expect(fabs(s->steps[0].stats.mean + 2) < 1e-12);
    expect_gain(s->steps[0].gain, 0.5 * log10(0.5), 0.3);
    b_free(&b);
}

Test(warnings, saturation_is_no_fault)
{
    static const float x[] = { 40, 50, 60, 70 };
    struct build b = b_new("g");
    struct value *y = b_node(&b, &op_unary_SIGMOID, "s", b_input(&b, "x", DT_F32, 4))->out[0];
    int n;

    signal_warnings(b.g, measured_on(&b, y, x), &n);
    cr_expect_eq(n, 0);
    b_free(&b);
}

/* 0.05^4 is 6e-6, 0.05^5 is 3e-7; with a bias the signal keeps its size. */
Test(warnings, vanishing_begins_below_a_millionth)
{
    for (int n = 4; n <= 7; n += 3)
        for (int with_bias = 0; with_bias < 2; with_bias++) {
            struct build b = b_new("g");
            struct value *y = b_input(&b, "x", DT_F32, 1, 1, 4, 4);

            for (int i = 1; i <= n; i++) {
                struct value *w = b_filled(&b, "w", 0.05f, 1, 1, 1, 1);
                struct value *bias = with_bias ? b_filled(&b, "b", 1.0f, 1) : NULL;

                y = b_conv_of(&b, arena_printf(b.arena, "f%d", i), y, w, bias)->out[0];
            }
            const struct signal *s = measured(&b, y, 1, four);
            const struct signal_warning *w = warning_of(&b, s, SIGNAL_VANISHES, false);

            cr_expect_eq(w != NULL, n == 7);
            cr_expect(!w || (strcmp(w->step->node->name, "f5") == 0 && w->n == 3));
            cr_expect_not(warning_of(&b, s, SIGNAL_EXPLODES, false));
            b_free(&b);
        }
}

/* The signal may explode without the change. */
Test(warnings, an_offset_that_explodes)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 1, 4, 4);
    struct value *y = added(&b, "far", x, b_filled(&b, "c", 1e7f, 1));
    const struct signal *s = measured(&b, y, 1, four);

    cr_assert(warning_of(&b, s, SIGNAL_EXPLODES, false));
    expect_gain(s->steps[0].gain, 0, EXACT);
    b_free(&b);
}

static size_t peak(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (size_t)u.ru_maxrss * 1024;
}

/* 400 values of 1 MiB, each with four changes: what lives at a time is a few of them. */
Test(signal, deep_networks_need_no_more_memory)
{
    enum { N = 400, MIB = 1 << 20 };
    struct build b = b_new("g");
    struct value *y = b_input(&b, "x", DT_F32, 1, 16, 128, 128);

    for (int i = 0; i < N; i++)
        y = b_node(&b, &op_unary_NEG, arena_printf(b.arena, "n%d", i), y)->out[0];
    const size_t before = peak();

    measured(&b, y, 1, four);
    cr_expect_leq(peak() - before, 40 * (size_t)MIB);
    b_free(&b);
}
