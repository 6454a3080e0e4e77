// SPDX-License-Identifier: Apache-2.0
/* What `inspect --signal` prints; whether the figures are right is tested in tests/signal/. */
#include "base/arena.h"
#include "command.h"
#include "json_check.h"
#include "model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* y = relu(x + factor * x) of one channel, x f32[1,1,4,4] */
static void write_block_of(const struct world *w, const char *name, const char *join, float factor)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,1,4,4");
    model_initialiser(m, "w", DT_F32, "1,1,1,1", &factor);
    model_node(m, "Conv", "x w", "branch", NULL);
    model_node_name(m, "half");
    model_node(m, "Add", "x branch", "sum", NULL);
    model_node_name(m, join);
    model_node(m, "Relu", "sum", "y", NULL);
    model_output(m, "y", DT_F32, "1,1,4,4");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

static void write_block(const struct world *w, const char *name, const char *join)
{
    write_block_of(w, name, join, 0.5f);
}

/* Neg of Neg of ..., named neg0, neg1, ... */
static void write_chain(const struct world *w, const char *name, int n)
{
    struct model *m = model_new(13);
    const char *x = "x";

    model_input(m, x, DT_F32, "1,2");
    for (int i = 0; i < n; i++) {
        const char *y = arena_printf(model_arena(m), "neg%d", i);

        model_node(m, "Neg", x, y, NULL);
        x = y;
    }
    model_output(m, x, DT_F32, "1,2");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

static struct world new_world(void)
{
    struct world w = world_new();

    write_block(&w, "net.onnx", "join");
    write_ramp(&w, "one.pb", 1, 1, 1);
    return w;
}

Test(signal, text)
{
    struct world w = new_world();
    struct outcome o = resc_words(&w, "inspect net.onnx --signal --data .");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "\nsignal: 1 data set, 4 directions, seed 1\n"), "%s", o.out);
    /* 1 to 16: RMS 9.67, mean 8.5 */
    cr_expect(strstr(o.out, "     1      4.83      4.25         8   0.0%       0.5 x1    |"
                            "      4.83       0.5  half (Conv)\n"), "%s", o.out);
    cr_expect(strstr(o.out, "     2      14.5      12.8        24   0.0%       1.5 x1    |"
                            "      4.83       0.5  join (Add)\n"), "%s", o.out);
    cr_expect(strstr(o.out, "      1    0.5      1.5       0.5       1.5       0.5  join (Add)\n"),
              "%s", o.out);
    cr_expect(strstr(o.out, "\n  gain from the inputs to the last step: 1.5 (x1); with every skip "
                            "cut: 0.5 (x1)\n"), "%s", o.out);
    cr_expect_not(strstr(o.out, "warning"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx --signal --directions=1 --seed=9");
    cr_expect(strstr(o.out, "\nsignal: random inputs, 1 direction, seed 9\n"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx");
    cr_expect_not(strstr(o.out, "signal"), "only if asked");
    world_end(&w);
}

Test(signal, json)
{
    struct world w = new_world();
    const struct outcome o = resc_words(&w, "inspect net.onnx --signal --data . --json");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_null(json_fault(o.out), "%s", o.out);
    cr_expect(strstr(o.out, "\"signal\":{\"inputs\":\"1 data set\",\"data_sets\":1,"
                            "\"directions\":4,\"seed\":1,"), "%s", o.out);
    cr_expect(strstr(o.out, "{\"node\":\"join (Add)\",\"value\":\"sum\",\"stats\":{"), "%s", o.out);
    cr_expect(strstr(o.out, "\"blocks\":[{\"join\":\"join (Add)\",\"projection\":false,"
                            "\"ratio\":0.5,\"own\":{\"measured\":true,\"log10_mean\":0.176"), "%s",
              o.out);
    cr_expect(strstr(o.out, "\"warnings\":[]"), "%s", o.out);
    world_end(&w);
}

/* All of them are x = 0: nothing, or no number, to divide by. */
Test(signal, zeros_are_said_and_make_no_bad_json)
{
    struct world w = world_new();

    write_block(&w, "net.onnx", "join");
    write_ramp(&w, "zero.pb", 1, 0, 0);
    struct outcome o = resc_words(&w, "inspect net.onnx --signal --data .");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "  warning: every element is 0, from half (Conv) on, in 3 steps\n"),
              "%s", o.out);
    cr_expect_not(strstr(o.out, "nan"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx --signal --data . --json");
    cr_expect_null(json_fault(o.out), "%s", o.out);
    cr_expect(strstr(o.out, "{\"fault\":\"dead\",\"skips_cut\":false,\"node\":\"half (Conv)\","
                            "\"steps\":3}"), "%s", o.out);
    world_end(&w);
}

/* Neither they nor what comes of them is a number of JSON. */
Test(signal, weights_that_are_no_numbers_make_no_bad_json)
{
    static const float factors[] = { NAN, INFINITY, 3e38f };

    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        struct world w = world_new();

        write_block_of(&w, "net.onnx", "join", factors[i]);
        const struct outcome o = resc_words(&w, "inspect net.onnx --signal --json");

        cr_expect_eq(o.status, 0, "%s", o.err);
        cr_expect_null(json_fault(o.out), "%s", o.out);
        cr_expect_eq(strstr(o.out, "{\"fault\":\"nonfinite\"") != NULL, i < 2, "%s", o.out);
        world_end(&w);
    }
}

Test(signal, of_many_steps_some_are_printed)
{
    struct world w = world_new();

    write_chain(&w, "net.onnx", 1000);
    const char *some = strstr(resc_words(&w, "inspect net.onnx --signal").out, "\nsignal:");
    const char *all = strstr(resc_words(&w, "inspect net.onnx --signal -v").out, "\nsignal:");
    int lines = 0;

    cr_assert(some && all);
    for (const char *p = some; (p = strchr(p, '\n')); p++)
        lines++;
    cr_expect_leq(lines, 70, "%s", some);
    cr_expect(strstr(some, "\n  one step in 17 is shown; -v shows all\n"), "%s", some);
    cr_expect(strstr(some, "  neg999 (Neg)\n"), "the last is always there");
    cr_expect_not(strstr(some, "  neg1 (Neg)\n"));
    cr_expect(strstr(all, "  neg1 (Neg)\n") && strstr(all, "  neg998 (Neg)\n"));
    world_end(&w);
}

Test(signal, names_are_escaped)
{
    struct world w = world_new();

    write_block(&w, "net.onnx", "evil\x1b[2J\"\n");
    struct outcome o = resc_words(&w, "inspect net.onnx --signal");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_not(strchr(o.out, '\x1b'), "%s", o.out);
    cr_expect(strstr(o.out, "evil\\x1b[2J\"\\x0a (Add)\n"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx --signal --json");
    cr_expect_null(json_fault(o.out), "%s", o.out);
    world_end(&w);
}

Test(signal, wrong_usage_and_wrong_data)
{
    static const char *const usage[] = {
        "--directions=0", "--directions=1.5", "--directions=1001", "--directions=many", "--seed=-1",
        "--seed=x", "--seed=0.5", "--seed=1e300", "--data",
    };
    struct world w = new_world();
    struct outcome o;

    o = resc_words(&w, "inspect net.onnx --seed 2");
    cr_expect_eq(o.status, 2, "without --signal");
    for (size_t i = 0; i < sizeof usage / sizeof *usage; i++) {
        o = resc(&w, "inspect", "net.onnx", "--signal", usage[i], NULL);
        cr_expect_eq(o.status, 2, "%s", usage[i]);
        cr_expect_str_empty(o.out, "%s", usage[i]);
    }
    o = resc_words(&w, "inspect net.onnx --signal --data absent");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "no data in 'absent'"), "%s", o.err);
    write_ramp(&w, "two.pb", 2, 1, 1);
    o = resc_words(&w, "inspect net.onnx --signal --data . --json");
    cr_expect_eq(o.status, 1);
    cr_expect_null(json_fault(o.out), "%s", o.out);
    cr_expect(strstr(o.out, "\"status\":\"failed\""), "%s", o.out);
    world_end(&w);
}
