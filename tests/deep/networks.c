// SPDX-License-Identifier: Apache-2.0
#include "networks.h"

#include "base/arena.h"
#include "model.h"

#include <math.h>
#include <stdint.h>

struct net {
    struct model *m;
    struct arena *arena;
    uint32_t seed;
    int n; /* names handed out */
};

static struct net net_new(void)
{
    struct model *m = model_new(13);

    return (struct net){ m, model_arena(m), 1, 0 };
}

static const char *new_name(struct net *n, const char *what)
{
    return arena_printf(n->arena, "%s%d", what, n->n++);
}

static const char *weight(struct net *n, const char *shape, int len, double mean, double spread)
{
    const char *name = new_name(n, "w");
    float *x = arena_new_n(n->arena, float, len);

    for (int i = 0; i < len; i++) {
        n->seed = n->seed * 1664525u + 1013904223u;
        x[i] = (float)(mean + spread * ((double)(n->seed >> 8) * 0x1p-23 - 1.0));
    }
    model_initialiser(n->m, name, DT_F32, shape, x);
    return name;
}

/* Conv and BatchNormalization; `gain`: of the latter. */
static const char *conv(struct net *n, const char *x, int ic, int oc, int kernel, int stride,
                        double gain)
{
    struct arena *a = n->arena;
    const char *y = new_name(n, "conv"), *z = new_name(n, "bn"), *c = arena_printf(a, "%d", oc);
    const int fan_in = ic * kernel * kernel, pad = kernel / 2;
    const char *w = weight(n, arena_printf(a, "%d,%d,%d,%d", oc, ic, kernel, kernel), oc * fan_in, 0,
                           sqrt(3.0 / fan_in));

    model_node(n->m, "Conv", arena_printf(a, "%s %s", x, w), y,
               arena_printf(a, "strides=[%d,%d] pads=[%d,%d,%d,%d]", stride, stride, pad, pad, pad, pad));
    const char *scale = weight(n, c, oc, gain, 0.1 * gain), *shift = weight(n, c, oc, 0, 0.1);
    const char *mean = weight(n, c, oc, 0, 0.1), *var = weight(n, c, oc, 1, 0.1);

    model_node(n->m, "BatchNormalization",
               arena_printf(a, "%s %s %s %s %s", y, scale, shift, mean, var), z, NULL);
    return z;
}

static const char *apply(struct net *n, const char *op, const char *x, const char *attributes)
{
    const char *y = new_name(n, "t");

    model_node(n->m, op, x, y, attributes);
    return y;
}

static const char *add(struct net *n, const char *x, const char *y)
{
    return apply(n, "Relu", apply(n, "Add", arena_printf(n->arena, "%s %s", x, y), NULL), NULL);
}

static const char *bottleneck(struct net *n, const char *x, int ic, int width, int stride)
{
    const int oc = 4 * width;
    const char *y = apply(n, "Relu", conv(n, x, ic, width, 1, 1, 1.0), NULL);

    y = apply(n, "Relu", conv(n, y, width, width, 3, stride, 1.0), NULL);
    y = conv(n, y, width, oc, 1, 1, 0.25);
    return add(n, y, ic == oc && stride == 1 ? x : conv(n, x, ic, oc, 1, stride, 1.0));
}

static struct model *classifier(struct net *n, const char *x, int channels, int classes)
{
    struct arena *a = n->arena;
    const char *flat = apply(n, "Flatten", apply(n, "GlobalAveragePool", x, NULL), NULL);
    const char *w = weight(n, arena_printf(a, "%d,%d", classes, channels), classes * channels, 0,
                           sqrt(3.0 / channels));
    const char *b = weight(n, arena_printf(a, "%d", classes), classes, 0, 1);

    model_node(n->m, "Gemm", arena_printf(a, "%s %s %s", flat, w, b), "logits", "transB=1");
    model_output(n->m, "logits", DT_F32, arena_printf(a, "1,%d", classes));
    return n->m;
}

struct model *bottleneck_network(const int blocks[4], int width, int size)
{
    struct net n = net_new();
    int channels = width;

    model_input(n.m, "image", DT_F32, arena_printf(n.arena, "1,3,%d,%d", size, size));
    const char *x = apply(&n, "Relu", conv(&n, "image", 3, width, 7, 2, 1.0), NULL);

    x = apply(&n, "MaxPool", x, "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]");
    for (int stage = 0; stage < 4; stage++)
        for (int i = 0; i < blocks[stage]; i++) {
            const int inner = width << stage;

            x = bottleneck(&n, x, channels, inner, i == 0 && stage ? 2 : 1);
            channels = 4 * inner;
        }
    return classifier(&n, x, channels, 1000);
}

struct model *basic_network(int n_blocks, int width, int size)
{
    struct net n = net_new();

    model_input(n.m, "image", DT_F32, arena_printf(n.arena, "1,3,%d,%d", size, size));
    const char *x = apply(&n, "Relu", conv(&n, "image", 3, width, 3, 1, 1.0), NULL);

    for (int i = 0; i < n_blocks; i++) {
        const char *y = apply(&n, "Relu", conv(&n, x, width, width, 3, 1, 1.0), NULL);

        x = add(&n, conv(&n, y, width, width, 3, 1, 0.05), x);
    }
    return classifier(&n, x, width, 10);
}
