// SPDX-License-Identifier: Apache-2.0
/* fold_scale - fold constant factors and addends of a channel into the Conv, or
 * the ScaleShift, before them.
 *
 *     const %1  f32[8,1,1]         =>    %4 = Conv(%0, %w', %b')
 *     %3 = Conv(%0, %w, %b)
 *     %4 = Mul(%3, %1)
 *
 * x * c, c * x and x / c change the weights and the bias, x + c, c + x and
 * x - c the bias, a ScaleShift both; in double and rounded once.  Caffe2 and
 * some converters write the second half of batch norm so.
 *
 * Only if c is one number, or one number a channel, and does not broadcast the
 * other operand; weights and bias of the Conv are constant and all results
 * finite; the node is the one reader of %3, and %3 is not a graph output; and
 * nothing was fused into the Conv yet.
 * Contract: before fuse_add, which would take such a node for a residual. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/batch_norm.h"
#include "ops/op.h"
#include "passes/affine.h"
#include "passes/pass.h"

/* c is [1,C,1,1] or [C,1,1] or smaller against the image's [N,C,H,W]. */
static bool is_per_channel(const struct value *c, const struct shape *image)
{
    const int missing = image->rank - c->shape.rank;

    if (!c->data || c->type != DT_F32 || missing < 0)
        return false;
    for (int i = 0; i < c->shape.rank; i++)
        if (c->shape.dim[i] != 1 && (i + missing != 1 || c->shape.dim[i] != image->dim[1]))
            return false;
    return true;
}

static double no_change(double c)
{
    return c;
}

static double inverse(double c)
{
    return 1.0 / c;
}

static double negative(double c)
{
    return -c;
}

/* c's elements, one a channel, after `change`. */
static double *channels(struct graph *g, const struct value *c, int64_t n,
                        double (*change)(double))
{
    const float *data = c->data;
    const bool many = shape_len(&c->shape) > 1;
    double *of = arena_new_n(g->arena, double, n);

    for (int64_t i = 0; i < n; i++)
        of[i] = change((double)data[many ? i : 0]);
    return of;
}

/* What `n` does to in[side], its other inputs being constant; false: nothing known. */
static bool affine_of(struct graph *g, const struct node *n, int side, struct affine *f)
{
    if (n->op == &op_scale_shift) {
        const struct value *scale = n->in[SCALE_SHIFT_SCALE], *shift = n->in[SCALE_SHIFT_SHIFT];

        if (side != SCALE_SHIFT_X || !scale->data || !shift->data)
            return false;
        f->scale = channels(g, scale, f->n, no_change);
        f->shift = channels(g, shift, f->n, no_change);
        return true;
    }
    const struct value *c = n->in[1 - side];

    if (!is_per_channel(c, &n->out[0]->shape))
        return false;
    if (n->op == &op_mul)
        f->scale = channels(g, c, f->n, no_change);
    else if (n->op == &op_add)
        f->shift = channels(g, c, f->n, no_change);
    else if (n->op == &op_div && side == 0)
        f->scale = channels(g, c, f->n, inverse);
    else if (n->op == &op_sub && side == 0)
        f->shift = channels(g, c, f->n, negative);
    else
        return false;
    return true;
}

static bool fold(struct graph *g, struct node *n, int side)
{
    struct value *before = n->in[side];
    struct node *maker = before->producer;
    struct affine f = { .n = n->out[0]->shape.dim[1] };

    if (!maker || (maker->op != &op_conv && maker->op != &op_scale_shift))
        return false;
    if (value_only_user(before) != n)
        return false;
    if (!shape_equal(&before->shape, &n->out[0]->shape) || !affine_of(g, n, side, &f))
        return false;
    if (maker->op == &op_conv ? !affine_into_conv(g, maker, &f)
                              : !affine_into_scale_shift(g, maker, &f))
        return false;
    maker->act = n->act;
    node_take_output(maker, n->out[0]);
    node_absorb(g, maker, n);
    graph_remove(g, n);
    rewrite_log(g, n, REWRITE_ROUNDED,
                "a factor or an addend of a channel is in the constants of the node before it");
    return true;
}

static bool is_candidate(const struct node *n)
{
    return n->op == &op_add || n->op == &op_sub || n->op == &op_mul || n->op == &op_div ||
           n->op == &op_scale_shift;
}

bool pass_fold_scale(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g)
        if (is_candidate(n) && n->out[0]->shape.rank >= 2 && (fold(g, n, 0) || fold(g, n, 1)))
            changed = true;
    return changed;
}
