// SPDX-License-Identifier: Apache-2.0
/* remove_zero_branch - a residual branch that is 0 for every input goes; the block
 * becomes its skip.
 *
 *     %5 = Conv(%4, %w, %b)        =>    %6 = Identity(%3)
 *     %6 = Add(%5, %3)
 *
 * Such branches are left by "zero-init residual" training, where a batch norm's scale
 * starts as 0, and by strong weight decay.  Whole nodes that only the branch needed go,
 * too.  In a Conv with a fused residual either of the two may be 0; if it is
 * the Conv's own sum, its activation remains.
 *
 * Only if the branch is known to be 0 (analysis/facts.h), and the other operand has the
 * result's shape: it is not broadcast. */
#include "analysis/facts.h"
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "passes/become.h"
#include "passes/pass.h"

static const char why_add[] =
    "one operand is 0 for every input, by its weights: x + 0 is x";
static const char why_residual[] =
    "the residual is 0 for every input, by the weights of its branch: nothing to add";
static const char why_sum[] =
    "its weights and bias are 0, or meet only what is 0: x + 0 is x";

static bool is_zero(const struct facts *f, const struct value *v, const struct shape *s)
{
    const struct fact x = fact_of(f, v, s);

    return fact_is_zero(&x, s);
}

static void remove_branch(struct graph *g, const struct value *branch)
{
    if (branch->producer)
        graph_remove_dead(g, branch->producer);
}

static bool simplify_add(struct graph *g, const struct facts *f, struct node *add)
{
    const struct shape *s = &add->out[0]->shape;

    for (int side = 0; side < 2; side++) {
        const struct value *branch = add->in[side];
        struct value *skip = add->in[1 - side];

        if (!shape_equal(&skip->shape, s) || !is_zero(f, branch, s))
            continue;
        become_act(g, add, skip, (struct act){ ACT_NONE, 0.0f, 0.0f });
        remove_branch(g, branch);
        rewrite_log(g, add, REWRITE_EXACT, why_add);
        return true;
    }
    return false;
}

static bool simplify_conv(struct graph *g, const struct facts *f, struct node *conv)
{
    const struct shape *s = &conv->out[0]->shape;
    struct value *residual = conv->in[CONV_ADD], *x = conv->in[CONV_X];

    if (is_zero(f, residual, s)) {
        node_drop_inputs(g, conv, CONV_ADD);
        remove_branch(g, residual);
        rewrite_log(g, conv, REWRITE_EXACT, why_residual);
        return true;
    }
    const struct fact sum = fact_before_add(f, conv);

    if (!fact_is_zero(&sum, s))
        return false;
    become_act(g, conv, residual, conv->act);
    remove_branch(g, x);
    rewrite_log(g, conv, REWRITE_EXACT, why_sum);
    return true;
}

bool pass_remove_zero_branch(struct graph *g)
{
    struct arena *a = arena_new();
    const struct facts *f = facts_of(a, g);
    bool changed = false;

    graph_foreach_node_safe(n, g) {
        if (!n->out[0] || n->out[0]->type != DT_F32)
            continue;
        if ((n->op == &op_add || n->op == &op_sum) && n->n_in == 2)
            changed |= simplify_add(g, f, n);
        else if (n->op == &op_conv && node_in(n, CONV_ADD))
            changed |= simplify_conv(g, f, n);
    }
    arena_free(a);
    return changed;
}
