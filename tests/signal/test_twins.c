// SPDX-License-Identifier: Apache-2.0
/* `resc inspect --signal` on the networks of examples/depth: through a deep plain one
 * changes vanish or explode, through its residual twin they do not. */
#include "base/arena.h"
#include "json_scan.h"
#include "process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 120, MIB = 1 << 20 };

struct twin {
    double gain, cut_gain; /* log10, to the last step; -INFINITY: nothing arrives */
    bool warned;           /* of vanishing or exploding, with the skips */
    size_t peak;
    const char *json;      /* what is said of the signal */
};

static struct process run(struct arena *a, const char *dir, const char *program, const char *args)
{
    return process_run(a, dir, (const char *[]){
        "sh", "-c", arena_printf(a, "exec \"$%s\" %s", program, args), NULL }, NULL, SECONDS);
}

/* `key`: with quotes and colon.  null, which nothing arrived, is no number. */
static double log_gain(const char *step, const char *end, const char *key)
{
    const char *at = strstr(step, key);

    return at && at < end ? json_value(at, end, "log10_mean", -INFINITY) : -INFINITY;
}

/* What inspect says of the network that depth makes with `args`. */
static struct twin inspected(struct arena *a, const char *args)
{
    const char *dir = folder_new(a), *end = NULL, *last = NULL, *last_end = NULL;
    struct process p = run(a, dir, "DEPTH_BIN", arena_printf(a, "%s -o net.onnx", args));

    cr_assert_eq(p.status, 0, "%s: %s", args, p.err);
    p = run(a, dir, "RESC_BIN", "inspect net.onnx --signal --directions=2 --json");
    cr_assert_eq(p.status, 0, "%s: %s", args, p.err);
    const char *json = strstr(p.out, "\"signal\":{");

    for (const char *s = json_first(json, "steps", &end); s; s = json_next(end, &end)) {
        last = s;
        last_end = end;
    }
    cr_assert(last);
    struct twin t = { .gain = log_gain(last, last_end, "\"gain\":"),
                      .cut_gain = log_gain(last, last_end, "\"cut_gain\":"),
                      .peak = p.peak, .json = json };

    for (const char *w = json_first(last_end, "warnings", &end); w; w = json_next(end, &end))
        t.warned |= !json_is_true(w, end, "skips_cut");
    folder_remove(dir);
    return t;
}

/* Weights that shrink every change to a third: 10^-33 and 10^-590 of it are left.  With the
 * skips cut, the residual network is its plain twin. */
Test(twins, without_normalisation, .timeout = SECONDS)
{
    static const int depths[] = { 56, 1001 };
    struct arena *a = arena_new();

    for (int i = 0; i < 2; i++) {
        const char *args = arena_printf(a, "--depth %d --width 4 --size 4 --norm none --gain 0.3",
                                        depths[i]);
        const struct twin residual = inspected(a, args);
        const struct twin plain = inspected(a, arena_printf(a, "%s --plain", args));

        cr_expect_lt(plain.gain, -depths[i] / 2);
        cr_expect(plain.warned);
        cr_expect(fabs(residual.gain) < 3, "10^%g", residual.gain);
        cr_expect_not(residual.warned);
        cr_expect(fabs(residual.cut_gain - plain.gain) < 1e-3, "10^%g and 10^%g",
                  residual.cut_gain, plain.gain);
    }
    arena_free(a);
}

/* Batch normalisation keeps the signal's size, not that of a change: in plain networks that
 * grows by a fifth each layer, in residual ones with a power of the depth. */
Test(twins, with_batch_normalisation, .timeout = SECONDS)
{
    static const struct {
        int depth;
        double plain_least, residual_most;
    } cases[] = { { 56, 1.5, 1.5 }, { 1001, 60, 5 } };
    struct arena *a = arena_new();

    for (int i = 0; i < 2; i++) {
        const char *args = arena_printf(a, "--depth %d --width 4 --size 8", cases[i].depth);
        const struct twin residual = inspected(a, args);
        const struct twin plain = inspected(a, arena_printf(a, "%s --plain", args));

        cr_expect(plain.gain > cases[i].plain_least, "10^%g", plain.gain);
        cr_expect(residual.gain > 0 && residual.gain < cases[i].residual_most, "10^%g",
                  residual.gain);
        cr_expect_eq(plain.warned, cases[i].depth == 1001);
        cr_expect_not(residual.warned);
        cr_expect_leq(residual.peak, 96 * (size_t)MIB);
    }
    arena_free(a);
}

/* The statistics are right if what is normalised has about mean 0 and variance 1, on a picture
 * that they were not taken from. */
Test(twins, batch_normalisation_normalises, .timeout = SECONDS)
{
    struct arena *a = arena_new();
    const struct twin t = inspected(a, "--depth 20 --seed 5");
    const char *end;
    int n = 0;

    for (const char *s = json_first(t.json, "steps", &end); s; s = json_next(end, &end)) {
        const char *node = json_text(a, s, end, "node");

        if (!strstr(node, "(BatchNormalization)"))
            continue;
        cr_expect(fabs(json_value(s, end, "mean", NAN)) < 0.2, "%s", node);
        cr_expect(fabs(json_value(s, end, "rms", NAN) - 1) < 0.3, "%s", node);
        n++;
    }
    cr_expect_eq(n, 19 + 2, "that of two projections, too");
    arena_free(a);
}

