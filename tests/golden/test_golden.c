// SPDX-License-Identifier: Apache-2.0
/* Small models and the C they become, byte for byte.  RESC_UPDATE_GOLDEN=1
 * writes the files anew: read the difference before committing it. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/out_set.h"
#include "compile.h"
#include "config.h"
#include "model.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 0.25, -0.5, 0.75, -1, ...: short in a file, never the same twice in a row. */
static const float *ramp(struct arena *a, int n)
{
    float *x = arena_new_n(a, float, n);

    for (int i = 0; i < n; i++)
        x[i] = (float)(i % 7 + 1) * (i % 2 ? -0.5f : 0.25f);
    return x;
}

static void weight(struct model *m, const char *name, const char *shape, int n)
{
    model_initialiser(m, name, DT_F32, shape, ramp(model_arena(m), n));
}

static void batch_norm(struct model *m, const char *name, const char *x, const char *y, int c)
{
    static const float ones[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
    struct arena *a = model_arena(m);
    const char *shape = arena_printf(a, "%d", c);

    weight(m, arena_printf(a, "%s.weight", name), shape, c);
    weight(m, arena_printf(a, "%s.bias", name), shape, c);
    weight(m, arena_printf(a, "%s.running_mean", name), shape, c);
    model_initialiser(m, arena_printf(a, "%s.running_var", name), DT_F32, shape, ones);
    model_node(m, "BatchNormalization",
               arena_printf(a, "%s %s.weight %s.bias %s.running_mean %s.running_var", x, name, name,
                            name, name), y, NULL);
    model_node_name(m, name);
}

static void named(struct model *m, const char *op, const char *in, const char *out,
                  const char *attributes, const char *name)
{
    model_node(m, op, in, out, attributes);
    model_node_name(m, name);
}

/* An identity block, a block with a 1x1 projection, pooling and a classifier. */
static void residual(struct model *m)
{
    model_input(m, "image", DT_F32, "1,2,6,6");
    weight(m, "conv1.weight", "2,2,3,3", 36);
    weight(m, "conv2.weight", "2,2,3,3", 36);
    weight(m, "conv3.weight", "4,2,3,3", 72);
    weight(m, "proj.weight", "4,2,1,1", 8);
    weight(m, "proj.bias", "4", 4);
    weight(m, "fc.weight", "3,4", 12);
    weight(m, "fc.bias", "3", 3);
    named(m, "Conv", "image conv1.weight", "a", "pads=[1,1,1,1]", "conv1");
    batch_norm(m, "bn1", "a", "b", 2);
    named(m, "Relu", "b", "c", NULL, "relu1");
    named(m, "Conv", "c conv2.weight", "d", "pads=[1,1,1,1]", "conv2");
    batch_norm(m, "bn2", "d", "e", 2);
    named(m, "Add", "e image", "f", NULL, "add1");
    named(m, "Relu", "f", "g", NULL, "relu2");
    named(m, "Conv", "g conv3.weight", "h", "strides=[2,2] pads=[1,1,1,1]", "conv3");
    named(m, "Conv", "g proj.weight proj.bias", "i", "strides=[2,2]", "proj");
    named(m, "Sum", "h i", "j", NULL, "add2");
    named(m, "Relu", "j", "k", NULL, "relu3");
    named(m, "GlobalAveragePool", "k", "l", NULL, "pool");
    named(m, "Flatten", "l", "n", NULL, "flatten");
    named(m, "Gemm", "n fc.weight fc.bias", "logits", "transB=1", "fc");
    model_output(m, "logits", DT_F32, "1,3");
}

/* Several inputs and outputs of several types, a view as output, names that
 * are words of C or of somebody who means harm. */
static void interface_names(struct model *m)
{
    model_input(m, "int", DT_F32, "2,3");
    model_input(m, "X", DT_F32, "2,3");
    model_input(m, "x", DT_I64, "2");
    weight(m, "table", "4,3", 12);
    named(m, "Gather", "table x", "rows", "axis=0", "*/ exit(1); /*");
    named(m, "Mul", "int X", "y", NULL, "");
    named(m, "Sub", "y rows", "z", NULL, "line\nbreak");
    named(m, "Reshape", "z shape", "flat", NULL, "a view");
    named(m, "ArgMax", "z", "class", "axis=1 keepdims=0", "best");
    const int64_t shape[] = { 6 };

    model_initialiser(m, "shape", DT_I64, "1", shape);
    model_output(m, "flat", DT_F32, "6");
    model_output(m, "class", DT_I64, "2");
}

static const struct golden {
    const char *name;
    void (*build)(struct model *m);
    bool bundle, with_main, selftest;
    enum kernels kernels;
    enum weights_form weights;
} goldens[] = {
    { "residual", residual, .kernels = KERNELS_BLAS },
    { "residual_bundle", residual, .bundle = true, .with_main = true, .kernels = KERNELS_REF },
    { "interface_names", interface_names, .kernels = KERNELS_BLAS },
    { "weights_file", residual, .kernels = KERNELS_BLAS, .weights = WEIGHTS_FILE },
    { "selftest", interface_names, .with_main = true, .selftest = true, .kernels = KERNELS_REF },
    { "native", residual, .kernels = KERNELS_NATIVE, .weights = WEIGHTS_FILE },
};

static void compare(struct arena *a, const char *got_path, const char *name, struct diag *d)
{
    const char *dir = getenv("RESC_GOLDEN");
    const char *path = arena_printf(a, "%s/%s", dir ? dir : ".", name);
    size_t got_size, want_size;
    char *got = file_read(got_path, &got_size, d);

    cr_assert(got);
    if (getenv("RESC_UPDATE_GOLDEN")) {
        struct out_set set = { .arena = a, .diag = d };

        fwrite(got, 1, got_size, out_open(&set, path));
        cr_assert(out_commit(&set));
    }
    char *want = file_read(path, &want_size, d);

    cr_assert(want, "%s: absent; RESC_UPDATE_GOLDEN=1 writes it", name);
    cr_expect(got_size == want_size && memcmp(got, want, got_size) == 0,
              "%s differs; see what changed with RESC_UPDATE_GOLDEN=1 and git diff", name);
    file_release(got);
    file_release(want);
}

Test(golden, files)
{
    for (size_t i = 0; i < sizeof(goldens) / sizeof(*goldens); i++) {
        const struct golden *gold = &goldens[i];

        if (gold->kernels == KERNELS_BLAS && !RESC_HAVE_BLAS) {
            fprintf(stderr, "skipped: %s: resc is built without BLAS\n", gold->name);
            continue;
        }
        struct model *m = model_new(13);
        struct arena *a = model_arena(m);
        struct diag d = diag_new(a, gold->name);
        char dir[] = "resc-golden-XXXXXX";
        const char *extensions[] = { "c", "h", "onnx", "bin" };

        cr_assert(mkdtemp(dir));
        gold->build(m);
        const char *onnx = arena_printf(a, "%s/%s.onnx", dir, gold->name);

        cr_assert(model_write(m, onnx));
        struct compile_options opt = compile_defaults(onnx);

        opt.plan.kernels = gold->kernels;
        opt.emit.c_path = arena_printf(a, "%s/%s.c", dir, gold->name);
        opt.emit.prefix = gold->name;
        opt.emit.bundle = gold->bundle;
        opt.emit.with_main = gold->with_main;
        opt.emit.selftest = gold->selftest;
        opt.emit.weights = gold->weights;
        opt.emit.weights_path = arena_printf(a, "%s/%s.bin", dir, gold->name);
        cr_assert(compile(a, &opt, NULL, &d));
        for (int k = 0; k < 2; k++)
            compare(a, arena_printf(a, "%s/%s.%s", dir, gold->name, extensions[k]),
                    arena_printf(a, "%s.%s", gold->name, extensions[k]), &d);
        for (int k = 0; k < 4; k++)
            unlink(arena_printf(a, "%s/%s.%s", dir, gold->name, extensions[k]));
        cr_expect_eq(rmdir(dir), 0);
        model_free(m);
    }
}
