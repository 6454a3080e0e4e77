// SPDX-License-Identifier: Apache-2.0
/* command.h - the resc executable ($RESC_BIN) as a child, in a folder of its own. */
#ifndef RESC_TESTS_CLI_COMMAND_H
#define RESC_TESTS_CLI_COMMAND_H

#include "ir/tensor.h"

#include <stdbool.h>

struct world {
    struct arena *arena;
    const char *dir; /* absolute; removed with all that is in it by world_end() */
    const char *env; /* "NAME=VALUE" for the next commands, or NULL */
    const char *out; /* file for their standard output, or NULL: kept */
    const char *cwd; /* where they run; NULL: in dir */
};

struct outcome {
    int status; /* exit status, or -1: ended by a signal */
    const char *out, *err;
};

struct world world_new(void);
void world_end(struct world *w);
/* The path of a file in the world's folder. */
const char *in_world(const struct world *w, const char *name);
void write_text(const struct world *w, const char *name, const char *text);
const char *read_text(const struct world *w, const char *name); /* NULL: is not there */
/* What is in a folder of the world ("" for itself), sorted, "a b c"; the
 * captured output of commands aside. */
const char *list(const struct world *w, const char *folder);

/* resc ARGS...; the list ends with NULL. */
struct outcome resc(const struct world *w, ...);
/* The same, with the arguments in one string, divided by blanks. */
struct outcome resc_words(const struct world *w, const char *args);

/* double.onnx: y = relu(conv(x, w)), x f32[N,1,4,4], w a 1x1 kernel of 2. */
void write_doubler(const struct world *w, const char *name);
/* f32[n,1,4,4] holding start, start + 1, ..., times `scale`. */
void write_ramp(const struct world *w, const char *name, int n, float start, float scale);

#endif
