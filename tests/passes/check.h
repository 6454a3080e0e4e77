// SPDX-License-Identifier: Apache-2.0
/* check.h - what every test of a pass asks. */
#ifndef RESC_TESTS_PASSES_CHECK_H
#define RESC_TESTS_PASSES_CHECK_H

#include "build.h"
#include "passes/pass.h"

typedef bool pass_fn(struct graph *g);

/* The graph reads `before`; the pass changes it; then it reads `after`, is
 * valid, computes the same, and a second run changes nothing.  The same: equal
 * bytes if `tolerance` is 0, else b_difference() is at most that.  False after
 * a message on stderr. */
bool pass_turns(struct build *b, pass_fn *pass, const char *before, const char *after,
                double tolerance);
/* The same without a text. */
bool pass_keeps_results(struct build *b, pass_fn *pass, double tolerance);
/* The pass changes nothing and says so. */
bool pass_leaves(struct build *b, pass_fn *pass);

#endif
