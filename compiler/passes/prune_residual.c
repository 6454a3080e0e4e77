// SPDX-License-Identifier: Apache-2.0
/* prune_residual - a block becomes its skip.
 *
 *     %3 = Conv(%2, %w)            =>    %4 = Identity(%0)
 *     %4 = Add(%0, %3)                   %5 = Relu(%4)
 *     %5 = Relu(%4)
 */
#include "passes/prune_residual.h"

#include "analysis/residual.h"
#include "passes/become.h"
#include "passes/pass.h"

void prune_residual(struct graph *g, const struct prune_list *list)
{
    int n;
    const struct residual_block *blocks = residual_blocks(g, &n);

    for (int i = 0; i < list->n; i++) {
        const struct residual_block *b = &blocks[list->blocks[i]];

        become_act(g, b->join, b->skip, (struct act){ ACT_NONE, 0.0f, 0.0f });
    }
    pass_remove_dead(g);
}
