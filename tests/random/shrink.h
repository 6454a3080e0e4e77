// SPDX-License-Identifier: Apache-2.0
/* shrink.h - reduces a model while it still fails in the same way.
 *
 *     shrink.c   which reductions are kept
 *     reduce.c   the reductions of the graph: nodes, outputs, attributes
 *     resize.c   ... and of its sizes
 *     describe.c a model as text */
#ifndef RESC_TESTS_RANDOM_SHRINK_H
#define RESC_TESTS_RANDOM_SHRINK_H

#include "onnx.pb-c.h"
#include "trial.h"

#include <stdbool.h>

/* The least found that fails as `bad` does: its model in *size bytes. */
const unsigned char *shrink(struct arena *a, const struct setup *s, const struct trial *bad,
                            int jobs, size_t *size);

/* Types and shapes of the values, by name; NULL: not known. */
const struct value *value_named(const struct graph *g, const char *name);

/* A kind of reduction: applies the one of that number to *m, in place.  NONE: there
 * are no more; SAME: this one changes nothing.  New messages are in the arena. */
enum reduced { REDUCED_NONE, REDUCED_SAME, REDUCED };
typedef enum reduced reduction(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i);

reduction reduce_to_output;   /* one value is the only output */
reduction reduce_outputs;     /* an output less */
reduction reduce_to_input;    /* a node's outputs become inputs */
reduction reduce_bypass;      /* a node's reader reads the node's input */
reduction reduce_attribute;   /* an attribute less */
reduction reduce_operand;     /* the last input of a node less */
reduction reduce_dimension;   /* a number, wherever it is a dimension, becomes less */
reduction reduce_data;        /* all elements of a constant become 1 */

/* Drops what nothing leads to an output from. */
void reduce_dead(Onnx__ModelProto *m);

void describe(FILE *out, const unsigned char *model, size_t size);

#endif
