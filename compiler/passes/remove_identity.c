// SPDX-License-Identifier: Apache-2.0
/* remove_identity - drop what moves or changes no element.
 *
 *     %3 = Relu(%2)                =>    %3 = Relu(%2)
 *     %4 = Dropout(%3)                   %5 = Conv(%3, %w)
 *     %5 = Conv(%4, %w)
 *
 *     %3 = Transpose(%0) perm=0,2,3,1  f32[1,1,1,8]    =>    %4 = Reshape(%0)  f32[8]
 *     %4 = Reshape(%3)  f32[8]
 *
 * An identity is a view (Identity, Dropout, Reshape, Flatten, Squeeze,
 * Unsqueeze), Expand, Cast or Split, or a Slice with steps of 1, a Pad of
 * nothing, a Transpose that moves dimensions of 1 only, whose (first) output
 * has the type and shape of its input, and no other output that is wanted.
 *
 * If its output is a graph output, which must keep a name and a node that
 * writes it, the node before it takes over the output: only if there is one,
 * the value between is its first output and no graph output itself.
 *
 * A view of a view reads what the first one reads; a Transpose that moves
 * dimensions of 1 only is a view.  Both become a Reshape. */
#include "ir/rewrite.h"
#include "ops/op.h"
#include "ops/pad.h"
#include "ops/slice.h"
#include "ops/transpose.h"
#include "passes/pass.h"

static bool makes_one_value(const struct node *n)
{
    for (int i = 1; i < n->n_out; i++)
        if (n->out[i] && (n->out[i]->n_users || n->out[i]->is_output))
            return false;
    return n->out[0] != NULL;
}

static bool pads_nothing(const struct node *pad)
{
    const struct pad_attr *a = pad->attr;

    for (int i = 0; i < pad->out[0]->shape.rank; i++)
        if (a->begin[i] || a->end[i])
            return false;
    return true;
}

static bool steps_forward(const struct node *slice)
{
    const struct slice_attr *a = slice->attr;

    for (int i = 0; i < slice->out[0]->shape.rank; i++)
        if (a->steps[i] != 1)
            return false;
    return true;
}

/* Elements keep their order if the dimensions that matter keep theirs. */
static bool moves_nothing(const struct node *transpose)
{
    const struct transpose_attr *a = transpose->attr;
    int64_t last = -1;

    for (int i = 0; i < transpose->out[0]->shape.rank; i++) {
        if (transpose->out[0]->shape.dim[i] == 1)
            continue;
        if (a->perm[i] < last)
            return false;
        last = a->perm[i];
    }
    return true;
}

static bool is_view(const struct node *n)
{
    if (!makes_one_value(n) || n->in[0]->type != n->out[0]->type)
        return false;
    return n->op->flags & OP_VIEW || (n->op == &op_transpose && moves_nothing(n));
}

static bool is_identity(const struct node *n)
{
    if (!makes_one_value(n))
        return false;
    if (n->in[0]->type != n->out[0]->type || !shape_equal(&n->in[0]->shape, &n->out[0]->shape))
        return false;
    if (n->op == &op_expand || n->op == &op_cast || n->op == &op_split ||
        n->op == &op_split_6)
        return true;
    return is_view(n) || (n->op == &op_pad && pads_nothing(n)) ||
           (n->op == &op_slice && steps_forward(n));
}

static bool remove_one(struct graph *g, struct node *n)
{
    struct value *x = n->in[0], *y = n->out[0];
    struct node *before = x->producer;

    if (y->is_output) {
        if (!before || before->out[0] != x || x->is_output)
            return false;
        value_replace(g, x, y);
        node_take_output(before, y);
    } else {
        value_replace(g, y, x);
    }
    graph_remove(g, n);
    rewrite_log(g, n, REWRITE_EXACT, "it moves and changes no element");
    return true;
}

/* n, a view, becomes a Reshape of `from`. */
static void to_reshape(struct graph *g, struct node *n, struct value *from)
{
    struct value *none = NULL;
    struct node *reshape = graph_insert(g, n, &op_reshape, n->name, 1, &from, 1, &none);

    reshape->origin = n->origin;
    node_take_output(reshape, n->out[0]);
    graph_remove(g, n);
}

static bool simplify_view(struct graph *g, struct node *n)
{
    const struct node *before = n->in[0]->producer;
    const bool chained = before && is_view(before);

    if (!chained && n->op != &op_transpose)
        return false;
    to_reshape(g, n, chained ? before->in[0] : n->in[0]);
    rewrite_log(g, n, REWRITE_EXACT, chained ? "a view of a view is one view"
                                             : "it moves dimensions of 1 only: a view");
    return true;
}

bool pass_remove_identity(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g) {
        if (!n->n_in || !n->in[0])
            continue;
        if ((is_identity(n) && remove_one(g, n)) || (is_view(n) && simplify_view(g, n)))
            changed = true;
    }
    return changed;
}
