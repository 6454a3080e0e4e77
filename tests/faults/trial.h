// SPDX-License-Identifier: Apache-2.0
/* trial.h - resc's main() in a process forked from this one: thousands of them a
 * minute, each from the same state. */
#ifndef RESC_TESTS_FAULTS_TRIAL_H
#define RESC_TESTS_FAULTS_TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

enum { SAID_MAX = 1 << 16 };

struct bench {
    const char *dir;   /* a fresh folder, which is the current one of every trial */
    const char *tmp;   /* TMPDIR of trials: DIR/tmp */
    int out, err;      /* the files to which standard output and error of a trial go */
    char said[SAID_MAX], said_err[SAID_MAX];
};

/* main() of resc; argv[argc] is NULL. */
int resc_main(int argc, char **argv);

struct bench *bench_new(void);
void bench_end(struct bench *b);

/* Forks: 0 in the child, whose standard output and error are captured, and which
 * is to call trial_run(). */
pid_t trial_fork(struct bench *b);
/* `args` divided by blanks; resc itself is not one of them. */
_Noreturn void trial_run(const char *args);
/* The status as of waitpid(); then b->said and b->said_err hold what was said. */
int trial_wait(struct bench *b, pid_t pid);
void trial_said(struct bench *b); /* the same of a process that was waited for */

/* Files of DIR, hidden ones too, but for those named in `known` (NULL behind the
 * last) and for tmp; those in tmp. */
int n_strangers(const struct bench *b, const char *const *known);

/* A number that differs where the bytes of DIR/NAME do; 0: there is no such file. */
unsigned long long file_number(const struct bench *b, const char *name);

#endif
