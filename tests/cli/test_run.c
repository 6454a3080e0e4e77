// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/diag.h"
#include "command.h"
#include "cli/npy.h"
#include "onnx/load.h"
#include "write_one.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct world world_with_inputs(void)
{
    struct world w = world_new();
    struct diag d = diag_new(w.arena, "test");
    struct tensor t;

    write_doubler(&w, "net.onnx");
    write_ramp(&w, "x.pb", 1, 1.0f, 1.0f);
    cr_assert(onnx_read_tensor(w.arena, in_world(&w, "x.pb"), &t, &d));
    cr_assert(write_one(npy_write, in_world(&w, "x.npy"), &t, &d));
    FILE *f = fopen(in_world(&w, "x.raw"), "wb");

    cr_assert_eq(fwrite(t.data, sizeof(float), 16, f), 16);
    fclose(f);
    return w;
}

/* The worked example of the source notes: 1...16 doubled. */
static void expect_doubled(const struct world *w, const char *name)
{
    struct diag d = diag_new(w->arena, "test");
    struct tensor t = { 0 };
    const char *path = in_world(w, name);
    const float *y;

    if (strstr(name, ".npy"))
        cr_assert(npy_read(w->arena, path, &t, &d));
    else if (strstr(name, ".pb"))
        cr_assert(onnx_read_tensor(w->arena, path, &t, &d));
    if (t.data) {
        cr_expect_eq(t.type, DT_F32);
        const struct shape wanted = shape_of(1, 1, 4, 4);

        cr_expect(shape_equal(&t.shape, &wanted));
        y = t.data;
    } else {
        float *raw = arena_new_n(w->arena, float, 17);
        FILE *f = fopen(path, "rb");

        cr_assert(f, "%s", name);
        cr_expect_eq(fread(raw, sizeof(float), 17, f), 16);
        fclose(f);
        y = raw;
    }
    for (int i = 0; i < 16; i++)
        cr_expect_eq(y[i], 2.0f * (float)(i + 1), "%s: y[%d] is %g", name, i, (double)y[i]);
}

Test(run, reads_and_writes_pb_npy_and_raw)
{
    static const struct { const char *args, *output; } cases[] = {
        { "run net.onnx -i x.pb", "y.npy" },
        { "run net.onnx -i x.npy --format=pb", "y.pb" },
        { "run net.onnx -ix.raw --format=raw", "y.raw" },
        { "run net.onnx x.npy -o z.pb", "z.pb" },
        { "run net.onnx x.npy -o z.bin", "z.bin" },
        { "run net.onnx x.pb -o made/", "made/y.npy" },
        { "run net.onnx x.pb --interpret -o made/", "made/y.npy" },
        { "run net.onnx x.raw --interpret -o made --format=raw", "made/y.raw" },
    };
    struct world w = world_with_inputs();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        remove(in_world(&w, cases[i].output));
        const struct outcome o = resc_words(&w, cases[i].args);

        cr_expect_eq(o.status, 0, "'%s': %s", cases[i].args, o.err);
        cr_expect(strstr(o.out, "y f32[1,1,4,4] -> "), "%s", o.out);
        cr_expect(strstr(o.out, "\n  2 4 6 8 10 12 14 16 ...\n"), "%s", o.out);
        expect_doubled(&w, cases[i].output);
    }
    world_end(&w);
}

Test(run, the_interpreter_needs_no_compiler)
{
    struct world w = world_with_inputs();

    w.env = "CC=false";
    cr_expect_eq(resc_words(&w, "run net.onnx -i x.pb").status, 1);
    cr_expect_eq(resc_words(&w, "run net.onnx -i x.pb --interpret").status, 0);
    expect_doubled(&w, "y.npy");
    world_end(&w);
}

Test(run, data_fix_the_batch)
{
    struct world w = world_with_inputs();

    write_ramp(&w, "three.pb", 3, 0.0f, 1.0f);
    const struct outcome o = resc_words(&w, "run net.onnx -i three.pb --json");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "{\"file\":\"./y.npy\",\"name\":\"y\",\"type\":\"f32\","
                            "\"shape\":[3,1,4,4]}"), "%s", o.out);
    cr_expect(strstr(o.out, "\"status\":\"ok\""), "%s", o.out);
    world_end(&w);
}

Test(run, says_what_is_wrong_with_its_files)
{
    static const struct { const char *args, *says; } cases[] = {
        { "run net.onnx", "0 input files given, the model has 1 input" },
        { "run net.onnx -i x.raw x.raw", "2 input files given" },
        { "run net.onnx -i short.raw", "input 'x': 'short.raw' has 5 bytes, wanted 64 for "
                                       "f32[1,1,4,4]" },
        { "run net.onnx -i x.raw -D N=2", "has 64 bytes, wanted 128" },
        { "run net.onnx -i missing.npy", "cannot read" },
        { "run net.onnx -i bad.npy", "error" },
        { "run net.onnx -i bad.pb", "error" },
        { "run net.onnx -i x.raw -o a.npy -o b.npy", "2 output files named, the model has 1" },
        { "run net.onnx -i x.raw -o net.onnx/y.npy", "Not a directory" },
    };
    struct world w = world_with_inputs();

    write_text(&w, "short.raw", "12345");
    write_text(&w, "bad.npy", "12345");
    write_text(&w, "bad.pb", "12345");
    const char *before = list(&w, "");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outcome o = resc_words(&w, cases[i].args);

        cr_expect_eq(o.status, 1, "'%s': %d", cases[i].args, o.status);
        cr_expect(strstr(o.err, cases[i].says), "'%s': %s", cases[i].args, o.err);
        cr_expect_str_empty(o.out);
    }
    cr_expect_str_eq(list(&w, ""), before);
    world_end(&w);
}
