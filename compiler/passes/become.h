// SPDX-License-Identifier: Apache-2.0
/* become.h - a node of which the weights show that it is a simpler one. */
#ifndef RESC_PASSES_BECOME_H
#define RESC_PASSES_BECOME_H

#include "ir/graph.h"

/* `n` becomes that activation of x: Relu, Clip or LeakyRelu, or, without one, Identity,
 * which remove_identity drops.  The new node has the name, the origin and out[0] of n,
 * which is removed. */
void become_act(struct graph *g, struct node *n, struct value *x, struct act act);
/* The same with a ScaleShift of x, which takes over n->act. */
void become_scale_shift(struct graph *g, struct node *n, struct value *x, struct value *scale,
                        struct value *shift);

#endif
