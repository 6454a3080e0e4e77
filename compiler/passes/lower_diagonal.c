// SPDX-License-Identifier: Apache-2.0
/* lower_diagonal - a 1x1 convolution that does not mix channels is a scale, or nothing.
 *
 *     const %w  f32[2,2,1,1]  3, 0, 0, 5     =>    const %s  f32[2]  3, 5
 *     %4 = Conv(%3, %w, %b)                        %4 = ScaleShift(%3, %s, %b)
 *
 *     const %w  f32[2,2,1,1]  1, 0, 0, 1     =>    %4 = Identity(%3), or its activation
 *     %4 = Conv(%3, %w)
 *
 * Only if the kernel is 1x1 with stride 1 and no padding, there are as many channels as
 * before and more than one (for one, a Conv is as fast), each filter reads only its own
 * channel, weights and bias are constant and finite, and no residual was fused.
 * fold_scale then takes the scale into a Conv before. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "passes/become.h"
#include "passes/pass.h"

#include <math.h>

static const char why_scale[] =
    "1x1, and each filter reads its own channel only: a factor and an addend a channel";
static const char why_nothing[] = "1x1, and each filter is its own channel times 1: the identity";

static bool is_finite_constant(const struct value *v)
{
    const float *data = v->data;

    for (int64_t i = 0; data && i < shape_len(&v->shape); i++)
        if (!isfinite(data[i]))
            return false;
    return data && v->type == DT_F32;
}

static bool is_pixelwise(const struct node *conv)
{
    const struct window *w = &((const struct conv_attr *)conv->attr)->win;

    for (int i = 0; i < 4; i++)
        if (w->pad[i] || w->kernel[i % 2] != 1 || w->stride[i % 2] != 1)
            return false;
    return true;
}

/* What filter c multiplies its own channel by, of each; NULL: some filter reads another. */
static float *diagonal(struct graph *g, const struct node *conv)
{
    const struct value *w = conv->in[CONV_W];
    const int64_t channels = w->shape.dim[0], width = w->shape.dim[1]; /* of a group */
    const float *data = w->data;
    float *of = arena_new_n(g->arena, float, channels);

    for (int64_t i = 0; i < channels * width; i++) {
        const int64_t c = i / width;

        if (i % width == c % width)
            of[c] = data[i];
        else if (data[i] != 0.0f)
            return NULL;
    }
    return of;
}

static bool all_are(const float *data, int64_t n, float x)
{
    for (int64_t i = 0; i < n; i++)
        if (data[i] != x)
            return false;
    return true;
}

static bool lower(struct graph *g, struct node *conv)
{
    const struct value *w = conv->in[CONV_W];
    struct value *x = conv->in[CONV_X], *b = node_in(conv, CONV_B);
    const int64_t channels = w->shape.dim[0];

    if (node_in(conv, CONV_ADD) || !is_pixelwise(conv))
        return false;
    if (channels < 2 || x->shape.dim[1] != channels)
        return false;
    if (!is_finite_constant(w) || (b && !is_finite_constant(b)))
        return false;
    const float *scale = diagonal(g, conv);
    const bool no_shift = !b || all_are(b->data, channels, 0.0f);

    if (!scale)
        return false;
    if (no_shift && all_are(scale, channels, 1.0f)) {
        become_act(g, conv, x, conv->act);
        rewrite_log(g, conv, REWRITE_EXACT, why_nothing);
        return true;
    }
    if (!b)
        b = graph_add_constant(g, arena_printf(g->arena, "%s_shift", w->name), DT_F32,
                               shape_of(channels), arena_new_n(g->arena, float, channels));
    become_scale_shift(g, conv, x, graph_add_constant(g, w->name, DT_F32, shape_of(channels),
                                                      scale), b);
    rewrite_log(g, conv, no_shift ? REWRITE_EXACT : REWRITE_ROUNDED, why_scale);
    return true;
}

bool pass_lower_diagonal(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g)
        if (n->op == &op_conv && lower(g, n))
            changed = true;
    return changed;
}
