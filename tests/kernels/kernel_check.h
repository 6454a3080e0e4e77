// SPDX-License-Identifier: Apache-2.0
/* kernel_check.h - checkkernel: every kernel against the definition of its operator.
 *
 * A subject is an operator with the shapes that are worth trying.  Each row of
 * op->kernels sees at least `least` shapes that it matches, with and without
 * the optional inputs and with all activations the op can fuse:
 *   - integers: the result must be that of the reference, to the bit;
 *   - reals: within what op->bound says (ops/bound.h); to the bit where nothing is summed up;
 *   - rows with KERNEL_WINOGRAD: both to a relative L2 error of 2e-5 as well;
 *   - NaNs stay NaN;
 *   - in place as well, for the inputs that the row allows.
 * Activations lie as the row says, in blocks with its halo or a larger one;
 * constants are packed as it says.  Nothing may be written beside the output
 * and the scratch, which is exactly as large as the row says and full of NaN;
 * the output's halo must be 0 and its lanes without a channel finite; inputs
 * stay as they were.  A row that a subject has no function for is a failure.
 *
 * No Criterion in here: the plain program runs where Criterion cannot. */
#ifndef RESC_TESTS_KERNEL_CHECK_H
#define RESC_TESTS_KERNEL_CHECK_H

#include "guarded.h"

#include "ops/op.h"

enum { SUBJECT_INPUTS = 5 };

struct kernel_call {
    const char *fn; /* as in the kernel's row */
    /* NULL: it is of integers, and test_by_element.c has it */
    void (*call)(const void *params, const float *const in[SUBJECT_INPUTS], float *y,
                 void *scratch);
};

struct subject {
    const struct op *op;
    /* A node with all its optional inputs, of s->op or of another with the same
     * rows.  Shapes 0 to n_shapes - 1 are in a
     * table, the n_benches after them are for timing, beyond that they are
     * random: mostly such that the row `aim` matches. */
    struct node *(*build)(struct graph *g, int shape, const struct kernel *aim, struct rng *r);
    int n_shapes, n_benches;
    unsigned optional;                      /* bit i: in[i] may be NULL */
    double (*terms)(const struct node *n);  /* of the longest sum; NULL: results must be equal */
    bool specials;                          /* try NaN and infinities */
    bool nans;                              /* try NaN: it stays, and may spread */
    /* The definition, if the only kernel would otherwise be compared with itself. */
    void (*define)(const void *params, const float *const in[SUBJECT_INPUTS], float *y);
    const struct kernel_call *calls;
    int n_calls;
};

extern const struct subject *const subjects[];
extern const int n_subjects;

struct check {
    uint64_t seed;
    int least;        /* shapes for each row */
    const char *glob; /* of the rows to check */
    bool digests;     /* print a hash of the bits of all outputs of a row */
    int passed, failed;
};

/* Counts and prints a line for each row; failures are described on stderr. */
void check_subject(const struct subject *s, struct check *c);
void check_sgemm(struct check *c); /* the matrix product under the kernels */
/* Prints a line for each kernel and bench shape whose name matches `glob`. */
void bench_subject(const struct subject *s, const char *glob, double peak);

/* Inputs of the node that build() makes; constants get their data later, too. */
struct value *subject_value(struct graph *g, const char *name, struct shape s);
struct value *subject_constant(struct graph *g, const char *name, struct shape s);

#define KERNEL_CALL(fn, ...) \
    static void call_##fn(const void *params, const float *const in[SUBJECT_INPUTS], float *y, \
                          void *scratch) \
    { \
        (void)scratch; \
        fn(params, __VA_ARGS__); \
    }
#define KERNEL_ROW(fn) { #fn, call_##fn }

#endif
