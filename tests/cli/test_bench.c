// SPDX-License-Identifier: Apache-2.0
/* resc bench: what it prints, not how fast anything is. */
#include "base/arena.h"
#include "command.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* double.onnx, with a folder of its own for temporary files. */
static struct world world_with_model(void)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    mkdir(in_world(&w, "tmp"), 0777);
    w.env = arena_printf(w.arena, "TMPDIR=%s", in_world(&w, "tmp"));
    return w;
}

/* The number after "key": in a JSON text. */
static double field(const struct world *w, const char *json, const char *key)
{
    const char *name = arena_printf(w->arena, "\"%s\":", key);
    const char *at = strstr(json, name);

    cr_assert(at, "no %s in %s", name, json);
    return strtod(at + strlen(name), NULL);
}

Test(bench, prints_times_and_sizes)
{
    struct world w = world_with_model();
    const struct outcome o = resc_words(&w, "bench net.onnx --runs=3");

    cr_assert_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "net.onnx: 3 runs, 1 thread\n  median "), "%s", o.out);
    cr_expect(strstr(o.out, "\n  minimum "), "%s", o.out);
    cr_expect(strstr(o.out, "% of the peak\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  workspace "), "%s", o.out);
    cr_expect_not(strstr(o.out, "  step "), "%s", o.out);
    cr_expect_str_empty(list(&w, "tmp"), "the temporary folder is gone");
    world_end(&w);
}

Test(bench, json_has_every_figure)
{
    struct world w = world_with_model();
    const struct outcome o = resc_words(&w, "bench net.onnx --json --runs=4 --layers -DN=2");

    cr_assert_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect_str_empty(o.err);
    cr_expect(strstr(o.out, "\"command\":\"bench\""), "%s", o.out);
    cr_expect(strstr(o.out, "\"status\":\"ok\""), "%s", o.out);
    cr_expect(strstr(o.out, "\"isa\":\""), "%s", o.out);
    cr_expect_eq(field(&w, o.out, "runs"), 4);
    cr_expect_eq(field(&w, o.out, "threads"), 1);
    cr_expect_eq(field(&w, o.out, "macs"), 32, "one for each of 2x1x4x4 elements");
    cr_expect_gt(field(&w, o.out, "peak_gflops"), 0);
    cr_expect_geq(field(&w, o.out, "median_ms"), field(&w, o.out, "min_ms"));
    cr_expect_geq(field(&w, o.out, "gflops"), 0);
    cr_expect_geq(field(&w, o.out, "percent_of_peak"), 0);
    cr_expect_geq(field(&w, o.out, "weights_bytes"), 4);
    cr_expect_geq(field(&w, o.out, "workspace_bytes"), 0);
    const char *layers = strstr(o.out, "\"layers\":[{\"step\":1,");

    cr_assert(layers, "%s", o.out);
    cr_expect(strstr(layers, "\"kernel\":\"resc_"), "%s", layers);
    cr_expect_geq(field(&w, layers, "median_ms"), field(&w, layers, "min_ms"));
    cr_expect_geq(field(&w, layers, "share_percent"), 0);
    world_end(&w);
}

Test(bench, layers_are_a_table)
{
    struct world w = world_with_model();
    const struct outcome o = resc_words(&w, "bench net.onnx --runs 2 --layers --kernels=ref");

    cr_assert_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "\n  step  kernel "), "%s", o.out);
    cr_expect(strstr(o.out, "\n     1  conv2d_f32_ref "), "%s", o.out);
    cr_expect(strstr(o.out, "[1,1,4,4] "), "%s", o.out);
    world_end(&w);
}

Test(bench, batch_is_dimension_0_where_it_is_open)
{
    struct world w = world_with_model();
    struct outcome o = resc_words(&w, "bench net.onnx --batch=3 --runs=1 --json");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "\"shape\":[3,1,4,4]"), "%s", o.out);
    o = resc_words(&w, "bench net.onnx --batch=3 --runs=1");
    cr_expect(strstr(o.out, "  a picture "), "%s", o.out);
    o = resc_words(&w, "bench net.onnx --batch=3 -DN=2");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "dimension \"N\" is 3 by --batch=3, but 2 elsewhere"), "%s", o.err);
    world_end(&w);
}

Test(bench, threads_build_with_openmp)
{
    struct world w = world_with_model();
    const struct outcome o =
        resc_words(&w, "bench net.onnx --threads=2 --runs=2 --cc-flags=-O1 --keep=made");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, ": 2 runs, 2 threads\n"), "%s", o.out);
    cr_expect(strstr(o.out, ", 2 cores\n"), "%s", o.out);
    cr_expect(strstr(list(&w, "made"), "model.c"), "%s", list(&w, "made"));
    world_end(&w);
}

Test(bench, says_what_is_wrong)
{
    static const struct {
        const char *words, *says;
        int status;
    } rows[] = {
        { "bench net.onnx --runs=0", "'--runs=0': wanted a whole number from 1 to", 2 },
        { "bench net.onnx --runs=1.5", "wanted a whole number", 2 },
        { "bench net.onnx --threads=-1", "not negative", 2 },
        { "bench net.onnx --threads=100000", "from 1 to 1024", 2 },
        { "bench net.onnx --batch=x", "wanted a number", 2 },
        { "bench", "no model given", 2 },
        { "bench missing.onnx", "cannot read 'missing.onnx'", 1 },
        { "bench net.onnx --cc-flags=-no-such-flag", "the C compiler failed", 1 },
    };
    struct world w = world_with_model();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct outcome o = resc_words(&w, rows[i].words);

        cr_expect_eq(o.status, rows[i].status, "%s: %d", rows[i].words, o.status);
        cr_expect(strstr(o.err, rows[i].says), "%s: %s", rows[i].words, o.err);
    }
    const struct outcome o = resc_words(&w, "bench missing.onnx --json");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "\"status\":\"failed\""), "%s", o.out);
    world_end(&w);
}
