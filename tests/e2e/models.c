// SPDX-License-Identifier: Apache-2.0
#include "models.h"

#include "base/arena.h"
#include "model.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>

void random_weight(struct model *m, const char *name, const char *shape)
{
    uint32_t seed = 2166136261u;
    size_t n = 1;

    for (const char *p = name; *p; p++)
        seed = (seed ^ (unsigned char)*p) * 16777619u;
    for (const char *p = shape; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        n *= (size_t)strtol(p, NULL, 10);
    float *x = arena_new_n(model_arena(m), float, n + 1);

    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = (float)(seed >> 8) * 0x1p-24f - 0.5f;
    }
    model_initialiser(m, name, DT_F32, shape, x);
}

static void ints(struct model *m, const char *name, int n, const int64_t *x)
{
    model_initialiser(m, name, DT_I64, arena_printf(model_arena(m), "%d", n), x);
}

#define INTS(m, name, ...) \
    ints(m, name, (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
         (int64_t[]){ __VA_ARGS__ })

static void batch_norm(struct model *m, const char *x, const char *y, int c)
{
    struct arena *a = model_arena(m);
    const char *shape = arena_printf(a, "%d", c);
    float *ones = arena_new_n(a, float, c);

    for (int i = 0; i < c; i++)
        ones[i] = 1.0f + 0.125f * (float)i;
    random_weight(m, arena_printf(a, "%s.scale", y), shape);
    random_weight(m, arena_printf(a, "%s.shift", y), shape);
    random_weight(m, arena_printf(a, "%s.mean", y), shape);
    model_initialiser(m, arena_printf(a, "%s.var", y), DT_F32, shape, ones);
    model_node(m, "BatchNormalization",
               arena_printf(a, "%s %s.scale %s.shift %s.mean %s.var", x, y, y, y, y), y, NULL);
}

/* An identity block, one with a projection, a classifier. */
static void residual(struct model *m)
{
    model_input(m, "image", DT_F32, "2,4,9,9");
    random_weight(m, "w1", "4,4,3,3");
    random_weight(m, "w2", "4,4,3,3");
    random_weight(m, "w3", "8,4,3,3");
    random_weight(m, "wp", "8,4,1,1");
    random_weight(m, "fc.w", "5,8");
    random_weight(m, "fc.b", "5");
    model_node(m, "Conv", "image w1", "a", "pads=[1,1,1,1]");
    batch_norm(m, "a", "b", 4);
    model_node(m, "Relu", "b", "c", NULL);
    model_node(m, "Conv", "c w2", "d", "pads=[1,1,1,1]");
    batch_norm(m, "d", "e", 4);
    model_node(m, "Add", "image e", "f", NULL);
    model_node(m, "Relu", "f", "g", NULL);
    model_node(m, "Conv", "g w3", "h", "strides=[2,2] pads=[1,1,1,1]");
    batch_norm(m, "h", "i", 8);
    model_node(m, "Conv", "g wp", "j", "strides=[2,2]");
    model_node(m, "Sum", "i j", "k", NULL);
    model_node(m, "Relu", "k", "l", NULL);
    model_node(m, "GlobalAveragePool", "l", "p", NULL);
    model_node(m, "Flatten", "p", "q", NULL);
    model_node(m, "Gemm", "q fc.w fc.b", "logits", "transB=1");
    model_node(m, "Softmax", "logits", "probabilities", "axis=1");
    model_output(m, "logits", DT_F32, "2,5");
    model_output(m, "probabilities", DT_F32, "2,5");
}

/* Depthwise, grouped, dilated, one-dimensional convolutions. */
static void convolutions(struct model *m)
{
    model_input(m, "x", DT_F32, "1,6,12,11");
    model_input(m, "signal", DT_F32, "2,3,20");
    random_weight(m, "dw", "6,1,3,3");
    random_weight(m, "pw", "8,6,1,1");
    random_weight(m, "pb", "8");
    random_weight(m, "gw", "4,4,3,2");
    random_weight(m, "ow", "5,3,4");
    random_weight(m, "ob", "5");
    random_weight(m, "slope", "8,1,1");
    model_node(m, "Conv", "x dw", "a", "group=6 strides=[2,1] auto_pad=SAME_UPPER");
    model_node(m, "Clip", "a lo hi", "b", NULL);
    model_node(m, "Conv", "b pw pb", "c", "strides=[1,2]");
    model_node(m, "PRelu", "c slope", "d", NULL);
    model_node(m, "Conv", "d gw", "e", "group=2 dilations=[2,1] pads=[2,0,1,1]");
    model_node(m, "LeakyRelu", "e", "f", "alpha=0.125");
    model_node(m, "Conv", "signal ow ob", "g", "strides=[3] pads=[2,1] dilations=[2]");
    model_node(m, "Clip", "g lo inf", "i", NULL); /* an infinite parameter */
    model_node(m, "HardSwish", "i", "h", NULL);
    model_initialiser(m, "inf", DT_F32, "", (float[]){ INFINITY });
    model_initialiser(m, "lo", DT_F32, "", (float[]){ 0.0f });
    model_initialiser(m, "hi", DT_F32, "", (float[]){ 6.0f });
    model_output(m, "f", DT_F32, NULL);
    model_output(m, "h", DT_F32, NULL);
}

static void pools(struct model *m)
{
    model_input(m, "x", DT_F32, "2,3,10,9");
    model_node(m, "MaxPool", "x", "a", "kernel_shape=[3,2] strides=[2,2] ceil_mode=1 pads=[1,0,1,1]");
    model_node(m, "AveragePool", "x", "b",
               "kernel_shape=[3,2] strides=[2,2] ceil_mode=1 pads=[1,0,1,1] count_include_pad=1");
    model_node(m, "AveragePool", "x", "c", "kernel_shape=[3,2] strides=[2,2] ceil_mode=1 pads=[1,0,1,1]");
    model_node(m, "Concat", "a b c", "all", "axis=1");
    model_node(m, "MaxPool", "all", "d where", "kernel_shape=[2,2] dilations=[2,2]");
    model_node(m, "GlobalMaxPool", "d", "e", NULL);
    model_node(m, "GlobalAveragePool", "d", "f", NULL);
    model_node(m, "LRN", "d", "g", "size=3 alpha=0.5 beta=0.75 bias=1.5");
    model_node(m, "Transpose", "g", "h", "perm=[0,2,3,1]");
    model_node(m, "Pad", "h pads", "i", "mode=reflect");
    INTS(m, "pads", 0, 1, 1, 0, 0, 1, 0, 2);
    model_output(m, "e", DT_F32, NULL);
    model_output(m, "f", DT_F32, NULL);
    model_output(m, "i", DT_F32, NULL);
    model_output(m, "where", DT_I64, NULL);
}

static void matrices(struct model *m)
{
    model_input(m, "a", DT_F32, "5,7");
    model_input(m, "batch", DT_F32, "2,1,3,4");
    random_weight(m, "b", "6,5");
    random_weight(m, "c", "6");
    random_weight(m, "d", "3,4,6");
    model_node(m, "Gemm", "a b c1", "g", "transA=1 transB=1 alpha=0.5 beta=2.0");
    model_node(m, "Unsqueeze", "c zero", "c1", NULL);
    model_node(m, "MatMul", "batch d", "p", NULL);
    model_node(m, "LogSoftmax", "p", "q", "axis=2");
    model_node(m, "ReduceMean", "q", "r", "axes=[1,3] keepdims=0");
    model_node(m, "ReduceSum", "q", "total", "keepdims=0");
    model_node(m, "Split", "q", "s t", "axis=3");
    model_node(m, "Sub", "s t", "u", NULL);
    INTS(m, "zero", 0);
    model_output(m, "g", DT_F32, "7,6");
    model_output(m, "r", DT_F32, NULL);
    model_output(m, "total", DT_F32, "");
    model_output(m, "u", DT_F32, NULL);
}

/* Integers, bools, indices. */
static void integers(struct model *m)
{
    model_input(m, "index", DT_I64, "4");
    model_input(m, "flag", DT_BOOL, "2,2");
    model_input(m, "count", DT_I32, "2,2");
    random_weight(m, "table", "5,3");
    model_node(m, "Gather", "table index", "rows", "axis=0");
    model_node(m, "ArgMax", "rows", "best", "axis=1 keepdims=0");
    model_node(m, "Cast", "flag", "flag32", "to=6");
    model_node(m, "Add", "flag32 count", "sum32", NULL);
    model_node(m, "Mul", "sum32 count", "product32", NULL);
    model_node(m, "Cast", "product32", "as_bool", "to=9");
    model_node(m, "Cast", "rows", "as_int", "to=7");
    model_node(m, "Add", "best index", "sum64", NULL);
    model_node(m, "Shape", "rows", "shape", NULL);
    model_output(m, "best", DT_I64, "4");
    model_output(m, "product32", DT_I32, "2,2");
    model_output(m, "as_bool", DT_BOOL, "2,2");
    model_output(m, "as_int", DT_I64, "4,3");
    model_output(m, "sum64", DT_I64, "4");
    model_output(m, "shape", DT_I64, "2");
}

/* No elements at all, and exactly one. */
static void sizes(struct model *m)
{
    model_input(m, "none", DT_F32, "0,3");
    model_input(m, "some", DT_F32, "2,3");
    model_input(m, "scalar", DT_F32, "");
    model_node(m, "Relu", "none", "still_none", NULL);
    model_node(m, "Concat", "none some", "both", "axis=0");
    model_node(m, "ReduceSum", "both", "sum", "keepdims=0");
    model_node(m, "Mul", "sum scalar", "product", NULL);
    model_node(m, "Slice", "some start start axes", "empty", NULL);
    INTS(m, "start", 1);
    INTS(m, "axes", 1);
    model_output(m, "still_none", DT_F32, "0,3");
    model_output(m, "product", DT_F32, "");
    model_output(m, "empty", DT_F32, "2,0");
}

/* Outputs that are inputs, constants, views of one another, or also read inside. */
static void views(struct model *m)
{
    /* A shape that is an output, and that a Reshape needs as a constant. */
    model_input(m, "plane", DT_F32, "2,3");
    model_input(m, "like", DT_F32, "3,2");
    model_node(m, "Shape", "like", "dims", NULL);
    model_node(m, "Reshape", "plane dims", "turned", NULL);
    model_output(m, "dims", DT_I64, "2");
    model_output(m, "turned", DT_F32, "3,2");
    model_input(m, "x", DT_F32, "2,6");
    random_weight(m, "w", "3,4");
    model_node(m, "Identity", "x", "same", NULL);
    model_node(m, "Reshape", "x shape", "shaped", NULL);
    model_node(m, "Relu", "shaped", "r", NULL);
    model_node(m, "Flatten", "r", "flat", NULL);
    model_node(m, "Reshape", "flat shape", "back", NULL);
    model_node(m, "Add", "back w", "sum", NULL);
    model_node(m, "Identity", "w", "constant", NULL);
    model_node(m, "Squeeze", "wide", "narrow", NULL);
    model_node(m, "Exp", "sum", "e", NULL);
    model_node(m, "Unsqueeze", "e axes", "wide", NULL);
    INTS(m, "shape", 3, 4);
    INTS(m, "axes", 0);
    model_output(m, "same", DT_F32, "2,6");
    model_output(m, "r", DT_F32, "3,4");
    model_output(m, "flat", DT_F32, "3,4");
    model_output(m, "sum", DT_F32, "3,4");
    model_output(m, "constant", DT_F32, "3,4");
    model_output(m, "wide", DT_F32, "1,3,4");
    model_output(m, "narrow", DT_F32, "3,4");
}

/* Every function of one element, and of two with broadcasting. */
static void elementwise(struct model *m)
{
    static const char *const unary[] = { "Relu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish",
                                         "Elu", "Neg", "Exp", "LeakyRelu" };
    static const char *const binary[] = { "Add", "Sub", "Mul", "Div", "Max", "Min" };
    struct arena *a = model_arena(m);
    const char *last = "x", *sum = "x";

    model_input(m, "x", DT_F32, "2,3,4");
    model_input(m, "y", DT_F32, "3,1");
    for (size_t i = 0; i < sizeof unary / sizeof *unary; i++) {
        const char *out = arena_printf(a, "u%zu", i), *next = arena_printf(a, "t%zu", i);

        model_node(m, unary[i], last, out, NULL);
        model_node(m, "Add", arena_printf(a, "%s %s", sum, out), next, NULL);
        last = out;
        sum = next;
    }
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++) {
        const char *out = arena_printf(a, "b%zu", i);

        model_node(m, binary[i], arena_printf(a, i % 2 ? "y2 %s" : "%s y2", sum), out, NULL);
        sum = out;
    }
    model_node(m, "Exp", "y", "ey", NULL);
    model_node(m, "Sqrt", "ey", "y2", NULL);
    model_node(m, "Expand", arena_printf(a, "%s big", sum), "expanded", NULL);
    INTS(m, "big", 2, 2, 3, 4);
    model_output(m, "expanded", DT_F32, "2,2,3,4");
}

