// SPDX-License-Identifier: Apache-2.0
/* judge.h - one hostile model through the commands of resc. */
#ifndef RESC_TESTS_JUDGE_H
#define RESC_TESTS_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct judge {
    struct arena *arena;
    const char *resc, *source; /* the program, and the folder of the sources */
    const char *filter;        /* of names; "": all */
    bool slow;                 /* there is no limit on time and memory */
    bool verbose;
    int n_passed, n_failed, n_skipped, n_runs;
    double most_seconds;
    size_t most_memory;
};

/* DIR/bad.onnx; `says` as in struct hostile.  Counts it, and prints what is wrong. */
void judge_model(struct judge *j, const char *name, const char *dir, const char *says);

#endif
