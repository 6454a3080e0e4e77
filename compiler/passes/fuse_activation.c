// SPDX-License-Identifier: Apache-2.0
/* fuse_activation - fold Relu, Clip and LeakyRelu into the node that feeds them.
 *
 *     %5 = Conv(%4, %w, %b)        =>    %6 = Conv(%4, %w, %b) act=relu
 *     %6 = Relu(%5)
 *
 * Only if the activation is the one reader of %5 and %5 is not a graph output,
 * since otherwise the value before the activation is needed too; and if the
 * node is of an OP_FUSES_ACT operator and has no activation yet. */
#include "ir/rewrite.h"
#include "ops/clip.h"
#include "ops/op.h"
#include "ops/unary.h"
#include "passes/pass.h"

/* What `n` does to its one input, or ACT_NONE if it is no such node. */
static struct act act_of(const struct node *n)
{
    if (n->out[0]->type != DT_F32)
        return (struct act){ ACT_NONE, 0.0f, 0.0f };
    if (n->op == &op_unary_RELU)
        return (struct act){ ACT_RELU, 0.0f, 0.0f };
    if (n->op == &op_unary_LEAKY_RELU) {
        const struct unary_attr *a = n->attr;

        return (struct act){ ACT_LEAKY_RELU, a->alpha, 0.0f };
    }
    if (n->op == &op_clip && n->n_in == 1) {
        const struct clip_attr *a = n->attr;

        return (struct act){ ACT_CLIP, a->lo, a->hi };
    }
    return (struct act){ ACT_NONE, 0.0f, 0.0f };
}

bool pass_fuse_activation(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g) {
        const struct act act = act_of(n);

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
