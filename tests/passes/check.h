// SPDX-License-Identifier: Apache-2.0
/* check.h - what every test of a pass asks. */
#ifndef RESC_TESTS_PASSES_CHECK_H
#define RESC_TESTS_PASSES_CHECK_H

#include "build.h"
#include "passes/pass.h"

#include <float.h>

typedef bool pass_fn(struct graph *g);

/* The graph reads `before`; the pass changes it; then it reads `after`, is
 * valid, computes the same, and a second run changes nothing.  The same: equal
 * bytes if `tolerance` is 0, else b_difference() is at most that.  False after
 * a message on stderr. */
bool pass_turns(struct build *b, pass_fn *pass, const char *before, const char *after,
                double tolerance);
/* For `tolerance`: equal numbers, where 0 and -0 are the same. */
#define SAME_NUMBERS DBL_MIN

/* The same without a text. */
bool pass_keeps_results(struct build *b, pass_fn *pass, double tolerance);
/* The pass changes nothing and says so. */
bool pass_leaves(struct build *b, pass_fn *pass);

/* v's elements, of a constant that a test may change. */
float *elements(const struct value *v);
/* Sets the `n`th of `of` equal parts of v to x. */
void fill_part(const struct value *v, int64_t n, int64_t of, float x);
int count_nodes(const struct graph *g, const struct op *op);

#endif