/* Names of somebody who means harm, or has never seen C. */
static void hostile_names(struct model *m)
{
    enum { LONG = 300 };
    static const char *const names[] = {
        "*/", "int", "?\?/", "\\", "x.y", "x/y", "x_y", "X_y", "hostile_names_run", "main", "weights",
        "ws", "w", "workspace", "NULL", "__FILE__", "1", "\"", "\xc3\xa4\xce\xb2\xe2\x82\xac", "%s%n",
        "/*", "//", "stdin", "errno", "EOF", "float", "_Bool", "bool", "line\nbreak", "\x1b""[31m", "\xff",
        "data", "resc_copy", "struct", "class", "asm", "unix", "linux", "sizeof", "I", "HOSTILE_NAMES_H",
        "exp", "p", "div", "printf", "index", "y1", "RESC_ACT_RELU", "hostile_names", "argv", "die",
        "trace", "read_file", "seconds", "memcpy",
    };
    struct arena *a = model_arena(m);
    char *long_name = arena_alloc(a, LONG + 1);
    const char *last = "restrict", *kept[3] = { "inline", "x.y", "x/y" };

    memset(long_name, 'n', LONG);
    model_input(m, "restrict", DT_F32, "2,3");
    model_input(m, "inline", DT_F32, "2,3");
    model_input(m, "new", DT_F32, "2,3");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        random_weight(m, arena_printf(a, "%s-weight", names[i]), "3");
        model_node(m, i % 2 ? "Mul" : "Sub", arena_printf(a, "%s %s-weight", last, names[i]),
                   names[i], NULL);
        model_node_name(m, names[i]);
        last = names[i];
    }
    model_node(m, "Relu", last, long_name, NULL);
    model_node_name(m, long_name);
    model_node(m, "Add", arena_printf(a, "%s new", long_name), "template", NULL);
    model_node_name(m, long_name);
    model_output(m, "template", DT_F32, "2,3");
    for (int i = 1; i < 3; i++)
        model_output(m, kept[i], DT_F32, "2,3");
    model_output(m, long_name, DT_F32, "2,3");
}

const struct e2e_model e2e_models[] = {
    { "residual", 11, residual },
    { "convolutions", 14, convolutions },
    { "pools", 13, pools },
    { "matrices", 13, matrices },
    { "integers", 13, integers },
    { "sizes", 13, sizes },
    { "views", 13, views },
    { "elementwise", 14, elementwise },
    { "hostile_names", 13, hostile_names },
};
const int n_e2e_models = sizeof e2e_models / sizeof *e2e_models;

const struct e2e_model *e2e_model_named(const char *name)
{
    for (int i = 0; i < n_e2e_models; i++)
        if (strcmp(e2e_models[i].name, name) == 0)
            return &e2e_models[i];
    for (int i = 0; i < n_e2e_native_models; i++)
        if (strcmp(e2e_native_models[i].name, name) == 0)
            return &e2e_native_models[i];
    fprintf(stderr, "no model '%s'\n", name);
    abort();
}
