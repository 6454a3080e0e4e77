// SPDX-License-Identifier: Apache-2.0
/* onnx_suite.h - the ONNX project's backend tests, one `resc verify` each. */
#ifndef RESC_TESTS_ONNX_SUITE_H
#define RESC_TESTS_ONNX_SUITE_H

#include <stdbool.h>
#include <stdio.h>

struct arena;

enum outcome { PASS, REFUSED, WRONG, CRASH, BUILD_FAILED, N_OUTCOMES };
extern const char *const outcome_names[N_OUTCOMES];

struct backend_test {
    const char *name;       /* "node/test_add" */
    const char *model;      /* path */
    const char *data;       /* folder with its test_data_set_*; NULL: resc finds them */
    enum outcome outcome;
    const char *says;       /* the document of `resc verify --json` */
    const char *said_wrong; /* what went wrong in the running of it, or NULL */
    const char *operators;  /* the document of `resc inspect --json`, for the table */
    bool const_inputs;      /* it took --const-inputs */
};

struct suite {
    struct arena *arena;
    const char *resc;   /* path of the compiler */
    const char *folder; /* of the tests */
    struct backend_test *test; /* by name */
    int n;
};

/* All tests in s->folder whose name contains `filter`. */
void tests_find(struct suite *s, const char *filter);
/* Runs them, `n_workers` at a time. */
void tests_run(struct suite *s, int n_workers, bool with_operators);
/* The first message that says why a test did not pass; never NULL. */
const char *reason_of(struct arena *a, const struct backend_test *t);

/* docs/operators.md: what resc supports, and what the tests say about it. */
bool table_write(const struct suite *s, const char *path);

#endif
