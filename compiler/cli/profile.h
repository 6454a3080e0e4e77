// SPDX-License-Identifier: Apache-2.0
/* profile.h - how long a generated program takes, as a whole and step by step.
 * For `resc bench` and `resc compile --tune`. */
#ifndef RESC_CLI_PROFILE_H
#define RESC_CLI_PROFILE_H

#include "cli/buildrun.h"

struct timing { /* of some runs, in milliseconds */
    double min, median;
};

struct profile {
    int n_runs;              /* counted ones: the first of a process is not */
    struct timing run;       /* NAME_run() */
    struct timing *steps;    /* [n_steps]; NULL if not compiled with emit.profile */
    int n_steps;
};

/* Runs the program `runs` + 1 times on random inputs in one process, with at
 * most `threads` threads.  False after a message. */
bool program_profile(struct arena *a, const struct program *p, int runs, int threads,
                     struct profile *out, struct diag *d);

#endif
