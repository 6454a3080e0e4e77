// SPDX-License-Identifier: Apache-2.0
/* interpret.h - runs a graph with the reference evaluators, which accumulate
 * in double precision: what generated code is compared with. */
#ifndef RESC_INTERPRET_H
#define RESC_INTERPRET_H

struct arena;
struct graph;

/* `inputs` in the order of graph->inputs, dense.  Returns every value's
 * elements by value->id (inputs and constants included), in the arena. */
const void **interpret(struct arena *a, const struct graph *g, const void *const *inputs);

#endif
