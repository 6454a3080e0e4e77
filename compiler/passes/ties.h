// SPDX-License-Identifier: Apache-2.0
/* ties.h - values whose channels (axis 1) stand and fall together.
 *
 *     Conv ── %4 ── Relu ── %5 ──┐
 *                               Add ── %7 ── GlobalAveragePool ── %8 ── Flatten ── %9 ── Gemm
 *     Conv ──────────── %6 ──────┘
 *
 * All of %4 ... %9 are one class: between the Convs that make its channels and the Gemm that
 * mixes them, each node keeps channel to channel.  A class is `fixed` if it reaches an
 * input or an output of the graph, or a node that is not known here.
 *
 * After Flatten an image's channel is many: a class has `channels` units, and each of its
 * values has the same number of channels in each unit, in their order. */
#ifndef RESC_PASSES_TIES_H
#define RESC_PASSES_TIES_H

#include "ir/graph.h"

enum tie_role {
    TIE_OTHER, /* nothing is known of its channels */
    TIE_KEEPS, /* channel c of out[0] is made of channel c of its operands */
    TIE_MIXES, /* a Conv of one group or a Gemm, of constants: in[0] and out[0] are of two
                * classes, a fused residual is of that of out[0] */
};
enum tie_role tie_role(const struct node *n);

struct tied_node {
    struct node *node;
    struct tied_node *next;
};

struct tied_value {
    struct value *value;
    struct tied_value *next;
};

struct tie_class {
    bool fixed;
    int64_t channels;         /* units */
    struct tied_node *nodes;  /* that make, keep or mix its channels; in no order */
    struct tied_value *values;
};

/* The classes of g, in `a`. */
struct ties *ties_of(struct arena *a, const struct graph *g);
struct tie_class *tie_class_of(const struct ties *t, const struct value *v);

#endif
