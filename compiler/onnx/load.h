// SPDX-License-Identifier: Apache-2.0
/* load.h - ONNX files to the IR.  The only door of the room that sees protobuf. */
#ifndef RESC_ONNX_LOAD_H
#define RESC_ONNX_LOAD_H

#include "ir/graph.h"
#include "ir/tensor.h"

struct out_set;

struct dim_define {
    const char *name; /* "N", as in the model, or "INPUT:AXIS" for one without a name */
    int64_t size;
};

struct load_options {
    const struct limits *limits; /* NULL: the default */
    /* External data may also lie anywhere in this folder; NULL: only in that of the model. */
    const char *external_root;
    const struct dim_define *dims; /* -D */
    int n_dims;
    int64_t batch; /* what dimension 0 of the inputs is where it is open; 0: -D or 1 */
    /* One tensor an input (in the order of those inputs that are not
     * initialisers), or fewer.  They fix open dimensions; with `offer_data`
     * they also become constants where an operator can only take a constant
     * (see value_constant()). */
    const struct tensor *data;
    int n_data;
    bool offer_data;
};

/* One operator of the file. */
struct op_use {
    const char *op;      /* with its domain, unless that is ai.onnx */
    const char *first;   /* node */
    int n_nodes;
    const char *problem; /* why resc lacks it, to follow the name; NULL: it does not */
};

/* What the file says about itself, for inspect and for comments. */
struct model_info {
    const char *producer; /* "pytorch 1.13.0" */
    int64_t ir_version;
    int opset;
    int64_t n_parameters; /* elements of all floating-point initialisers */
    size_t file_size;
    char sha256[65];
    const struct op_use *ops; /* by name */
    int n_ops;
};

/* A graph in run order, types and shapes of inputs and constants known, opset
 * and attributes checked; or NULL after diagnostics, all that it could find.
 * `info` may be NULL; it is filled in as far as the file could be read. */
struct graph *onnx_load(struct arena *a, const char *path, const struct load_options *opt,
                        struct model_info *info, struct diag *d);
/* The same of a file's bytes; `path` says in whose folder external data lies. */
struct graph *onnx_load_bytes(struct arena *a, const char *path, const char *bytes, size_t size,
                              const struct load_options *opt, struct model_info *info,
                              struct diag *d);

/* One TensorProto in a file of its own (.pb), or the bytes of that file. */
bool onnx_read_tensor(struct arena *a, const char *path, struct tensor *out, struct diag *d);
bool onnx_parse_tensor(struct arena *a, const char *path, const char *bytes, size_t size,
                       struct tensor *out, struct diag *d);
/* False after a diagnostic; the set is the caller's to commit. */
bool onnx_write_tensor(struct out_set *set, const char *path, const struct tensor *t);

#endif
