// SPDX-License-Identifier: Apache-2.0
/* hostile.h - models made to break a compiler, and what must become of each.
 *
 *     nodes.def    one operator, with attributes or inputs that it cannot have
 *     graphs.c     names, cycles, versions, inputs and outputs, subgraphs
 *     tensors.c    initialisers that are not what they say
 *     names.c      names that C cannot take, and too many of them
 *     external.c   weights in files beside the model, and ways out of its folder
 *     bytes.c      what is no protobuf message, or too much of one
 *     shared.def   the files in the folder hostile-models of RESC_SHARED */
#ifndef RESC_TESTS_HOSTILE_H
#define RESC_TESTS_HOSTILE_H

#include "model.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

struct hostile {
    const char *name;
    /* A part of the message that refuses it; NULL: the model is odd, but right,
     * and its C compiles. */
    const char *says;
    /* Writes bad.onnx, and what else there is, into `dir`. */
    void (*make)(const struct hostile *h, const char *dir);
    /* Of a model of one node, see nodes.c. */
    const char *op, *inputs, *outputs, *attributes;
    int opset;
    int64_t n; /* whatever `make` makes of it: a place, a count, a depth */
};

extern const struct hostile hostile_nodes[], hostile_graphs[], hostile_tensors[],
    hostile_names[], hostile_external[], hostile_bytes[];
extern const int n_hostile_nodes, n_hostile_graphs, n_hostile_tensors, n_hostile_names,
    n_hostile_external, n_hostile_bytes;

/* Into DIR/bad.onnx; the model is freed. */
void hostile_write(struct model *m, const char *dir);
void hostile_write_bytes(const char *dir, const char *name, const void *bytes, size_t size);

/* y = Add(x, w) of f32[4], w an initialiser: nothing wrong with it yet. */
struct model *hostile_add(void);
/* The same without w; the caller adds it. */
struct model *hostile_add_open(void);

#endif
