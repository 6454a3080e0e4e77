// SPDX-License-Identifier: Apache-2.0
/* subject_conv - convolutions. */
#include "conv_shapes.h"
#include "subjects.h"

#include "ops/common.h"
#include "ops/conv.h"

#include <string.h>

/* Can be written as a 1-D convolution. */
static bool has_height_1(const struct conv_case *c)
{
    return c->ih == 1 && c->kh == 1 && c->pt == 0 && c->pb == 0 && c->sh == 1 && c->dh == 1;
}

/* In a residual network: the last layer of a block. */
static bool has_residual(const struct conv_case *c)
{
    return c->kh == 1 && c->oc == 4 * c->ic && c->sh == 1;
}

static struct shape spatial(bool flat, int n, int c, int h, int w)
{
    return flat ? shape_of(n, c, w) : shape_of(n, c, h, w);
}

/* As fold_pad leaves it: infer() would refuse the negative pads. */
static struct node *build(struct graph *g, int shape, const struct kernel *aim, struct rng *r)
{
    const struct conv_case c = shape < N_CONV_CASES ? conv_cases[shape]
                             : aim ? conv_case_for(aim, r) : conv_bench(shape - N_CONV_CASES);
    const bool flat = aim && has_height_1(&c) && rng_between(r, 0, 1);
    const struct shape y = spatial(flat, c.n, c.oc, conv_out_h(&c), conv_out_w(&c));
    const bool no_add = aim ? strstr(aim->fn, "first") && !rng_one_in(r, 8)
                            : shape >= N_CONV_CASES && !has_residual(&c);
    struct value *(*weights)(struct graph *, const char *, struct shape) =
        aim && rng_one_in(r, 30) ? subject_value : subject_constant;
    struct value *in[] = {
        subject_value(g, "x", spatial(flat, c.n, c.ic, c.ih, c.iw)),
        weights(g, "w", spatial(flat, c.oc, c.ic / c.groups, c.kh, c.kw)),
        weights(g, "b", shape_of(c.oc)),
        no_add ? NULL : subject_value(g, "add", y),
    };
    struct value *out = subject_value(g, "y", y);
    struct node *n = graph_append(g, &op_conv, "conv", 4, in, 1, &out);

    *ATTR(conv_attr, n) = (struct conv_attr){
        .win = { .spatial = flat ? 1 : 2, .kernel = { c.kh, c.kw }, .stride = { c.sh, c.sw },
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
#define CALLS(X) \
    X(resc_conv2d_f32_depthwise) X(resc_conv2d_f32_gemm1x1) X(resc_conv2d_f32_im2col) \
    X(resc_conv2d_f32_ref) X(resc_conv2d_f32_c16) X(resc_conv2d_f32_c16_wino2) \
    X(resc_conv2d_f32_c16_wino4) X(resc_conv2d_f32_c16_wino2_late) \
    X(resc_conv2d_f32_c16_wino4_late) X(resc_conv2d_f32_c16_depthwise) X(resc_conv2d_f32_c16_first) \
    X(resc_conv2d_f32_c16_first_wino) X(resc_conv2d_f32_c16_groups4) \
    X(resc_conv2d_f32_c16_groups8)

#define CALL(fn) KERNEL_CALL(fn, ARGS)
CALLS(CALL)

#define ROW(fn) KERNEL_ROW(fn),
static const struct kernel_call calls[] = { CALLS(ROW) };

const struct subject subject_conv = {
    .op = &op_conv, .build = build, .n_shapes = N_CONV_CASES, .n_benches = N_CONV_BENCHES,
    .optional = 1u << CONV_B | 1u << CONV_ADD,
    .terms = terms, .nans = true, .calls = calls, .n_calls = COUNT(calls),
};
