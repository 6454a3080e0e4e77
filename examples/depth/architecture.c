// SPDX-License-Identifier: Apache-2.0
#include "architecture.h"

#include "base/arena.h"
#include "base/random.h"
#include "net.h"

#include <math.h>

enum { N_STAGES = 3, N_CLASSES = 10, PICTURE_CHANNELS = 3, EXPANSION = 4 };

struct build {
    struct arena *arena;
    struct net *net;
    const struct architecture *o;
};

static bool is_basic(int depth)
{
    return depth > 2 && (depth - 2) % 6 == 0;
}

bool architecture_has_depth(int depth)
{
    return is_basic(depth) || (depth > 2 && (depth - 2) % 9 == 0);
}

static const char *under(const struct build *b, const char *name, const char *part)
{
    return arena_printf(b->arena, "%s/%s", name, part);
}

/* A constant's own random numbers: what else is in the network does not change them. */
static uint64_t seed_of(const struct build *b, const char *name)
{
    uint64_t state = b->o->seed;

    for (const char *c = name; *c; c++)
        state = random_next(&state) ^ (unsigned char)*c;
    return random_next(&state);
}

static const char *weights(const struct build *b, const char *name, const char *shape, int n,
                           int fan_in, double gain)
{
    uint64_t state = seed_of(b, name);
    float *w = net_floats(b->net, name, shape);

    for (int i = 0; i < n; i++)
        w[i] = (float)(gain * sqrt(2.0 / fan_in) * random_normal(&state));
    return name;
}

struct conv {
    int ic, oc, kernel, stride;
    double gain;
};

static const char *conv(const struct build *b, const char *name, const char *x, struct conv c)
{
    const int fan_in = c.ic * c.kernel * c.kernel, pad = c.kernel / 2;
    const char *shape = arena_printf(b->arena, "%d,%d,%d,%d", c.oc, c.ic, c.kernel, c.kernel);
    const char *w = weights(b, under(b, name, "weight"), shape, c.oc * fan_in, fan_in, c.gain);

    return net_node(b->net, "Conv", name, arena_printf(b->arena, "%s %s", x, w),
                    arena_printf(b->arena, "strides=[%d,%d] pads=[%d,%d,%d,%d]", c.stride, c.stride,
                                 pad, pad, pad, pad));
}

static const char *filled(const struct build *b, const char *name, int n, float x)
{
    float *f = net_floats(b->net, name, arena_printf(b->arena, "%d", n));

    for (int i = 0; i < n; i++)
        f[i] = x;
    return name;
}

/* BatchNormalization without a shift, where the network has it. */
static const char *norm(const struct build *b, const char *name, const char *x, int channels,
                        float scale)
{
    if (!b->o->norm)
        return x;
    const char *gamma = filled(b, under(b, name, "scale"), channels, scale);
    const char *beta = filled(b, under(b, name, "shift"), channels, 0);
    const char *mean = filled(b, under(b, name, "mean"), channels, 0);
    const char *variance = filled(b, under(b, name, "variance"), channels, 1);

    return net_node(b->net, "BatchNormalization", name,
                    arena_printf(b->arena, "%s %s %s %s %s", x, gamma, beta, mean, variance), NULL);
}

static const char *relu(const struct build *b, const char *name, const char *x)
{
    return net_node(b->net, "Relu", name, x, NULL);
}

static const char *add(const struct build *b, const char *name, const char *skip,
                       const char *branch)
{
    return net_node(b->net, "Add", name, arena_printf(b->arena, "%s %s", skip, branch), NULL);
}

struct block {
    const char *name;
    int ic, width, stride;
    bool zero; /* the branch gives 0 */
};

static const char *basic_block(const struct build *b, const struct block *k, const char *x)
{
    const double gain = b->o->gain, last_gain = k->zero && !b->o->norm ? 0 : gain;
    const char *y = conv(b, under(b, k->name, "conv1"), x,
                         (struct conv){ k->ic, k->width, 3, k->stride, gain });

    y = relu(b, under(b, k->name, "relu1"), norm(b, under(b, k->name, "norm1"), y, k->width, 1));
    y = conv(b, under(b, k->name, "conv2"), y,
             (struct conv){ k->width, k->width, 3, 1, last_gain });
    y = norm(b, under(b, k->name, "norm2"), y, k->width, k->zero ? 0 : 1);
    if (b->o->plain)
        return relu(b, under(b, k->name, "relu2"), y);
    if (k->ic != k->width) {
        x = conv(b, under(b, k->name, "skip"), x,
                 (struct conv){ k->ic, k->width, 1, k->stride, gain });
        x = norm(b, under(b, k->name, "skip_norm"), x, k->width, 1);
    }
    return relu(b, under(b, k->name, "relu2"), add(b, under(b, k->name, "add"), x, y));
}

