// SPDX-License-Identifier: Apache-2.0
/* child.h - other programs, run without a shell. */
#ifndef RESC_CLI_CHILD_H
#define RESC_CLI_CHILD_H

#include <stdbool.h>

struct arena;
struct diag;

/* A list of words, NULL behind the last: an argv. */
struct words {
    struct arena *arena;
    const char **word;
    int n, cap;
};

void words_add(struct words *w, const char *word); /* not copied */
void words_split(struct words *w, const char *text); /* at blanks; copied */

/* Runs argv and waits.  What it says goes to the file `log`, of which the
 * first lines are shown if it fails.  `env`: each "NAME=VALUE", for it alone,
 * or NULL.  True if it exited with 0; else false after a message about `who`. */
bool child_run(struct arena *a, const char *who, const struct words *argv,
               const struct words *env, const char *log, struct diag *d);

#endif
