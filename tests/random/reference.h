// SPDX-License-Identifier: Apache-2.0
/* reference.h - what a model should compute, and how far off a right program may be.
 *
 * The graph is evaluated by the reference evaluators, once as it is, and then
 * some times with noise of the size of rounding errors on every step's output.
 * How far the noise moves an output says how well conditioned it is: a right
 * program may be some times further off, and no more. */
#ifndef RESC_TESTS_RANDOM_REFERENCE_H
#define RESC_TESTS_RANDOM_REFERENCE_H

#include <stdbool.h>

struct arena;
struct graph;

struct reference {
    const void **out;   /* elements, in the order of g->outputs */
    double *tolerance;  /* absolute; 0 for integers: those are equal */
    const char *unsound; /* why nothing can be said; NULL: it can */
};

/* `inject`: makes operators of that type compute something else, to test the
 * tests; or NULL. */
struct reference reference_run(struct arena *a, const struct graph *g, const void *const *inputs,
                               const char *inject);

#endif
