// SPDX-License-Identifier: Apache-2.0
/* split_variadic - Sum, Max and Min of many become a chain of two-input nodes.
 *
 *     %9 = Sum(%1, %2, %3)         =>    %10 = Sum(%1, %2)
 *                                        %9 = Sum(%10, %3)
 *
 * Always legal: ONNX defines them as such folds from the left.
 * Contract: afterwards these operators have two inputs, as their kernels
 * require (infer makes an Identity of those that have one); the last node of a
 * chain is the one that was there. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/op.h"
#include "passes/pass.h"

static bool is_variadic(const struct op *op)
{
    return op == &op_sum || op == &op_max || op == &op_min;
}

static void split(struct graph *g, struct node *n)
{
    struct value *acc = n->in[0];

    for (int i = 1; i < n->n_in - 1; i++) {
        struct shape s;
        struct value *pair[] = { acc, n->in[i] };

        shape_broadcast(&acc->shape, &n->in[i]->shape, &s);
        acc = graph_add_value(g, arena_printf(g->arena, "%s_%d", n->out[0]->name, i),
                              n->out[0]->type, s);
        graph_insert(g, n, n->op, n->name, 2, pair, 1, &acc)->origin = n->origin;
    }
    node_set_input(g, n, 1, n->in[n->n_in - 1]);
    node_set_input(g, n, 0, acc);
    node_drop_inputs(g, n, 2);
    rewrite_log(g, n, REWRITE_EXACT, "defined as such a chain, from the left");
}

bool pass_split_variadic(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g) {
        if (!is_variadic(n->op) || n->n_in <= 2)
            continue;
        split(g, n);
        changed = true;
    }
    return changed;
}
