// SPDX-License-Identifier: Apache-2.0
#include "faults.h"

#include "base/arena.h"
#include "model.h"
#include "onnx.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPILE "compile bad.onnx -o bad.c"

static void write_bytes(struct arena *a, const char *dir, const void *bytes, size_t size)
{
    FILE *f = fopen(arena_printf(a, "%s/bad.onnx", dir), "wb");

    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
        abort();
}

static void finish(struct model *m, const char *dir)
{
    if (!model_write(m, arena_printf(model_arena(m), "%s/bad.onnx", dir)))
        abort();
    model_free(m);
}

/* y = relu(conv(x, w)); nothing wrong with it yet. */
static struct model *good(int opset)
{
    struct model *m = model_new(opset);

    model_input(m, "x", DT_F32, "1,2,5,5");
    model_initialiser(m, "w", DT_F32, "3,2,3,3", NULL);
    model_node(m, "Conv", "x w", "c", NULL);
    model_node_name(m, "conv");
    model_node(m, "Relu", "c", "y", NULL);
    model_node_name(m, "relu");
    model_output(m, "y", DT_F32, "1,3,3,3");
    return m;
}

static void nothing(struct arena *a, const char *dir)
{
    (void)a, (void)dir;
}

static void empty(struct arena *a, const char *dir)
{
    write_bytes(a, dir, "", 0);
}

static void prose(struct arena *a, const char *dir)
{
    static const char text[] = "This is no model.\n";

    write_bytes(a, dir, text, sizeof text - 1);
}

static void truncated(struct arena *a, const char *dir)
{
    struct model *m = good(13);
    size_t size;
    const unsigned char *bytes = model_bytes(m, &size);

    write_bytes(a, dir, bytes, size - 100);
    model_free(m);
}

static void too_new(struct arena *a, const char *dir)
{
    (void)a;
    finish(good(99), dir);
}

/* Several, one of them twice, one of another domain: one line each. */
static void unknown_operators(struct arena *a, const char *dir)
{
    struct model *m = good(13);

    (void)a;
    model_node(m, "NonMaxSuppression", "y y", "n", NULL);
    model_node_name(m, "nms");
    model_node(m, "Resize", "y - - s", "r1", NULL);
    model_node_name(m, "up/1");
    model_node(m, "Resize", "y - - s", "r2", NULL);
    model_node_name(m, "up/2");
    model_node(m, "FusedConv", "x w", "f", NULL);
    model_node_name(m, "fused");
    model_node_domain(m, "com.microsoft");
    model_initialiser(m, "s", DT_F32, "4", NULL);
    finish(m, dir);
}

static void open_dimensions(struct arena *a, const char *dir)
{
    struct model *m = model_new(13);

    (void)a;
    model_input(m, "image", DT_F32, "N,3,height,?");
    model_input(m, "mask", DT_F32, "N,1,height,8");
    model_node(m, "Mul", "image mask", "y", NULL);
    model_output(m, "y", DT_F32, NULL);
    finish(m, dir);
}

static void wrong_types(struct arena *a, const char *dir)
{
    struct model *m = model_new(13);

    (void)a;
    model_input(m, "x", DT_I64, "1,2,5,5");
    model_input(m, "b", DT_BOOL, "3");
    model_initialiser(m, "w", DT_F32, "3,2,3,3", NULL);
    model_node(m, "Conv", "x w", "c", NULL);
    model_node_name(m, "conv");
    model_node(m, "Add", "b b", "d", NULL);
    model_node_name(m, "add");
    model_node(m, "Sigmoid", "x", "e", NULL);
    model_node_name(m, "sigmoid");
    model_output(m, "c", DT_F32, NULL);
    model_output(m, "d", DT_F32, NULL);
    model_output(m, "e", DT_F32, NULL);
    finish(m, dir);
}

static void types_of_inputs(struct arena *a, const char *dir)
{
    struct model *m = model_new(13);

    (void)a;
    model_input(m, "x", DT_F64, "2");
    model_input(m, "y", DT_F16, "2");
    model_node(m, "Add", "x y", "z", NULL);
    model_output(m, "z", DT_F64, "2");
    finish(m, dir);
}

