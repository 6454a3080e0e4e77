// SPDX-License-Identifier: Apache-2.0
/* tracer.h - a trial of which one system call fails, or in which a signal comes
 * just before one: what the C library does within stdio is met as well. */
#ifndef RESC_TESTS_FAULTS_TRACER_H
#define RESC_TESTS_FAULTS_TRACER_H

#include "trial.h"

enum call { CALL_ANY, CALL_OPEN, CALL_WRITE, CALL_FSYNC, CALL_RENAME, CALL_CLOSE, CALL_LINK, N_CALLS };
extern const char *const call_names[]; /* "open", ... */

struct strike {
    enum call call;
    long at;     /* the call number `at` of that kind */
    int error;   /* errno; 0: none */
    bool half;   /* write() takes half of the bytes only */
    int sig;     /* a signal before the call; 0: none */
    bool struck; /* set: there was such a call */
};

/* Whether this processor's system calls are known here. */
bool tracer_works(void);
/* The status as of waitpid(); what was said as after trial_wait(). */
int trace(struct bench *b, const char *args, struct strike *s);

#endif
