// SPDX-License-Identifier: Apache-2.0
/* remove_dead - remove nodes whose results nobody reads.
 *
 *     %2 = Relu(%1)                =>    %3 = Conv(%1, %w, %b)
 *     %3 = Conv(%1, %w, %b)              output %3
 *     output %3
 *
 * A node goes if none of its outputs is read or a graph output.  From the last
 * node backwards, so that one walk takes whole chains. */
#include "passes/pass.h"

static bool is_dead(const struct node *n)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i] && (n->out[i]->n_users || n->out[i]->is_output))
            return false;
    return true;
}

bool pass_remove_dead(struct graph *g)
{
    bool changed = false;

    for (struct node *n = g->last, *prev; n; n = prev) {
        prev = n->prev;
        if (!is_dead(n))
            continue;
        graph_remove(g, n);
        changed = true;
    }
    return changed;
}
