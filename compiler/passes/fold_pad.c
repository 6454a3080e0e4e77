// SPDX-License-Identifier: Apache-2.0
/* fold_pad - fold Pad into the Conv or pooling that reads it.
 *
 *     %2 = Pad(%0) begin=0,0,1,1 end=0,0,1,1    =>    %3 = Conv(%0, %w) pads=1,1,1,1
 *     %3 = Conv(%2, %w)
 *
 * Only a constant Pad of an f32 image that pads nothing but height and width
 * and crops nothing (pads >= 0), and whose value is what the reader takes its
 * own padding for:
 *   Conv         0
 *   AveragePool  0, and the pool counts its padding (count_include_pad) or had
 *                none: then it does from now on, as it counted what Pad wrote
 *   MaxPool      nothing above the least number %0 can hold: -inf, or 0 after
 *                a Relu; each window must still cover an element of %0, and
 *                nobody want the indices
 * Other readers of the Pad do not matter: it stays for them. */
#include "ir/rewrite.h"
#include "ops/clip.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "ops/pad.h"
#include "ops/pool.h"
#include "passes/pass.h"

#include <math.h>

/* A lower bound of all elements of v, as far as the node that makes it tells. */
static double least(const struct value *v)
{
    const struct node *n = v->producer;

    if (!n || n->out[0] != v)
        return -INFINITY;
    if (n->op == &op_unary_RELU || n->act.kind == ACT_RELU)
        return 0.0;
    if (n->act.kind == ACT_CLIP)
        return n->act.lo <= n->act.hi ? (double)n->act.lo : -INFINITY;
    if (n->op == &op_clip && n->n_in == 1) {
        const struct clip_attr *a = n->attr;

        return a->lo <= a->hi ? (double)a->lo : -INFINITY;
    }
    return -INFINITY;
}

/* Of `pad` as a window's pad[]: top, left, bottom, right.  False: it pads other
 * axes, too, or crops. */
static bool spatial_pads(const struct node *pad, int64_t out[4])
{
    const struct pad_attr *a = pad->attr;
    const int rank = pad->out[0]->shape.rank;

    if (rank != 3 && rank != 4)
        return false;
    for (int i = 0; i < 4; i++)
        out[i] = 0;
    for (int axis = 0; axis < rank; axis++) {
        const int to = axis - rank + 2; /* 0: height, 1: width */

        if (a->begin[axis] < 0 || a->end[axis] < 0)
            return false;
        if (axis < 2 && (a->begin[axis] || a->end[axis]))
            return false;
        if (axis >= 2) {
            out[to] = a->begin[axis];
            out[to + 2] = a->end[axis];
        }
    }
    return true;
}

/* Along one axis of `size` elements: does each of the `n` windows of w cover one? */
static bool windows_cover(const struct window *w, int axis, int64_t pad, int64_t size, int64_t n)
{
    const int64_t step = w->dilation[axis];

    for (int64_t i = 0; i < n; i++) {
        const int64_t start = i * w->stride[axis] - pad;
        const int64_t skip = start < 0 ? (-start + step - 1) / step : 0;

        if (skip >= w->kernel[axis] || start + skip * step >= size)
            return false;
    }
    return true;
}

static bool covers(const struct node *pool, const struct value *x, const int64_t pad[4])
{
    const struct pool_attr *a = pool->attr;
    int64_t in[2], out[2];

    window_spatial(&x->shape, in);
    window_spatial(&pool->out[0]->shape, out);
    return windows_cover(&a->win, 0, pad[0], in[0], out[0]) &&
           windows_cover(&a->win, 1, pad[1], in[1], out[1]);
}

static bool has_pads(const struct window *w)
{
    return w->pad[0] || w->pad[1] || w->pad[2] || w->pad[3];
}

/* `sum`: the pads that n would have. */
static bool can_take(const struct node *n, const struct node *pad, const int64_t sum[4])
{
    const double value = ((const struct pad_attr *)pad->attr)->value;

    if (n->op == &op_conv)
        return value == 0.0;
    const struct pool_attr *a = n->attr;

    if (n->op == &op_average_pool)
        return value == 0.0 && (a->count_include_pad || !has_pads(&a->win));
    return value <= least(pad->in[0]) && covers(n, pad->in[0], sum) &&
           (n->n_out < 2 || !n->out[1]);
}

static struct window *window_of(struct node *n)
{
    if (n->op == &op_conv)
        return &((struct conv_attr *)n->attr)->win;
    if (n->op == &op_max_pool || n->op == &op_average_pool)
        return &((struct pool_attr *)n->attr)->win;
    return NULL;
}

static bool fold(struct graph *g, struct node *n, struct window *w)
{
    struct value *padded = n->in[0];
    const struct node *pad = padded->producer;
    int64_t sum[4];

    if (!pad || pad->op != &op_pad || ((const struct pad_attr *)pad->attr)->mode != PAD_CONSTANT)
        return false;
    if (padded->type != DT_F32 || !spatial_pads(pad, sum))
        return false;
    for (int i = 0; i < 4; i++) {
        sum[i] += w->pad[i];
        if (sum[i] > INT32_MAX)
            return false;
    }
    if (!can_take(n, pad, sum))
        return false;
    for (int i = 0; i < 4; i++)
        w->pad[i] = sum[i];
    w->auto_pad = PAD_EXPLICIT;
    if (n->op == &op_average_pool)
        ((struct pool_attr *)n->attr)->count_include_pad = true;
    node_set_input(g, n, 0, pad->in[0]);
    node_absorb(g, n, pad);
    rewrite_log(g, pad, REWRITE_EXACT, "what it writes is what its reader takes padding for");
    return true;
}

bool pass_fold_pad(struct graph *g)
{
    bool changed = false;

    graph_foreach_node(n, g) {
        struct window *w = window_of(n);

        if (w && fold(g, n, w))
            changed = true;
    }
    return changed;
}
