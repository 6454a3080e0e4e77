// SPDX-License-Identifier: Apache-2.0
/* drop_activation - a ReLU of what is never negative goes, and whatever else changes
 * no element that can occur.
 *
 *     %4 = MaxPool(%3)             =>    %4 = MaxPool(%3)
 *     %5 = Relu(%4)                      %5 = Identity(%4)
 *
 * where %3 is the result of a Relu.  Such are left when a residual branch is removed:
 * its block's input has been through a ReLU already.
 *
 * Relu and LeakyRelu change nothing that is at least 0, Clip nothing within its bounds;
 * what can occur is known from analysis/facts.h.  Fused activations likewise. */
#include "analysis/facts.h"
#include "base/arena.h"
#include "ir/rewrite.h"
#include "passes/become.h"
#include "passes/pass.h"

static const char why[] = "what it reads is within its bounds already: it changes no element";

static bool drop(struct graph *g, const struct facts *f, struct node *n)
{
    const struct act own = act_of_node(n);
    const struct act act = own.kind == ACT_NONE ? n->act : own;

    if (act.kind == ACT_NONE)
        return false;
    const struct fact before = fact_before_act(f, n);

    if (!act_is_idle(&act, &before))
        return false;
    if (own.kind == ACT_NONE)
        n->act.kind = ACT_NONE;
    else
        become_act(g, n, n->in[0], (struct act){ ACT_NONE, 0.0f, 0.0f });
    rewrite_log(g, n, REWRITE_EXACT, why);
    return true;
}

bool pass_drop_activation(struct graph *g)
{
    struct arena *a = arena_new();
    const struct facts *f = facts_of(a, g);
    bool changed = false;

    graph_foreach_node_safe(n, g)
        if (drop(g, f, n))
            changed = true;
    arena_free(a);
    return changed;
}
