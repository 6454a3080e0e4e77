// SPDX-License-Identifier: Apache-2.0
/* prune_residual - a block becomes its skip.
 *
 *     %3 = Conv(%2, %w)            =>    %4 = Identity(%0)
 *     %4 = Add(%0, %3)                   %5 = Relu(%4)
 *     %5 = Relu(%4)
 */
#include "passes/prune_residual.h"

#include "analysis/residual.h"
#include "ops/op.h"
#include "passes/pass.h"

static void to_identity(struct graph *g, struct node *join, struct value *skip)
{
    struct value *none = NULL;
    struct node *identity = graph_insert(g, join, &op_identity, join->name, 1, &skip, 1, &none);

    identity->origin = join->origin;
    node_take_output(identity, join->out[0]);
    graph_remove(g, join);
}

void prune_residual(struct graph *g, const struct prune_list *list)
{
    int n;
    const struct residual_block *blocks = residual_blocks(g, &n);

    for (int i = 0; i < list->n; i++)
        to_identity(g, blocks[list->blocks[i]].join, blocks[list->blocks[i]].skip);
    pass_remove_dead(g);
}
