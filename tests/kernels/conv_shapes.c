// SPDX-License-Identifier: Apache-2.0
#include "conv_shapes.h"

#include "base/count.h"

#include <string.h>

const struct conv_case conv_cases[N_CONV_CASES] = {
    /* n, ic, ih, iw, oc, kh, kw, sh, sw, dh, dw, pt, pl, pb, pr, groups */
    { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 3, 16, 16, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 2, 5, 7, 9, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 2, 3, 11, 13, 4, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1 },
    { 1, 4, 10, 9, 5, 3, 3, 2, 2, 1, 1, 0, 0, 1, 1, 1 },    /* asymmetrical */
    { 1, 4, 9, 10, 5, 3, 2, 1, 3, 2, 1, 2, 0, 1, 2, 1 },
    { 1, 2, 9, 9, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3, 3, 1 },     /* dilated, same size */
    { 1, 2, 8, 8, 3, 3, 3, 1, 1, 1, 1, -1, 2, 1, -2, 1 },   /* cropped */
    { 1, 2, 8, 8, 3, 3, 3, 1, 1, 1, 1, -2, -1, 3, 2, 1 },   /* of the input's width, cropped */
    { 1, 2, 8, 8, 3, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, 1 }, /* 1x1, cropped: not pointwise */
    { 1, 2, 5, 5, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },     /* 1x1, padded: not pointwise */
    { 1, 2, 2, 2, 3, 3, 3, 1, 1, 1, 1, 5, 5, 5, 5, 1 },     /* windows fully in the padding */
    { 1, 3, 1, 40, 4, 1, 5, 1, 1, 1, 2, 0, 4, 0, 4, 1 },    /* 1-D */
    { 3, 6, 5, 5, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2 },     /* groups */
    { 2, 6, 6, 5, 9, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1, 3 },
    { 2, 8, 12, 10, 4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },   /* pointwise */
    { 2, 8, 12, 10, 4, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 8, 7, 10, 4, 1, 1, 3, 2, 2, 2, 0, 0, 0, 0, 2 },
    { 1, 192, 28, 28, 32, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 2048, 28, 25, 2, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1 }, /* blocks that end within a row */
    { 1, 256, 14, 15, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 300, 30, 26, 2, 3, 3, 2, 2, 1, 1, 1, 1, 0, 1, 1 },
    { 1, 33, 57, 50, 48, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 48, 30, 65, 80, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 2, 128, 28, 28, 70, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 2, 3, 96, 128, 40, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1 },
    { 1, 160, 7, 7, 320, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 2, 100, 60, 58, 100, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 100 },
    { 1, 112, 32, 24, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, /* in bands, which threads share */
    { 1, 64, 30, 28, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 3, 80, 80, 64, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1 },
    { 1, 64, 6, 6, 16, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 4, 16, 1, 1, 8, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },    /* a product with a vector */
    { 1, 16, 4, 4, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 2, 6, 9, 11, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6 },    /* depthwise */
    { 2, 6, 9, 11, 12, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 6 },
    { 1, 4, 23, 33, 4, 5, 5, 2, 2, 1, 1, 2, 2, 2, 2, 4 },
    { 1, 3, 9, 9, 9, 3, 2, 1, 3, 2, 2, -1, 2, 1, 0, 3 },
    { 1, 4, 3, 3, 4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 4 },
    { 0, 3, 4, 4, 2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },     /* nothing to do */
    { 1, 3, 4, 4, 0, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 0, 4, 4, 2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 0, 4, 4, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
};

static const struct {
    int ic, oc, side, kernel, stride, groups;
} benches[N_CONV_BENCHES] = {
    /* ResNet-18 and ResNet-50 */
    { 3, 64, 224, 7, 2, 1 },      { 64, 64, 56, 3, 1, 1 },      { 128, 128, 28, 3, 1, 1 },
    { 256, 256, 14, 3, 1, 1 },    { 512, 512, 7, 3, 1, 1 },     { 64, 128, 56, 3, 2, 1 },
    { 128, 256, 28, 3, 2, 1 },    { 256, 512, 14, 3, 2, 1 },    { 64, 128, 56, 1, 2, 1 },
    { 128, 256, 28, 1, 2, 1 },    { 256, 512, 14, 1, 2, 1 },
    { 128, 128, 56, 3, 2, 1 },    { 256, 256, 28, 3, 2, 1 },    { 512, 512, 14, 3, 2, 1 },
    { 64, 64, 56, 1, 1, 1 },      { 64, 256, 56, 1, 1, 1 },     { 256, 64, 56, 1, 1, 1 },
    { 256, 128, 56, 1, 1, 1 },    { 128, 512, 28, 1, 1, 1 },    { 512, 128, 28, 1, 1, 1 },
    { 256, 512, 56, 1, 2, 1 },    { 512, 256, 28, 1, 1, 1 },    { 256, 1024, 14, 1, 1, 1 },
    { 1024, 256, 14, 1, 1, 1 },   { 512, 1024, 28, 1, 2, 1 },   { 1024, 512, 14, 1, 1, 1 },
    { 512, 2048, 7, 1, 1, 1 },    { 2048, 512, 7, 1, 1, 1 },    { 1024, 2048, 14, 1, 2, 1 },
    /* ResNeXt-50 32x4d */
    { 128, 128, 56, 3, 1, 32 },   { 256, 256, 56, 3, 2, 32 },   { 256, 256, 28, 3, 1, 32 },
    { 512, 512, 28, 3, 2, 32 },   { 512, 512, 14, 3, 1, 32 },   { 1024, 1024, 14, 3, 2, 32 },
    { 1024, 1024, 7, 3, 1, 32 },  { 512, 512, 28, 1, 1, 1 },    { 1024, 1024, 14, 1, 1, 1 },
    /* MobileNetV2 */
    { 3, 32, 224, 3, 2, 1 },      { 32, 32, 112, 3, 1, 32 },    { 96, 96, 112, 3, 2, 96 },
    { 144, 144, 56, 3, 1, 144 },  { 144, 144, 56, 3, 2, 144 },  { 192, 192, 28, 3, 1, 192 },
    { 192, 192, 28, 3, 2, 192 },  { 384, 384, 14, 3, 1, 384 },  { 576, 576, 14, 3, 1, 576 },
    { 576, 576, 14, 3, 2, 576 },  { 960, 960, 7, 3, 1, 960 },   { 32, 16, 112, 1, 1, 1 },
    { 16, 96, 112, 1, 1, 1 },     { 96, 24, 56, 1, 1, 1 },      { 24, 144, 56, 1, 1, 1 },
    { 144, 24, 56, 1, 1, 1 },     { 144, 32, 28, 1, 1, 1 },     { 32, 192, 28, 1, 1, 1 },
    { 192, 32, 28, 1, 1, 1 },     { 192, 64, 14, 1, 1, 1 },     { 64, 384, 14, 1, 1, 1 },
    { 384, 64, 14, 1, 1, 1 },     { 384, 96, 14, 1, 1, 1 },     { 96, 576, 14, 1, 1, 1 },
    { 576, 96, 14, 1, 1, 1 },     { 576, 160, 7, 1, 1, 1 },     { 160, 960, 7, 1, 1, 1 },
    { 960, 160, 7, 1, 1, 1 },     { 960, 320, 7, 1, 1, 1 },     { 320, 1280, 7, 1, 1, 1 },
};

struct conv_case conv_bench(int i)
{
    const int side = benches[i].side, k = benches[i].kernel, s = benches[i].stride, p = k / 2;

    return (struct conv_case){ 1, benches[i].ic, side, side, benches[i].oc, k, k, s, s, 1, 1,
                               p, p, p, p, benches[i].groups };
}

static int out_size(int in, int begin, int end, int kernel, int stride, int dilation)
{
    const int slack = in + begin + end - (kernel - 1) * dilation - 1;

    return slack < 0 ? 0 : slack / stride + 1;
}

int conv_out_h(const struct conv_case *c)
{
    return out_size(c->ih, c->pt, c->pb, c->kh, c->sh, c->dh);
}

int conv_out_w(const struct conv_case *c)
{
    return out_size(c->iw, c->pl, c->pr, c->kw, c->sw, c->dw);
}

/* Mostly such that all remainders of 16 occur, sometimes whole blocks. */
static int channels(struct rng *r)
{
    return rng_one_in(r, 4) ? 16 * rng_between(r, 1, 6) : rng_between(r, 1, 40);
}

static void random_pads(struct conv_case *c, int least, int most, struct rng *r)
{
    c->pt = rng_between(r, least, most), c->pl = rng_between(r, least, most);
    c->pb = rng_between(r, least, most), c->pr = rng_between(r, least, most);
}

static struct conv_case any(struct rng *r)
{
    struct conv_case c = { .groups = 1, .ic = channels(r), .oc = channels(r) };

    c.kh = rng_between(r, 1, 4), c.kw = rng_between(r, 1, 5);
    c.sh = rng_between(r, 1, 3), c.sw = rng_between(r, 1, 3);
    c.dh = rng_between(r, 1, 2), c.dw = rng_between(r, 1, 3);
    random_pads(&c, rng_one_in(r, 4) ? -1 : 0, 4, r);
    return c;
}

static struct conv_case pointwise(struct rng *r)
{
    const int stride = rng_one_in(r, 2) ? 1 : rng_between(r, 1, 3);

    return (struct conv_case){ .groups = 1, .ic = channels(r), .oc = channels(r), .kh = 1, .kw = 1,
                               .sh = stride, .sw = rng_one_in(r, 4) ? 1 : stride, .dh = 1,
                               .dw = 1 };
}

static struct conv_case winograd(struct rng *r)
{
    struct conv_case c = { .groups = 1, .ic = channels(r), .oc = channels(r), .kh = 3, .kw = 3,
                           .sh = 1, .sw = 1, .dh = 1, .dw = 1, .pt = 1, .pl = 1, .pb = 1,
                           .pr = 1 };

    if (rng_one_in(r, 3))
        random_pads(&c, 0, 2, r);
    return c;
}

static struct conv_case first(struct rng *r, bool phases)
{
    struct conv_case c = { .groups = 1, .ic = rng_between(r, 1, 4), .oc = channels(r),
                           .kh = rng_between(r, 1, 8), .sh = 2, .dh = 1, .dw = 1 };

    if (phases && rng_between(r, 0, 1))
        c.kh = rng_between(r, 5, 8);
    c.kw = rng_one_in(r, 3) ? rng_between(r, 1, 8) : c.kh;
    if (!phases)
        c.sh = rng_between(r, 1, 3);
    c.sw = phases || rng_one_in(r, 2) ? c.sh : rng_between(r, 1, 3);
    random_pads(&c, 0, 3, r);
    return c;
}

static struct conv_case depthwise(struct rng *r)
{
    struct conv_case c = any(r);

    c.groups = c.ic;
    c.oc = c.ic * (rng_one_in(r, 8) ? 2 : 1);
    if (rng_one_in(r, 2))
        c.kh = c.kw = 3, c.sw = c.sh, c.dh = c.dw = 1;
    return c;
}

/* `width`: the channels of a group, in and out; 0: any. */
static struct conv_case grouped(struct rng *r, int width)
{
    static const int widths[] = { 4, 8, 16, 32 };
    struct conv_case c = any(r);
    const int in = width ? width
                 : rng_one_in(r, 4) ? rng_between(r, 1, 20) : widths[rng_between(r, 0, 3)];
    const int out = width || !rng_one_in(r, 4) ? in : rng_between(r, 1, 20);

    c.groups = rng_between(r, 2, in < 8 ? 12 : in < 16 ? 6 : 4);
    c.ic = c.groups * in;
    c.oc = c.groups * out;
    if (rng_between(r, 0, 1))
        c.kh = c.kw = 3, c.sw = c.sh, c.dh = c.dw = 1;
    return c;
}

static struct conv_case of_kind(int kind, struct rng *r)
{
    switch (kind) {
    case 0:
        return pointwise(r);
    case 1:
        return winograd(r);
    case 2:
        return depthwise(r);
    case 3:
        return grouped(r, 0);
    case 4:
        return first(r, rng_between(r, 0, 1));
    default:
        return any(r);
    }
}

static int liked(const struct kernel *aim, struct rng *r)
{
    static const struct {
        const char *in_name;
        int kind;
    } likes[] = { { "first", 4 }, { "wino", 1 }, { "depthwise", 2 }, { "1x1", 0 } };

    for (int i = 0; i < COUNT(likes); i++)
        if (strstr(aim->fn, likes[i].in_name))
            return likes[i].kind;
    return rng_between(r, 0, 6);
}

static struct conv_case windows_for(const struct kernel *aim, struct rng *r)
{
    if (strstr(aim->fn, "first_wino"))
        return first(r, true);
    if (strstr(aim->fn, "groups"))
        return grouped(r, strstr(aim->fn, "groups4") ? 4 : 8);
    return of_kind(liked(aim, r), r);
}

/* Sizes that fit the rest, and so many that the definition is not slow. */
struct conv_case conv_case_for(const struct kernel *aim, struct rng *r)
{
    const double most = rng_one_in(r, 20) ? 1e6 : 1e5;
    struct conv_case c;

    do {
        c = windows_for(aim, r);
        c.n = rng_between(r, 1, 3);
        c.ih = rng_between(r, 1, 15);
        c.iw = rng_one_in(r, 4) ? rng_between(r, 1, 40) : rng_between(r, 1, 15);
    } while (conv_out_h(&c) < 1 || conv_out_w(&c) < 1 ||
             (double)c.n * c.oc * conv_out_h(&c) * conv_out_w(&c) * c.ic * c.kh * c.kw /
             c.groups > most);
    return c;
}
