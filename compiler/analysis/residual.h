// SPDX-License-Identifier: Apache-2.0
/* residual.h - the residual blocks of a graph: where two paths part and are
 * added up again, one of them shorter.
 *
 *     from ──┬── Conv, Relu, Conv ── branch ──┐
 *            │                               Add (join) ── [Relu] ── to
 *            └── nothing, or a Conv ── skip ──┘
 *
 * Source: He et al., Deep Residual Learning for Image Recognition, 2015.  Found by
 * structure: exporters name nodes as they like, and write Add or Sum.  Where an
 * Add is fused into a Conv that feeds it, the Conv is the join. */
#ifndef RESC_ANALYSIS_RESIDUAL_H
#define RESC_ANALYSIS_RESIDUAL_H

#include "ir/graph.h"

struct residual_block {
    struct node *join;   /* an Add, or a node with a fused residual */
    struct value *from;  /* the last value that both operands depend on */
    struct value *skip;  /* the operand with fewer convolutions on its way from `from` */
    struct value *branch; /* the other */
    /* One of the two is NULL where the join was fused into the Conv that made it. */
    bool projection;     /* `skip` is not `from` itself */
    struct value *to;    /* out[0] of the join, or of the activation that alone reads it */
    int n_convs;         /* most convolutions on a way through the branch */
};

/* In run order, in the arena of g.  Sums of paths with equally many convolutions are
 * none: neither of them is a skip. */
struct residual_block *residual_blocks(struct graph *g, int *n);
/* By node->id: in which branch it is, as an index of `blocks` (the innermost), or -1.  A join
 * that computes the end of its branch itself is in it. */
int *residual_branch_of(struct graph *g, const struct residual_block *blocks, int n);

#endif