Test(twins, zero_init_leaves_every_second_branch_empty, .timeout = SECONDS)
{
    static const char *const args[] = {
        "--depth 20 --width 4 --size 8 --zero-init", "--depth 29 --width 4 --size 8 --zero-init",
        "--depth 20 --width 4 --size 8 --zero-init --norm none",
    };
    struct arena *a = arena_new();

    for (int i = 0; i < 3; i++) {
        const struct twin t = inspected(a, args[i]);
        const char *end;
        int n = 0;

        for (const char *b = json_first(t.json, "blocks", &end); b; b = json_next(end, &end), n++)
            cr_expect_eq(json_value(b, end, "ratio", NAN) > 0, n % 2 == 0, "%s: block %d", args[i],
                         n);
        cr_expect_eq(n, 9, "%s", args[i]);
    }
    arena_free(a);
}

/* The exact rewrites take those branches out, and with them the work of their convolutions. */
Test(twins, empty_branches_are_removed, .timeout = SECONDS)
{
    /* Two of 4 channels on 8x8; of 4 to 8 and 8 on 4x4; two of 8 there; two of 16 on 2x2. */
    static const int saved = 9 * (2 * 64 * 4 * 4 + 16 * (4 * 8 + 8 * 8) + 2 * 16 * 8 * 8 +
                                  2 * 4 * 16 * 16);
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    struct process p = run(a, dir, "DEPTH_BIN", "--depth 20 --width 4 --size 8 --zero-init -o z");
    int n = 0;

    cr_assert_eq(p.status, 0, "%s", p.err);
    p = run(a, dir, "RESC_BIN", "inspect z --json");
    const double macs = json_value(p.out, NULL, "macs", NAN);

    for (const char *at = p.out; (at = strstr(at, "\"pass\":\"remove_zero_branch\"")); at++)
        n++;
    cr_expect_eq(n, 4, "%s", p.out);
    p = run(a, dir, "RESC_BIN", "inspect z --json --no-exact-rewrites");
    cr_expect_eq(json_value(p.out, NULL, "macs", NAN) - macs, saved, "%s", p.out);
    p = run(a, dir, "RESC_BIN", "verify z");
    cr_expect_eq(p.status, 0, "%s%s", p.out, p.err);
    folder_remove(dir);
    arena_free(a);
}

Test(twins, weights_are_those_of_the_seed, .timeout = SECONDS)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    struct process p = { .status = 0 };

    cr_assert(shell(a, &p, "cd %s && d=\"$DEPTH_BIN --depth 20 --width 4 --size 8\" && "
                    "$d -o a && $d -o b && $d --seed 2 -o c && cmp a b && ! cmp -s a c", dir));
    folder_remove(dir);
    arena_free(a);
}

Test(twins, wrong_usage)
{
    static const char *const args[] = {
        "", "--depth 20", "-o x", "--depth 21 -o x", "--depth 20 --norm layer -o x",
        "--depth 20 --plain --zero-init -o x", "--depth 20 --gain 0 -o x", "--depth 2 -o x",
        "--depth 20 --size 0 -o x", "--depth 20 -o x y",
    };
    struct arena *a = arena_new();
    const char *dir = folder_new(a);

    for (size_t i = 0; i < sizeof args / sizeof *args; i++) {
        const struct process p = run(a, dir, "DEPTH_BIN", args[i]);

        cr_expect_eq(p.status, 2, "%s", args[i]);
        cr_expect(strstr(p.err, "usage: depth"), "%s", args[i]);
    }
    cr_expect_eq(run(a, dir, "DEPTH_BIN", "--depth 20 --norm none -o no/x").status, 1);
    folder_remove(dir);
    arena_free(a);
}

Test(lesson, scale_doubles)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    struct process p = run(a, dir, "LESSON_BIN", "scale -o scale.onnx");

    cr_assert_eq(p.status, 0, "%s", p.err);
    p = run(a, dir, "RESC_BIN", "inspect scale.onnx --signal --data . --json");
    const char *step = strstr(p.out, "\"steps\":[{");

    cr_expect(fabs(json_value(step, NULL, "mean", NAN) - 17) < 1e-9, "%s", p.out);
    cr_expect(fabs(json_value(step, NULL, "log10_mean", NAN) - log10(2)) < 1e-6, "%s", p.out);
    folder_remove(dir);
    arena_free(a);
}

Test(lesson, mixer_shrinks_the_channels)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a);
    struct process p = run(a, dir, "LESSON_BIN", "mixer -o mixer.onnx");

    cr_assert_eq(p.status, 0, "%s", p.err);
    p = run(a, dir, "RESC_BIN", "inspect mixer.onnx --json");
    cr_expect_eq(json_value(p.out, NULL, "macs", NAN), 28 * 28 * 192 * 32);
    folder_remove(dir);
    arena_free(a);
}

/* Each branch a tenth of that before, the block ever nearer to the identity. */
Test(lesson, shrinking_weights_lead_to_the_identity)
{
    struct arena *a = arena_new();
    const char *dir = folder_new(a), *end;
    struct process p = run(a, dir, "LESSON_BIN", "shrink -o shrink.onnx");
    double last = 20;
    int n = 0;

    cr_assert_eq(p.status, 0, "%s", p.err);
    p = run(a, dir, "RESC_BIN", "inspect shrink.onnx --signal --json");
    for (const char *b = json_first(p.out, "blocks", &end); b; b = json_next(end, &end), n++) {
        const double ratio = json_value(b, end, "ratio", NAN);

        cr_expect(n == 4 ? ratio == 0 : ratio > last / 20 && ratio < last / 5, "%g", ratio);
        last = ratio;
    }
    cr_expect_eq(n, 5);
    cr_expect_eq(run(a, dir, "LESSON_BIN", "none -o x").status, 2);
    folder_remove(dir);
    arena_free(a);
}
