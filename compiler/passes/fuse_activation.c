// SPDX-License-Identifier: Apache-2.0
/* fuse_activation - fold Relu, Clip and LeakyRelu into the node that feeds them.
 *
 *     %5 = Conv(%4, %w, %b)        =>    %6 = Conv(%4, %w, %b) act=relu
 *     %6 = Relu(%5)
 *
 * Only if the activation is the one reader of %5 and %5 is not a graph output,
 * since otherwise the value before the activation is needed too; and if the
 * node is of an OP_FUSES_ACT operator and has no activation yet. */
#include "analysis/facts.h"
#include "ir/rewrite.h"
#include "ops/op.h"
#include "passes/pass.h"

bool pass_fuse_activation(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g) {
        const struct act act = act_of_node(n);

        if (act.kind == ACT_NONE)
            continue;
        struct value *before = n->in[0];
        struct node *maker = before->producer;

        if (!maker || !(maker->op->flags & OP_FUSES_ACT) || maker->act.kind != ACT_NONE)
            continue;
        if (maker->out[0] != before || value_only_user(before) != n)
            continue;
        maker->act = act;
        node_take_output(maker, n->out[0]);
        node_absorb(g, maker, n);
        graph_remove(g, n);
        rewrite_log(g, n, REWRITE_EXACT, "the node before it applies it to each result");
        changed = true;
    }
    return changed;
}
