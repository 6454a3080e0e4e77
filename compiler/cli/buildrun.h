// SPDX-License-Identifier: Apache-2.0
/* buildrun.h - a model as a program of its own: compiled, built with the C
 * compiler, run on tensors.  For `resc verify` and `resc run`. */
#ifndef RESC_CLI_BUILDRUN_H
#define RESC_CLI_BUILDRUN_H

#include "base/cleanup.h"
#include "compile.h"

/* Where it happens: a fresh temporary folder, removed in the end, or one that stays. */
struct workdir {
    const char *path;
    struct doomed *doomed; /* its `dir` is NULL if the folder stays */
};

/* `keep`: the folder that stays, made if it is not there; NULL: a temporary one. */
bool workdir_open(struct workdir *w, struct arena *a, const char *keep, struct diag *d);
void workdir_close(const struct workdir *w);

enum build_state { BUILD_OK, BUILD_REFUSED, BUILD_FAILED };

struct program {
    enum build_state state;
    struct compiled made;
    const struct workdir *dir;
    const char *path; /* of the executable */
    bool profiled;    /* it was compiled with emit.profile */
};

/* The model as model<tag>.c in `w`; opt->emit is filled in here, but for emit.trace
 * and emit.profile.  BUILD_OK or BUILD_REFUSED. */
struct program program_compile(struct arena *a, const struct compile_options *opt,
                               const struct workdir *w, const char *tag, struct diag *d);
/* What cc makes of that; `cc_flags`, divided by blanks, or NULL.  BUILD_OK or
 * BUILD_FAILED; does nothing to a program that was refused. */
void program_build(struct arena *a, struct program *p, const char *cc_flags, struct diag *d);

/* The first line that the C compiler says of itself, or its name. */
const char *compiler_version(struct arena *a, const struct workdir *w);

/* Runs it on one tensor for each of graph->inputs; `outputs` has room for one
 * for each of graph->outputs.  `trace`: the file that takes the steps' outputs
 * of a program with emit.trace, or NULL.  False after a message. */
bool program_run(struct arena *a, const struct program *p, const char *tag,
                 const struct tensor *inputs, struct tensor *outputs, const char *trace,
                 struct diag *d);

/* Runs it runs + 1 times in one process, with at most `threads` threads.  The
 * file that holds what it printed, or NULL after a message. */
const char *program_time(struct arena *a, const struct program *p, const char *tag, int runs,
                         int threads, const struct tensor *inputs, struct diag *d);

/* Every value as the interpreter computes it from one tensor for each of
 * g->inputs: bytes by value->id. */
const void **graph_values(struct arena *a, const struct graph *g, const struct tensor *inputs);
/* The same as program_run(), without a program: g->outputs. */
struct tensor *graph_interpret(struct arena *a, const struct graph *g,
                               const struct tensor *inputs);

#endif
