// SPDX-License-Identifier: Apache-2.0
#include "models.h"

#include "base/arena.h"
#include "model.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed_of(const char *name)
{
    uint32_t seed = 2166136261u;

    for (const char *p = name; *p; p++)
        seed = (seed ^ (unsigned char)*p) * 16777619u;
    return seed;
}

/* Weights of `dims` numbers in `shape`, such that a sum over all but the first
 * dimension of values of about 1 is of about 1. */
static void scaled_weight(struct model *m, const char *name, const int *dims, int n_dims)
{
    struct arena *a = model_arena(m);
    const char *shape = "";
    uint32_t seed = seed_of(name);
    int n = 1, window = 1;

    for (int i = 0; i < n_dims; i++) {
        shape = arena_printf(a, "%s%s%d", shape, i ? "," : "", dims[i]);
        n *= dims[i];
        window *= i ? dims[i] : 1;
    }
    float *x = arena_new_n(a, float, n);

    for (int i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = ((float)(seed >> 8) * 0x1p-24f - 0.5f) * 2.5f / sqrtf((float)window);
    }
    model_initialiser(m, name, DT_F32, shape, x);
}

/* Y = act(Conv(X) with a bias), of oc filters for ic channels each. */
static const char *conv(struct model *m, const char *x, const char *y, int ic, int oc, int k,
                        const char *attributes, const char *act)
{
    struct arena *a = model_arena(m);
    const char *out = act ? arena_printf(a, "%s.c", y) : y;

    scaled_weight(m, arena_printf(a, "%s.w", y), (int[]){ oc, ic, k, k }, 4);
    scaled_weight(m, arena_printf(a, "%s.b", y), (int[]){ oc }, 1);
    model_node(m, "Conv", arena_printf(a, "%s %s.w %s.b", x, y, y), out, attributes);
    if (act)
        model_node(m, act, out, y, NULL);
    return y;
}

static void classifier(struct model *m, const char *x, int c, const char *batch)
{
    scaled_weight(m, "fc.w", (int[]){ 10, c }, 2);
    scaled_weight(m, "fc.b", (int[]){ 10 }, 1);
    model_node(m, "GlobalAveragePool", x, "pooled", NULL);
    model_node(m, "Flatten", "pooled", "flat", NULL);
    model_node(m, "Gemm", "flat fc.w fc.b", "scores", "transB=1");
    model_output(m, "scores", DT_F32, arena_printf(model_arena(m), "%s,10", batch));
}

/* No number of channels is a multiple of 16, no size one of 4; two pictures. */
static void odd(struct model *m)
{
    model_input(m, "x", DT_F32, "2,3,31,27");
    conv(m, "x", "stem", 3, 7, 7, "strides=[2,2] pads=[3,3,3,3]", "Relu");
    model_node(m, "MaxPool", "stem", "p", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]");
    conv(m, "p", "a", 7, 21, 3, "pads=[1,1,1,1]", "Relu");
    conv(m, "a", "b", 21, 21, 3, "pads=[1,1,1,1]", NULL);
    model_node(m, "Add", "a b", "sum", NULL);
    model_node(m, "Relu", "sum", "c", NULL);
    conv(m, "c", "d", 21, 37, 1, NULL, "Relu");
    conv(m, "d", "e", 37, 19, 3, "strides=[2,2] pads=[1,1,1,1]", "LeakyRelu");
    model_node(m, "AveragePool", "e", "f", "kernel_shape=[2,2] ceil_mode=1 pads=[1,0,0,1]");
    classifier(m, "f", 19, "2");
}

/* Bottlenecks, one with a projection; outputs in the middle. */
static void bottlenecks(struct model *m)
{
    model_input(m, "x", DT_F32, "1,3,40,40");
    conv(m, "x", "stem", 3, 32, 3, "strides=[2,2] pads=[1,1,1,1]", "Relu");
    conv(m, "stem", "a1", 32, 16, 1, NULL, "Relu");
    conv(m, "a1", "a2", 16, 16, 3, "pads=[1,1,1,1]", "Relu");
    conv(m, "a2", "a3", 16, 32, 1, NULL, NULL);
    model_node(m, "Add", "a3 stem", "sa", NULL);
    model_node(m, "Relu", "sa", "a", NULL);
    conv(m, "a", "b1", 32, 32, 1, NULL, "Relu");
    conv(m, "b1", "b2", 32, 32, 3, "strides=[2,2] pads=[1,1,1,1]", "Relu");
    conv(m, "b2", "b3", 32, 64, 1, NULL, NULL);
    conv(m, "a", "proj", 32, 64, 1, "strides=[2,2]", NULL);
    model_node(m, "Add", "proj b3", "sb", NULL);
    model_node(m, "Relu", "sb", "b", NULL);
    model_output(m, "a", DT_F32, "1,32,20,20");
    model_output(m, "b2", DT_F32, "1,32,10,10");
    model_output(m, "sb", DT_F32, "1,64,10,10");
    classifier(m, "b", 64, "1");
}

/* Inverted residuals, squeeze and excitation, hard swish. */
static void mobile(struct model *m)
{
    model_initialiser(m, "lo", DT_F32, "", (float[]){ 0.0f });
    model_initialiser(m, "hi", DT_F32, "", (float[]){ 6.0f });
    model_input(m, "x", DT_F32, "1,3,32,32");
    conv(m, "x", "stem", 3, 24, 3, "strides=[2,2] pads=[1,1,1,1]", "HardSwish");
    conv(m, "stem", "e1", 24, 60, 1, NULL, NULL);
    model_node(m, "Clip", "e1 lo hi", "e2", NULL);
    conv(m, "e2", "d1", 1, 60, 3, "pads=[1,1,1,1] group=60", NULL);
    model_node(m, "Clip", "d1 lo hi", "d2", NULL);
    conv(m, "d2", "l", 60, 24, 1, NULL, NULL);
    model_node(m, "Add", "l stem", "s", NULL);
    conv(m, "s", "d3", 1, 24, 5, "strides=[2,2] pads=[2,2,2,2] group=24", "Relu");
    model_node(m, "GlobalAveragePool", "d3", "g", NULL);
    conv(m, "g", "g1", 24, 8, 1, NULL, "Relu");
    conv(m, "g1", "g2", 8, 24, 1, NULL, "HardSigmoid");
    model_node(m, "Mul", "d3 g2", "se", NULL);
    conv(m, "se", "o", 24, 40, 1, NULL, "Tanh");
    classifier(m, "o", 40, "1");
}

