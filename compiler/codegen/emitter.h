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
    uint32_t set_id;   /* NAME_SET_ID: the same in the header and in the .c file */
    bool needs_math_h; /* a parameter is INFINITY or NAN */
    struct str *out;
};

/* A list that breaks before it runs over the line. */
struct list {
    struct emit *e;
    const char *separator; /* without a blank at its end: "," or " ||" */
    size_t line_start; /* in e->out, of the line being written */
    int indent;
    bool any;
};

/* A list at the current position: continuation lines line up with it. */
struct list list_here(struct emit *e, const char *separator);
void list_item(struct list *l, const char *text);
/* The shortest decimal that reads back as x: "0.25f". */
const char *emit_float(struct emit *e, float x);

/* The caller's tensors: inputs, then outputs, in the order of the parameters. */
void emit_signature(struct emit *e, const char *end);
void emit_parameters(struct emit *e); /* the struct of every step */
void emit_run(struct emit *e);        /* NAME_run() */
void emit_trace_function(struct emit *e);
void emit_profile_functions(struct emit *e);
void emit_main(struct emit *e);
void emit_selftest_header(struct emit *e); /* of NAME_selftest(): macros, contract, prototype */
void emit_selftest(struct emit *e);
void emit_selftest_data(struct emit *e);   /* what it compares with */
const char *emit_name(struct emit *e, const struct node *n); /* C name of n's parameters */
/* Model text inside a comment. */
void emit_comment(struct emit *e, const char *text);
bool emit_to_stdout(const struct emit *e);
/* All files of e->opt, or none: false after a diagnostic. */
bool emit_files(struct emit *e, const struct str *c, const struct str *header,
                const uint8_t plan_hash[32], struct diag *d);

#endif
