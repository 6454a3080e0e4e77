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
struct str;
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
    bool selftest;            /* NAME_selftest() */
    const void *const *selftest_outputs; /* of g->outputs, what it wants: filled in by compile() */
    int n_pruned;             /* residual branches that were left out: said at the head */
    const char *plan_path;    /* where the plan goes as text; or NULL */
    bool trace;               /* for `verify --layers`: write every step's output */
    bool profile;             /* for `bench --layers` and `compile --tune`: main() prints every step's time */
    const char *depfile;      /* -MD: path of the .d file, or NULL */
};

/* Writes all files of `opt`, or none: false after a diagnostic. */
bool emit_c(const struct graph *g, const struct plan *p, const struct emit_options *opt,
            struct diag *d);
/* Only the texts of model.c and model.h, into strings that are the caller's to free. */
bool emit_text(const struct graph *g, const struct plan *p, const struct emit_options *opt,
               struct str *c, struct str *header, struct diag *d);

#endif
