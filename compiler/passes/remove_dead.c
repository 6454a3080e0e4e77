// SPDX-License-Identifier: Apache-2.0
/* remove_dead - remove nodes whose results nobody reads.
 *
 *     %2 = Relu(%1)                =>    %3 = Conv(%1, %w, %b)
 *     %3 = Conv(%1, %w, %b)              output %3
 *     output %3
 *
 * A node goes if none of its outputs is read or a graph output.  From the last
 * node backwards, so that one walk takes whole chains. */
#include "ir/rewrite.h"
#include "passes/pass.h"

bool pass_remove_dead(struct graph *g)
{
    bool changed = false;

    for (struct node *n = g->last, *prev; n; n = prev) {
        prev = n->prev;
        if (!node_is_dead(n))
            continue;
        graph_remove(g, n);
        rewrite_log(g, n, REWRITE_EXACT, "nobody reads its results");
        changed = true;
    }
    return changed;
}
