// SPDX-License-Identifier: Apache-2.0
/* emitter.h - what the files that write model.c share. */
#ifndef RESC_CODEGEN_EMITTER_H
#define RESC_CODEGEN_EMITTER_H

#include "base/str.h"
#include "codegen/emit.h"
#include "codegen/names.h"
#include "codegen/plan.h"

struct emit {
    struct arena *arena;
    const struct graph *graph;
    const struct plan *plan;
    const struct emit_options *opt;
    struct names names;
    const char *prefix, *upper; /* "resnet18", "RESNET18" */
    enum weights_form weights;
    bool needs_math_h; /* a parameter is INFINITY or NAN */
    struct str *out;
};

/* The caller's tensors: inputs, then outputs, in the order of the parameters. */
void emit_signature(struct emit *e, const char *end);
void emit_parameters(struct emit *e); /* the struct of every step */
void emit_run(struct emit *e);        /* NAME_run() */
void emit_trace_function(struct emit *e);
void emit_profile_functions(struct emit *e);
void emit_main(struct emit *e);
const char *emit_name(struct emit *e, const struct node *n); /* C name of n's parameters */
/* Model text inside a comment. */
void emit_comment(struct emit *e, const char *text);

#endif
