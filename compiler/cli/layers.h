// SPDX-License-Identifier: Apache-2.0
/* layers.h - every step of a generated program by itself: does it do what its
 * operator says, up to rounding?
 *
 * A step is computed in double precision from what the program itself gave it,
 * so that the errors of earlier steps do not count against it, and held against
 * the proven bound of its operator (ops/bound.h).  An error above that is no
 * rounding.  The step is one of the optimised graph: what passes folded into
 * weights is in what is wanted, too; the outputs of the model, which `verify`
 * compares besides, are where that would show.
 *
 * As a second figure each output is compared with a run of the interpreter from
 * the inputs on, in which errors add up; nothing is decided by that. */
#ifndef RESC_CLI_LAYERS_H
#define RESC_CLI_LAYERS_H

#include "cli/compare.h"

struct arena;
struct compiled;
struct diag;
struct value;

/* In the order of how little is known. */
enum verdict {
    STEP_EXACT,    /* what double precision gives, rounded once to the output's type */
    STEP_WITHIN,   /* not further from that than proven */
    STEP_NO_BOUND, /* nothing is proven: max error <= atol + rtol * max |wanted| */
    STEP_OFF,      /* further than proven, or than the tolerance */
};

struct layer {
    int step;                  /* index in plan->steps */
    const struct value *value; /* one of the step's outputs */
    enum verdict verdict;
    /* Of the element that is nearest to its bound; NO_BOUND: the largest error, and what is
     * tolerated.  Elements that are equal to what is wanted have a ratio of 0. */
    double error, bound, ratio;
    struct comparison run;     /* with the whole run of the interpreter */
};

struct layers {
    struct layer *layer;
    int n;
    int first_off; /* index of the first one that is off, or -1 */
};

/* Judges what a program wrote to the file `trace`.  False after a diagnostic. */
bool layers_compare(struct arena *a, const struct compiled *made, const struct tensor *inputs,
                    const char *trace, struct tolerance t, struct layers *out, struct diag *d);

#endif
