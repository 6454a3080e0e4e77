// SPDX-License-Identifier: Apache-2.0
/* subject_conv - the shapes that convolutions are checked with. */
#include "subjects.h"

#include "ops/common.h"
#include "ops/conv.h"

struct conv_case {
    int n, ic, ih, iw, oc, kh, kw, sh, sw, dh, dw, pt, pl, pb, pr, groups;
};

static const struct conv_case cases[] = {
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
    /* timing: layers of ResNet-50 and MobileNet */
    { 1, 3, 224, 224, 64, 7, 7, 2, 2, 1, 1, 3, 3, 3, 3, 1 },
    { 1, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 64, 56, 56, 256, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 128, 56, 56, 128, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 512, 28, 28, 128, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 512, 28, 28, 1024, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1 },
    { 1, 256, 14, 14, 256, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 512, 7, 7, 512, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 144, 56, 56, 144, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 144 },
    { 1, 144, 56, 56, 144, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 144 },
};
enum { N_BENCHES = 10, N_CASES = COUNT(cases) };

static int out_size(int in, int begin, int end, int kernel, int stride, int dilation)
{
    const int slack = in + begin + end - (kernel - 1) * dilation - 1;

    return slack < 0 ? 0 : slack / stride + 1;
}

static int out_h(const struct conv_case *c)
{
    return out_size(c->ih, c->pt, c->pb, c->kh, c->sh, c->dh);
}

static int out_w(const struct conv_case *c)
{
    return out_size(c->iw, c->pl, c->pr, c->kw, c->sw, c->dw);
}

static struct conv_case random_case(struct rng *r)
{
    struct conv_case c;
    const bool pointwise = rng_between(r, 0, 3) == 0, depthwise = rng_between(r, 0, 3) == 0;

    do {
        c = (struct conv_case){ .n = rng_between(r, 1, 2), .groups = rng_between(r, 1, 3) };
        c.ic = c.groups * (depthwise ? 1 : rng_between(r, 1, 6));
        c.oc = c.groups * rng_between(r, 1, 6);
        c.ih = rng_between(r, 1, 14), c.iw = rng_between(r, 1, 40);
        c.kh = c.kw = 1;
        c.sh = rng_between(r, 1, 3), c.sw = rng_between(r, 1, 3);
        c.dh = rng_between(r, 1, 2), c.dw = rng_between(r, 1, 3);
        if (pointwise)
            break;
        c.kh = rng_between(r, 1, 4), c.kw = rng_between(r, 1, 5);
        c.pt = rng_between(r, -1, 3), c.pl = rng_between(r, -1, 4);
        c.pb = rng_between(r, -1, 3), c.pr = rng_between(r, -1, 4);
    } while (out_h(&c) < 1 || out_w(&c) < 1);
    return c;
}

/* As fold_pad leaves it: infer() would refuse the negative pads. */
static struct node *build(struct graph *g, int shape, struct rng *r)
{
    const struct conv_case c = shape < N_CASES ? cases[shape] : random_case(r);
    const struct shape y = shape_of(c.n, c.oc, out_h(&c), out_w(&c));
    struct value *in[] = {
        subject_value(g, "x", shape_of(c.n, c.ic, c.ih, c.iw)),
        subject_value(g, "w", shape_of(c.oc, c.ic / c.groups, c.kh, c.kw)),
        subject_value(g, "b", shape_of(c.oc)),
        subject_value(g, "add", y),
    };
    struct value *out = subject_value(g, "y", y);
    struct node *n = graph_append(g, &op_conv, "conv", 4, in, 1, &out);

    *ATTR(conv_attr, n) = (struct conv_attr){
        .win = { .spatial = 2, .kernel = { c.kh, c.kw }, .stride = { c.sh, c.sw },
                 .dilation = { c.dh, c.dw }, .pad = { c.pt, c.pl, c.pb, c.pr } },
        .group = c.groups,
    };
    return n;
}

static double terms(const struct node *n)
{
    const struct shape *w = &n->in[CONV_W]->shape;

    return (double)shape_product(w, 1, w->rank) + 2.0;
}

#define ARGS in[0], in[1], in[2], in[3], y, scratch
KERNEL_CALL(resc_conv2d_f32_depthwise, ARGS)
KERNEL_CALL(resc_conv2d_f32_gemm1x1, ARGS)
KERNEL_CALL(resc_conv2d_f32_im2col, ARGS)
KERNEL_CALL(resc_conv2d_f32_ref, ARGS)

static const struct kernel_call calls[] = {
    { "resc_conv2d_f32_depthwise", call_resc_conv2d_f32_depthwise },
    { "resc_conv2d_f32_gemm1x1", call_resc_conv2d_f32_gemm1x1 },
    { "resc_conv2d_f32_im2col", call_resc_conv2d_f32_im2col },
    { "resc_conv2d_f32_ref", call_resc_conv2d_f32_ref },
};

const struct subject subject_conv = {
    .op = &op_conv, .build = build, .n_shapes = N_CASES - N_BENCHES, .n_benches = N_BENCHES,
    .optional = 1u << CONV_B | 1u << CONV_ADD, .terms = terms,
    .calls = calls, .n_calls = COUNT(calls),
};