/* Groups, dilation, pads of four kinds, tall and wide kernels. */
static void grouped(struct model *m)
{
    model_input(m, "x", DT_F32, "1,32,18,15");
    conv(m, "x", "a", 4, 32, 3, "pads=[1,1,1,1] group=8", "Relu");
    conv(m, "a", "b", 16, 32, 3, "pads=[2,2,2,2] dilations=[2,2] group=2", "Relu");
    conv(m, "b", "c", 8, 64, 3, "pads=[1,1,1,1] strides=[2,2] group=4", "Relu");
    conv(m, "c", "d", 1, 64, 3, "pads=[0,2,3,1] group=64", NULL);
    conv(m, "d", "e", 64, 20, 5, "pads=[4,0,1,2] strides=[1,2]", "Relu");
    conv(m, "e", "f", 2, 20, 3, "group=10 pads=[1,1,1,1]", "Sigmoid");
    conv(m, "f", "g", 20, 16, 2, NULL, "Relu");
    model_output(m, "g", DT_F32, NULL);
    model_output(m, "c", DT_F32, NULL);
}

/* Steps that know no blocks between steps that may; views; one dimension. */
static void mixed(struct model *m)
{
    struct arena *a = model_arena(m);

    model_input(m, "x", DT_F32, "2,16,8,8");
    model_input(m, "signal", DT_F32, "2,20,50");
    conv(m, "x", "a", 16, 16, 3, "pads=[1,1,1,1]", "Relu");
    model_node(m, "Softmax", "a", "b", "axis=1");
    model_node(m, "Add", "a b", "c", NULL);
    conv(m, "c", "d", 16, 24, 3, "pads=[1,1,1,1]", NULL);
    model_node(m, "Concat", "a d c", "e", "axis=1");
    conv(m, "e", "f", 56, 32, 1, NULL, "Relu");
    model_node(m, "Reshape", "f rows", "g", NULL);
    model_node(m, "Transpose", "g", "h", "perm=[0,2,1]");
    model_node(m, "Reshape", "h maps", "i", NULL);
    conv(m, "i", "j", 64, 16, 3, "pads=[1,1,1,1]", "Elu");
    model_node(m, "LRN", "j", "k", "size=3");
    model_node(m, "MaxPool", "k", "l where", "kernel_shape=[2,2]");
    model_node(m, "Sub", "l scalar", "y", NULL);
    model_initialiser(m, "scalar", DT_F32, "", (float[]){ 0.5f });
    model_initialiser(m, "rows", DT_I64, "3", (int64_t[]){ 2, 32, 64 });
    model_initialiser(m, "maps", DT_I64, "4", (int64_t[]){ 2, 64, 8, 4 });
    scaled_weight(m, "w1", (int[]){ 33, 20, 3 }, 3);
    scaled_weight(m, "w2", (int[]){ 16, 33, 5 }, 3);
    model_node(m, "Conv", "signal w1", "s1", "pads=[1,1]");
    model_node(m, "Relu", "s1", "s2", NULL);
    model_node(m, "Conv", "s2 w2", "s3", "strides=[2] pads=[2,2]");
    model_node(m, "GlobalMaxPool", "s3", arena_strdup(a, "z"), NULL);
    model_output(m, "y", DT_F32, NULL);
    model_output(m, "where", DT_I64, NULL);
    model_output(m, "z", DT_F32, NULL);
}

/* Large enough for threads. */
static void wide(struct model *m)
{
    model_input(m, "x", DT_F32, "1,3,56,56");
    conv(m, "x", "stem", 3, 64, 7, "strides=[2,2] pads=[3,3,3,3]", "Relu");
    conv(m, "stem", "a", 64, 64, 3, "pads=[1,1,1,1]", "Relu");
    conv(m, "a", "b", 64, 64, 3, "pads=[1,1,1,1]", NULL);
    model_node(m, "Add", "b stem", "s", NULL);
    model_node(m, "Relu", "s", "c", NULL);
    conv(m, "c", "d", 64, 128, 1, NULL, "Relu");
    conv(m, "d", "e", 1, 128, 3, "pads=[1,1,1,1] group=128", "Relu");
    conv(m, "e", "f", 128, 64, 3, "pads=[1,1,1,1] strides=[2,2]", "Relu");
    conv(m, "f", "g", 8, 64, 3, "pads=[1,1,1,1] group=8", "Relu");
    conv(m, "g", "h", 64, 128, 3, "pads=[1,1,1,1] strides=[2,2]", "Relu");
    conv(m, "h", "i", 128, 128, 3, "pads=[1,1,1,1]", "Relu");
    classifier(m, "i", 128, "1");
}

const struct e2e_model e2e_native_models[] = {
    { "odd", 13, odd },
    { "bottlenecks", 13, bottlenecks },
    { "mobile", 14, mobile },
    { "grouped", 13, grouped },
    { "mixed", 13, mixed },
    { "wide", 13, wide },
};
const int n_e2e_native_models = sizeof e2e_native_models / sizeof *e2e_native_models;
