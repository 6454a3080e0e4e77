// SPDX-License-Identifier: Apache-2.0
/* program.h - a model, the C it becomes, the programs made of that, and whether
 * they compute what the interpreter does on the graph as it is in the file. */
#ifndef RESC_TESTS_E2E_PROGRAM_H
#define RESC_TESTS_E2E_PROGRAM_H

#include "codegen/emit.h"
#include "codegen/plan.h"
#include "models.h"
#include "ops/op.h"

struct e2e {
    struct model *model;
    struct arena *arena;
    const char *name, *dir; /* dir: of everything, removed by e2e_end() */
    const char *onnx;
    struct graph *graph;    /* as in the file */
    const void **inputs;    /* one for each of graph->inputs */
    const void **values;    /* by value->id, of the interpreter */
};

struct form {
    bool bundle, with_main, selftest;
    enum weights_form weights;
    enum kernels kernels;
    int level; /* -O */
    bool strict, small; /* --fp-error, --optimize */
    bool no_exact_rewrites;
};

/* The model in a folder of its own, with inputs, pseudo-random, beside it. */
struct e2e e2e_new(const struct e2e_model *model);
void e2e_end(struct e2e *e);

/* Writes NAME.c and NAME.h; false after a message. */
bool e2e_compile(const struct e2e *e, const struct form *f);
/* CC FLAGS NAME.c -> DIR/program, with all that this form needs. */
bool e2e_build(const struct e2e *e, const struct form *f, const char *cc, const char *flags);
/* Runs DIR/program on the inputs and compares all outputs. */
bool e2e_agrees(const struct e2e *e, const struct form *f);

/* "bundle incbin blas -O1", for messages. */
const char *form_text(const struct e2e *e, const struct form *f);
/* What must follow model.c on a linker's command line; flags that must come before. */
const char *link_flags(const struct e2e *e, const struct form *f);
const char *compile_flags(const struct e2e *e, const struct form *f);

/* |got - want| <= 1e-5 + 1e-4 * |want|, or equal; integers equal. */
bool same_tensor(enum dtype t, int64_t n, const void *got, const void *want, const char *what);

#endif
