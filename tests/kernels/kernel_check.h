// SPDX-License-Identifier: Apache-2.0
/* kernel_check.h - checkkernel: every kernel against the definition of its operator.
 *
 * A subject is an operator with the shapes that are worth trying.  For each
 * shape, with and without its optional inputs, with each activation it can
 * fuse, and for each row of op->kernels that matches:
 *   - integers: the result must be that of the reference, to the bit;
 *   - reals: within (terms + 8) * 2^-24 * (the same sum over absolute values);
 *   - in place as well, for the inputs that the row allows;
 *   - nothing may be written beside the output and the scratch, which is
 *     exactly as large as the row says and full of NaN; inputs stay as they were.
 * A row of op->kernels that a subject has no function for is a failure.
 *
 * No Criterion in here: the plain executable runs where Criterion cannot. */
#ifndef RESC_TESTS_KERNEL_CHECK_H
#define RESC_TESTS_KERNEL_CHECK_H

#include "ops/op.h"

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

uint64_t rng_next(struct rng *r);
int rng_between(struct rng *r, int lo, int hi); /* inclusive */

enum { SUBJECT_INPUTS = 5 };

struct kernel_call {
    const char *fn; /* as in the kernel's row */
    void (*call)(const void *params, const float *const in[SUBJECT_INPUTS], float *y,
                 void *scratch);
};

struct subject {
    const struct op *op;
    /* A node with all its optional inputs.  Shapes 0 to n_shapes - 1 are in a
     * table, the n_benches after them are for timing, beyond that they are random. */
    struct node *(*build)(struct graph *g, int shape, struct rng *r);
    int n_shapes, n_benches;
    unsigned optional;                      /* bit i: in[i] may be NULL */
    double (*terms)(const struct node *n);  /* of the longest sum; NULL: results must be equal */
    void (*absolute)(struct node *n);       /* makes the factors in n->attr positive; NULL: none */
    bool specials;                          /* try NaN and infinities */
    /* The definition, if the only kernel would otherwise be compared with itself. */
    void (*define)(const void *params, const float *const in[SUBJECT_INPUTS], float *y);
    const struct kernel_call *calls;
    int n_calls;
};

extern const struct subject *const subjects[];
extern const int n_subjects;

/* Number of failures; each is described on stderr. */
int check_subject(const struct subject *s, uint64_t seed);
int check_sgemm(uint64_t seed); /* the matrix product under the kernels */
/* Prints a line for each kernel and bench shape whose name matches `glob`. */
void bench_subject(const struct subject *s, const char *glob);

/* An input of the node that build() makes. */
struct value *subject_value(struct graph *g, const char *name, struct shape s);

#define KERNEL_CALL(fn, ...) \
    static void call_##fn(const void *params, const float *const in[SUBJECT_INPUTS], float *y, \
                          void *scratch) \
    { \
        (void)scratch; \
        fn(params, __VA_ARGS__); \
    }

#endif
