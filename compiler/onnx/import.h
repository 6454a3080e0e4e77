// SPDX-License-Identifier: Apache-2.0
/* import.h - what the files of this room share.  Nobody else includes it.
 *
 *     wire.c        bytes -> protobuf messages, after a check of the wire format
 *     load.c        file -> ModelProto: versions, operator sets, model_info
 *     tensor.c      TensorProto -> struct tensor; all of them pass through here
 *     external.c    the elements that a TensorProto keeps in another file
 *     attributes.c  NodeProto's attributes -> struct attr_list
 *     inputs.c      graph inputs: types, and sizes of open dimensions
 *     constants.c   initialisers and Constant nodes
 *     order.c       an order in which the nodes can run
 *     unsupported.c the operators that resc lacks, all in one report
 *     nodes.c       NodeProto -> struct node: arity, attributes
 *     import.c      GraphProto -> struct graph: who produces what; outputs
 *
 * Messages are never freed singly: they live in the arena, and constants
 * point into them. */
#ifndef RESC_ONNX_IMPORT_H
#define RESC_ONNX_IMPORT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/map.h"
#include "onnx.pb-c.h"
#include "onnx/load.h"
#include "ops/attr.h"

struct reader {
    struct arena *arena;
    struct diag *diag;
    const char *path;     /* of the model: external data lies in its folder */
    const char *external_root; /* ... or anywhere in this one; NULL: there is none */
    struct map *missing;  /* external files that are not there, each reported once */
    const struct limits *limits;
    uint64_t *input_size; /* bytes of all files that were read */
};

struct op;

struct import {
    struct reader r;
    const Onnx__ModelProto *model;
    const Onnx__GraphProto *proto;
    const struct load_options *opt;
    int opset; /* of the standard operators */
    struct graph *g;
    struct map values;   /* name -> struct value */
    struct map refused;  /* name -> const char *: what this is, that no node can read */
    struct map dims;     /* dim_param -> int64_t *: the size it got */
    struct value **initialisers; /* in the file's order; NULL: refused */
    int64_t n_parameters;
    const struct op_use *ops; /* by name */
    int n_ops;
};

/* proto2 strings are NULL when left out. */
static inline const char *text(const char *s)
{
    return s ? s : "";
}

/* load.c */
/* Counts `size` bytes of input.  False after a diagnostic about `what`: they are too many. */
bool input_take(const struct reader *r, uint64_t size, const char *what);

/* wire.c */
/* NULL after a diagnostic. */
ProtobufCMessage *message_read(const struct reader *r, const ProtobufCMessageDescriptor *type,
                               const char *bytes, size_t size);

/* tensor.c */
const char *element_type_name(int data_type); /* "FLOAT16" */
/* `what` for messages: "initialiser 'w'".  A type that resc does not know gives
 * DT_NONE and no message. */
bool tensor_import(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                   struct tensor *out);
const void *tensor_data(const void *data); /* NULL -> an address, for no elements */

/* external.c */
const void *external_read(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                          size_t size);

/* attributes.c */
const char *node_label(const Onnx__NodeProto *p); /* its name, or that of its first output */
bool attributes_import(const struct reader *r, const Onnx__NodeProto *p, struct attr_list *out);

/* inputs.c */
/* `initialised`: the names of initialisers, which make constants of inputs. */
void inputs_import(struct import *im, const struct map *initialised);
struct shape declared_shape(const struct import *im, const Onnx__TypeProto *type); /* rank -1: ? */
enum dtype declared_type(const Onnx__TypeProto *type);
bool dimension_is_fixed(const Onnx__TypeProto *type, int i); /* of a shape that is declared */

/* constants.c */
void initialisers_import(struct import *im);
bool is_constant_node(const Onnx__NodeProto *p);
void constant_node_import(struct import *im, const Onnx__NodeProto *p);

/* order.c */
/* The nodes in an order in which they can run: that of the file, if it can.
 * `producer` maps a value's name to the Onnx__NodeProto * (an element of
 * proto->node) that makes it.  NULL after naming the nodes of a cycle. */
const Onnx__NodeProto **nodes_order(const struct import *im, const struct map *producer);

/* unsupported.c */
bool is_standard(const Onnx__NodeProto *p); /* of the domain ai.onnx */
const struct op *node_op(const struct import *im, const Onnx__NodeProto *p); /* NULL: unsupported */
void survey_operators(struct import *im); /* fills im->ops */
void report_unsupported(const struct import *im);

/* nodes.c */
void node_import(struct import *im, const Onnx__NodeProto *p);

/* import.c */
bool graph_import(struct import *im); /* false after diagnostics */

#endif