/* The weights of `good` in a file beside it. */
static void external(struct model *m, const char *location)
{
    Onnx__TensorProto *w = model_proto(m)->graph->initializer[0];
    static Onnx__StringStringEntryProto entry = ONNX__STRING_STRING_ENTRY_PROTO__INIT;
    static Onnx__StringStringEntryProto *entries[] = { &entry };

    w->has_raw_data = false;
    w->has_data_location = true;
    w->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    entry.key = "location";
    entry.value = arena_strdup(model_arena(m), location);
    w->external_data = entries;
    w->n_external_data = 1;
}

static void missing_external_data(struct arena *a, const char *dir)
{
    struct model *m = good(13);

    (void)a;
    external(m, "weights.bin");
    finish(m, dir);
}

static void external_data_elsewhere(struct arena *a, const char *dir)
{
    struct model *m = good(13);

    (void)a;
    external(m, "../secret.bin");
    finish(m, dir);
}

static void short_external_data(struct arena *a, const char *dir)
{
    struct model *m = good(13);
    FILE *f = fopen(arena_printf(a, "%s/weights.bin", dir), "wb");

    if (!f || fputs("12345678", f) < 0 || fclose(f) != 0)
        abort();
    external(m, "weights.bin");
    finish(m, dir);
}

/* Faults of three nodes that do not depend on one another. */
static void several_at_once(struct arena *a, const char *dir)
{
    struct model *m = model_new(13);

    (void)a;
    model_input(m, "x", DT_F32, "1,2,5,5");
    model_initialiser(m, "w", DT_F32, "3,4,3,3", NULL);
    model_initialiser(m, "shape", DT_I64, "2", (int64_t[]){ 7, -1 });
    model_node(m, "Conv", "x w", "c", NULL);
    model_node_name(m, "conv");
    model_node(m, "Relu", "c", "d", NULL);
    model_node(m, "Reshape", "x shape", "e", NULL);
    model_node_name(m, "reshape");
    model_node(m, "Softmax", "x", "f", "axis=4");
    model_node_name(m, "softmax");
    model_output(m, "d", DT_F32, NULL);
    model_output(m, "e", DT_F32, NULL);
    model_output(m, "f", DT_F32, NULL);
    finish(m, dir);
}

/* Of the attributes, which are read before shapes are known. */
static void attributes(struct arena *a, const char *dir)
{
    struct model *m = good(13);

    (void)a;
    model_node(m, "MaxPool", "y", "p", NULL);
    model_node_name(m, "pool");
    model_node(m, "Conv", "x w", "q", "strides=[0,1]");
    model_node_name(m, "still");
    model_node(m, "Gemm", "x w", "r", "transA=0.5");
    model_node_name(m, "gemm");
    finish(m, dir);
}

static void name_of_harm(struct arena *a, const char *dir)
{
    struct model *m = model_new(13);

    (void)a;
    model_input(m, "x", DT_F32, "2");
    model_node(m, "No\x1b[2Jsuch\nOp", "x", "y", NULL);
    model_node_name(m, "a\rb");
    model_output(m, "y", DT_F32, "2");
    finish(m, dir);
}

static void fine(struct arena *a, const char *dir)
{
    (void)a;
    finish(good(13), dir);
}

static void folder_is_a_file(struct arena *a, const char *dir)
{
    FILE *f = fopen(arena_printf(a, "%s/file", dir), "wb");

    if (!f || fclose(f) != 0)
        abort();
    fine(a, dir);
}

static void full_disk(struct arena *a, const char *dir)
{
    if (symlink("/dev/full", arena_printf(a, "%s/full.c", dir)) != 0)
        abort();
    fine(a, dir);
}

static void output_is_a_folder(struct arena *a, const char *dir)
{
    if (mkdir(arena_printf(a, "%s/out.c", dir), 0777) != 0)
        abort();
    fine(a, dir);
}

const struct fault faults[] = {
#define FAULT(name, args, says) { #name, name, args, says },
#include "faults.def"
#undef FAULT
};
const int n_faults = sizeof faults / sizeof *faults;
