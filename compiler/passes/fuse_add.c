// SPDX-License-Identifier: Apache-2.0
/* fuse_add - fold a residual Add or Sum into the Conv that feeds it.
 *
 *     %7 = Conv(%6, %w, %b)        =>    %8 = Conv(%6, %w, %b, %5)
 *     %8 = Add(%7, %5)
 *
 * Only if the Add is the one reader of %7 and %7 is not a graph output, both
 * operands have the result's shape (no broadcasting), and the node is of an
 * OP_FUSES_ADD operator that has neither an addend nor an activation yet: a
 * node adds first and activates last.
 *
 * If both operands come from such nodes, the later one in run order takes the
 * Add: then the other operand is computed already.  If the other operand is
 * computed after the Conv, the Conv moves down to the Add's place. */
#include "ir/rewrite.h"
#include "ops/op.h"
#include "passes/pass.h"

static bool is_plain_add(const struct node *n)
{
    if ((n->op != &op_add && n->op != &op_sum) || n->n_in != 2)
        return false;
    for (int i = 0; i < 2; i++)
        if (!shape_equal(&n->in[i]->shape, &n->out[0]->shape))
            return false;
    return true;
}

static bool can_take(const struct node *maker, const struct node *add, int side)
{
    const struct value *v = add->in[side];

    if (!maker || maker->out[0] != v || value_only_user(v) != add)
        return false;
    if (!(maker->op->flags & OP_FUSES_ADD) || maker->act.kind != ACT_NONE)
        return false;
    return maker->n_in < maker->op->max_in || !maker->in[maker->op->max_in - 1];
}

/* The first of the two to be met on the way back from `from`; NULLs are fine. */
static struct node *later_of(struct node *from, const struct node *a, const struct node *b)
{
    for (struct node *n = from; n; n = n->prev)
        if (n == a || n == b)
            return n;
    return NULL;
}

static bool fuse(struct graph *g, struct node *add)
{
    struct node *makers[] = { add->in[0]->producer, add->in[1]->producer };
    struct node *later = later_of(add->prev, makers[0], makers[1]);
    const bool can[] = { can_take(makers[0], add, 0), can_take(makers[1], add, 1) };

    if (!can[0] && !can[1])
        return false;
    const int side = can[0] && (!can[1] || later == makers[0]) ? 0 : 1;
    struct node *n = makers[side];

    if (n != later)
        graph_move_before(g, n, add);
    node_set_input(g, n, n->op->max_in - 1, add->in[1 - side]);
    node_take_output(n, add->out[0]);
    node_absorb(g, n, add);
    graph_remove(g, add);
    rewrite_log(g, add, REWRITE_ROUNDED, "the convolution adds the other operand to its sum");
    return true;
}

bool pass_fuse_add(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(add, g)
        if (is_plain_add(add) && fuse(g, add))
            changed = true;
    return changed;
}
