// SPDX-License-Identifier: Apache-2.0
/* prune_residual.h - leave out the branches of residual blocks: no pass of the
 * table, since results change.  Who decides which: cli/prune.h. */
#ifndef RESC_PASSES_PRUNE_RESIDUAL_H
#define RESC_PASSES_PRUNE_RESIDUAL_H

struct graph;

struct prune_list {
    const int *blocks; /* indices of residual_blocks(), of the graph after infer_shapes() and the
                        * passes of level 0; ascending */
    int n;
};

void prune_residual(struct graph *g, const struct prune_list *list);

#endif
