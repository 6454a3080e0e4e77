// SPDX-License-Identifier: Apache-2.0
/* emit.h - writes model.h and model.c from a graph and its plan. */
#ifndef RESC_CODEGEN_EMIT_H
#define RESC_CODEGEN_EMIT_H

#include <stdbool.h>
#include <stddef.h>

struct diag;
struct graph;
struct node;
struct plan;
struct value;

enum weights_form {
    WEIGHTS_AUTO,   /* inline up to 1 MiB, else incbin */
    WEIGHTS_INLINE, /* a string literal at the end of model.c */
    WEIGHTS_INCBIN, /* model.c.weights, embedded by the assembler */
    WEIGHTS_FILE,   /* a file the program passes to NAME_run() */
};

struct emit_options {
    const char *c_path;       /* "-": both to stdout, the header inside */
    const char *prefix;       /* of the interface: "resnet18" */
    const char *model;        /* file name of the model, without its folder */
    const char *model_path;   /* for depfile */
    const char *model_sha256; /* 64 hex digits */
    enum weights_form weights;
    const char *weights_path; /* WEIGHTS_FILE */
    bool bundle;              /* kernels into model.c */
    bool with_main;           /* a main() that runs the model on raw files */
    bool trace;               /* for `verify --layers`: write every step's output */
    const char *depfile;      /* -MD: path of the .d file, or NULL */
};

bool emit_c(const struct graph *g, const struct plan *p, const struct emit_options *opt,
            struct diag *d);

/* For op->emit_call: */
struct emit;
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void emit_printf(struct emit *e, const char *fmt, ...); /* in the body of NAME_run() */
/* The C expression for the memory of `v`: "conv1_out", "w->fc_weight", "NULL". */
const char *emit_value(struct emit *e, const struct value *v);
const char *emit_name(struct emit *e, const struct node *n); /* C name of n's parameters */

#endif
