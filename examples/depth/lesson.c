// SPDX-License-Identifier: Apache-2.0
/* lesson - networks small enough to be followed by hand, and an input for each.
 *
 *     lesson scale -o scale.onnx     and scale.npy */
#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/out_set.h"
#include "base/random.h"
#include "cli/npy.h"
#include "net.h"

#include <math.h>
#include <string.h>

struct lesson {
    const char *name, *about;
    struct net *(*build)(struct arena *a);
    struct shape input; /* 1, 2, 3, ... in FILE.npy */
};

static void draw(float *w, int n, double deviation, uint64_t seed)
{
    for (int i = 0; i < n; i++)
        w[i] = (float)(deviation * random_normal(&seed));
}

/* A 1x1 convolution of one channel is a factor. */
static struct net *scale(struct arena *a)
{
    struct net *n = net_new(a, "scale");

    net_input(n, "picture", "1,1,4,4");
    net_floats(n, "two", "1,1,1,1")[0] = 2;
    net_node(n, "Conv", "twice", "picture two", "kernel_shape=[1,1]");
    net_output(n, "twice", "1,1,4,4");
    return n;
}

/* One that does not mix channels is a factor for each. */
static struct net *diagonal(struct arena *a)
{
    struct net *n = net_new(a, "diagonal");
    float *w;

    net_input(n, "pictures", "1,4,4,4");
    w = net_floats(n, "factors", "4,4,1,1");
    for (int i = 0; i < 4; i++)
        w[4 * i + i] = (float)(i + 1);
    net_node(n, "Conv", "scaled", "pictures factors", "kernel_shape=[1,1]");
    net_output(n, "scaled", "1,4,4,4");
    return n;
}

/* Of several channels it is a neuron for each of its outputs, the same at every
 * pixel: 192 channels become 32. */
static struct net *mixer(struct arena *a)
{
    enum { IN = 192, OUT = 32 };
    struct net *n = net_new(a, "mixer");

    net_input(n, "features", "1,192,28,28");
    draw(net_floats(n, "weight", "32,192,1,1"), OUT * IN, sqrt(2.0 / IN), 1);
    draw(net_floats(n, "bias", "32"), OUT, 0.1, 2);
    net_node(n, "Conv", "mixed", "features weight bias", "kernel_shape=[1,1]");
    net_node(n, "Relu", "fewer", "mixed", NULL);
    net_output(n, "fewer", "1,32,28,28");
    return n;
}

/* Residual blocks relu(x + conv(relu(conv(x)))) whose last weights shrink, as weight decay
 * has it: each a tenth of those before, at last 0.  The block becomes the identity. */
static struct net *shrink(struct arena *a)
{
    enum { CHANNELS = 16, FAN_IN = 9 * CHANNELS, N_WEIGHTS = FAN_IN * CHANNELS };
    static const double sizes[] = { 1, 0.1, 0.01, 0.001, 0 };
    static const char conv[] = "kernel_shape=[3,3] pads=[1,1,1,1]";
    const double deviation = sqrt(2.0 / FAN_IN);
    struct net *n = net_new(a, "shrink");
    const char *x = "image";

    net_input(n, "image", "1,16,8,8");
    for (int i = 0; i < COUNT(sizes); i++) {
        const char *name = arena_printf(a, "times_%g", sizes[i]);
        const char *w1 = arena_printf(a, "%s/weight1", name);
        const char *w2 = arena_printf(a, "%s/weight2", name);

        draw(net_floats(n, w1, "16,16,3,3"), N_WEIGHTS, deviation, 2 * (uint64_t)i);
        draw(net_floats(n, w2, "16,16,3,3"), N_WEIGHTS, sizes[i] * deviation, 2 * (uint64_t)i + 1);
        const char *y = net_node(n, "Conv", arena_printf(a, "%s/conv1", name),
                                 arena_printf(a, "%s %s", x, w1), conv);

        y = net_node(n, "Relu", arena_printf(a, "%s/relu1", name), y, NULL);
        y = net_node(n, "Conv", arena_printf(a, "%s/conv2", name), arena_printf(a, "%s %s", y, w2),
                     conv);
        y = net_node(n, "Add", arena_printf(a, "%s/add", name), arena_printf(a, "%s %s", x, y),
                     NULL);
        x = net_node(n, "Relu", arena_printf(a, "%s/relu2", name), y, NULL);
    }
    net_output(n, x, "1,16,8,8");
    return n;
}

static const struct lesson lessons[] = {
    { "scale", "a 1x1 convolution of one channel: times 2", scale, { 4, { 1, 1, 4, 4 } } },
    { "diagonal", "of four: times 1, 2, 3 and 4", diagonal, { 4, { 1, 4, 4, 4 } } },
    { "mixer", "of 192 channels to 32, and Relu", mixer, { 4, { 1, 192, 28, 28 } } },
    { "shrink", "residual blocks whose weights shrink: towards the identity", shrink,
      { 4, { 1, 16, 8, 8 } } },
};

/* FILE.onnx -> FILE.npy */
static bool write_input(struct arena *a, const struct lesson *l, const char *path, struct diag *d)
{
    const int64_t n = shape_len(&l->input);
    float *x = arena_new_n(a, float, n);
    struct out_set set = { .arena = a, .diag = d };
    const struct tensor t = { "input", DT_F32, l->input, x };
    const char *dot = strrchr(path, '.');
    const int stem = dot ? (int)(dot - path) : (int)strlen(path);

    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(i + 1);
    return npy_write(&set, arena_printf(a, "%.*s.npy", stem, path), &t) && out_commit(&set);
}

static const struct lesson *find(const char *name)
{
    for (int i = 0; i < COUNT(lessons); i++)
        if (strcmp(lessons[i].name, name) == 0)
            return &lessons[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct lesson *l = argc == 4 && strcmp(argv[2], "-o") == 0 ? find(argv[1]) : NULL;

    if (!l) {
        fprintf(stderr, "usage: lesson NAME -o FILE.onnx\n");
        for (int i = 0; i < COUNT(lessons); i++)
            fprintf(stderr, "  %-9s %s\n", lessons[i].name, lessons[i].about);
        return 2;
    }
    struct arena *a = arena_new();
    struct diag d = diag_new(a, argv[3]);
    const bool ok = net_write(l->build(a), argv[3], &d) &&
                    write_input(a, l, argv[3], &d);

    arena_free(a);
    return ok ? 0 : 1;
}
