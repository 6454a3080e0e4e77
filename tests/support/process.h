// SPDX-License-Identifier: Apache-2.0
/* process.h - other programs, run by tests: with what they said and a limit on
 * how long they may take. */
#ifndef RESC_TESTS_PROCESS_H
#define RESC_TESTS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct process {
    int status;      /* exit status; 128 + N if ended by signal N */
    bool timed_out;  /* and was ended, with its children */
    double seconds;
    double cpu_seconds; /* of it and those of its children that it waited for */
    size_t peak;        /* bytes of memory that it had at most, resident */
    const char *out; /* standard output and error, in the arena */
    const char *err;
};

/* Runs argv[0], looked up in PATH, in folder `dir` (NULL: this one).  `env`:
 * "NAME=VALUE", NULL behind the last, on top of the environment; or NULL.
 * `seconds`: the limit.  What cannot happen in a right test aborts. */
struct process process_run(struct arena *a, const char *dir, const char *const *argv,
                           const char *const *env, double seconds);

/* The same for a command line of the shell; shows what it said on stderr if
 * it fails.  True if it exited with 0. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool shell(struct arena *a, struct process *p, const char *format, ...);

/* A fresh folder below $TMPDIR; removed, with all in it, by folder_remove(). */
const char *folder_new(struct arena *a);
void folder_remove(const char *path);

/* Where the data beside the source tree are: $RESC_SHARED/NAME, else
 * ../shared/NAME next to the tree; NULL: not there. */
const char *shared_folder(struct arena *a, const char *source_root, const char *name);

#endif