static const char *activated(const struct build *b, const struct block *k, int i, const char *x,
                             int channels)
{
    x = norm(b, under(b, k->name, arena_printf(b->arena, "norm%d", i)), x, channels, 1);
    return relu(b, under(b, k->name, arena_printf(b->arena, "relu%d", i)), x);
}

static const char *bottleneck(const struct build *b, const struct block *k, const char *x)
{
    const double gain = b->o->gain;
    const int oc = EXPANSION * k->width;
    const char *first = activated(b, k, 1, x, k->ic);
    const char *y = conv(b, under(b, k->name, "conv1"), first,
                         (struct conv){ k->ic, k->width, 1, 1, gain });

    y = conv(b, under(b, k->name, "conv2"), activated(b, k, 2, y, k->width),
             (struct conv){ k->width, k->width, 3, k->stride, gain });
    y = conv(b, under(b, k->name, "conv3"), activated(b, k, 3, y, k->width),
             (struct conv){ k->width, oc, 1, 1, k->zero ? 0 : gain });
    if (b->o->plain)
        return y;
    if (k->ic != oc)
        x = conv(b, under(b, k->name, "skip"), first,
                 (struct conv){ k->ic, oc, 1, k->stride, gain });
    return add(b, under(b, k->name, "add"), x, y);
}

/* Returns the channels behind it. */
static int stages(const struct build *b, const char **x)
{
    const bool basic = is_basic(b->o->depth);
    const int n_blocks = (b->o->depth - 2) / (basic ? 6 : 9);
    int channels = b->o->width, index = 0;

    for (int stage = 0; stage < N_STAGES; stage++)
        for (int i = 0; i < n_blocks; i++) {
            const struct block k = {
                .name = arena_printf(b->arena, "stage%d/block%d", stage + 1, i + 1),
                .ic = channels, .width = b->o->width << stage, .stride = stage && !i ? 2 : 1,
                .zero = b->o->zero_init && index++ % 2,
            };

            *x = basic ? basic_block(b, &k, *x) : bottleneck(b, &k, *x);
            channels = basic ? k.width : EXPANSION * k.width;
        }
    return channels;
}

static void classifier(const struct build *b, const char *x, int channels)
{
    const char *flat = net_node(b->net, "Flatten", "flat",
                                net_node(b->net, "GlobalAveragePool", "pool", x, NULL), NULL);
    const char *shape = arena_printf(b->arena, "%d,%d", N_CLASSES, channels);
    const char *w = weights(b, "scores/weight", shape, N_CLASSES * channels, channels, b->o->gain);

    net_node(b->net, "Gemm", "scores", arena_printf(b->arena, "%s %s", flat, w), "transB=1");
    net_output(b->net, "scores", arena_printf(b->arena, "N,%d", N_CLASSES));
}

struct net *architecture_build(struct arena *a, const struct architecture *o)
{
    const char *name = arena_printf(a, "%s%d", o->plain ? "plain" : "residual", o->depth);
    const struct build b = { a, net_new(a, name), o };
    const struct conv stem = { PICTURE_CHANNELS, o->width, 3, 1, o->gain };

    net_input(b.net, "image", arena_printf(a, "N,%d,%d,%d", PICTURE_CHANNELS, o->size, o->size));
    const char *x = conv(&b, "stem/conv", "image", stem);

    if (is_basic(o->depth))
        x = relu(&b, "stem/relu", norm(&b, "stem/norm", x, o->width, 1));
    const int channels = stages(&b, &x);

    if (!is_basic(o->depth))
        x = relu(&b, "last/relu", norm(&b, "last/norm", x, channels, 1));
    classifier(&b, x, channels);
    return b.net;
}
