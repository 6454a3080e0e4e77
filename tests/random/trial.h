// SPDX-License-Identifier: Apache-2.0
/* trial.h - a model, compiled, built with sanitizers, run, and compared with the
 * reference.
 *
 *     trial.c    model -> C, reference
 *     program.c  the C of many models -> one program, which is run
 *     batch.c    many trials, each lot in a process of its own */
#ifndef RESC_TESTS_RANDOM_TRIAL_H
#define RESC_TESTS_RANDOM_TRIAL_H

#include "form.h"
#include "reference.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* REFUSED: a model that resc should read.  UNSOUND: the generator's fault. */
#define VERDICTS(X) \
    X(PASS, "pass") X(WRONG, "wrong") X(REFUSED, "refused") X(BUILD_FAILED, "build-failed") \
    X(RUN_FAILED, "run-failed") X(CRASHED, "crashed") X(UNSOUND, "unsound")

enum verdict {
#define VERDICT(sym, text) TRIAL_##sym,
    VERDICTS(VERDICT)
#undef VERDICT
    N_VERDICTS
};
extern const char *const verdict_names[N_VERDICTS];

/* Where things are, the same for all. */
struct setup {
    const char *cc;           /* the C compiler, with flags */
    const char *include, *rt; /* the runtime's headers, its library with sanitizers */
    const char *libs;         /* behind it: -lopenblas -lm */
    const char *folder;       /* of everything that is made */
    const char *inject;       /* see reference_run() */
    const char *ort, *ort_script; /* a Python that has ONNX Runtime, what it runs; NULL: none */
};

struct trial {
    uint64_t seed;              /* of the model, if `model` is NULL; of its inputs */
    const unsigned char *model; /* serialised */
    size_t size;
    struct form form;

    enum verdict verdict;
    const char *why;            /* NULL: it passed, with ONNX Runtime, too, if that was asked */
    bool has_ort;               /* the reference was compared with ONNX Runtime */
    unsigned rewrote;           /* bit i: all_passes[i] did something */

    const char *name;           /* of its files and its functions: "m12" */
    struct graph *graph;        /* as in the file */
    const void **inputs;
    struct reference reference;
};

/* The model's graph as it is in the file, its inputs and what it should compute,
 * its C in `dir`.  False: trial->verdict says why. */
bool trial_prepare(struct arena *a, const struct setup *s, const char *dir, struct trial *t);
/* Reads the outputs that the program left in `dir`. */
void trial_judge(struct arena *a, const char *dir, struct trial *t);
/* ... and those of ONNX Runtime; what it does not run is not compared. */
void trial_judge_ort(struct arena *a, const char *dir, struct trial *t);
void trial_fail(struct trial *t, enum verdict v, const char *why);

/* Builds and runs those that passed so far, all with the choice of the first where
 * that concerns a whole program. */
void program_run_trials(struct arena *a, const struct setup *s, const char *dir, int n,
                        struct trial *t);

/* Tries all of them, at most `jobs` lots at a time; after each, in no order, `report`. */
void batch_run(struct arena *a, const struct setup *s, int n, struct trial *trials, int jobs,
               void (*report)(void *ctx, const struct trial *t), void *ctx);

#endif
