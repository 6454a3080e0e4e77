// SPDX-License-Identifier: Apache-2.0
/* signal.h - what a network does to what passes through it: the size of the
 * signal at every node, and how much a small change grows or shrinks.
 *
 * The graph is run by the reference evaluators (interpret.h), node by node, as
 * it is in the file (-O0), so that nodes are those the user knows.  Beside the
 * signal x run some directions t.  At each node f a direction becomes
 *     (f(x + h t) - f(x)) / h
 * with h t a thousandth of x; where f is affine (OP_AFFINE), f(h t) - f(0) with
 * h t far above f(0), so that rounding does not show.  Then it is brought back to
 * unit size, and the logarithm of that is kept beside it: a gain of 1e-200 is as
 * good a number as one of 1.
 *
 * Gain: RMS of the change behind over RMS of the change before; an exploding
 * network has gains far above 1, a vanishing one far below.  Directions are
 * normal random numbers of equal size at every element.
 *
 * With the skips cut, every join gives its branch alone: what the same weights
 * would be without residual connections. */
#ifndef RESC_ANALYSIS_SIGNAL_H
#define RESC_ANALYSIS_SIGNAL_H

#include "analysis/residual.h"

#include <stdint.h>

struct tensor;

struct signal_stats { /* of a value's elements, over all data sets */
    double rms, mean, max_abs;
    double zeros;         /* share of elements that are 0, from 0 to 1 */
    double dead_channels; /* share of channels (axis 1) that are 0 everywhere; 0 below rank 2 */
    int64_t n_nonfinite;  /* elements; the figures above are of the others */
};

/* log10 of gains, over directions and data sets, of those that arrive. */
struct gain {
    bool known;          /* else it was not measured, or there was nothing to measure: behind
                          * integers no change can arrive, and beside infinities none is seen */
    double mean, spread; /* spread: standard deviation; mean -INFINITY: none arrives */
};

struct signal_step { /* of a node's first output */
    const struct node *node;
    const struct value *value;
    struct signal_stats stats, cut_stats; /* cut: with every skip cut */
    struct gain gain, cut_gain;           /* from the graph's inputs to here */
};

struct signal_block {
    struct residual_block block;
    double ratio;              /* RMS of the branch to RMS of the skip; 0: it is the identity;
                                * NAN: elements of them are no numbers */
    struct gain own, cut_own;  /* from block.from to block.to, cut: the branch alone */
    struct gain rest, cut_rest; /* from block.from to the graph's first output of floats; not
                                 * known where options.work did not allow it */
};

struct signal_options {
    int directions;  /* for each gain; at least 1 */
    uint64_t seed;
    double work;     /* multiply-adds to spend, about; 0: no limit.  What is left out
                      * first is `rest` of blocks: then evenly spaced ones have it */
};

enum { SIGNAL_MOST_REST = 64 }; /* more blocks never have `rest` */

struct signal {
    struct signal_step *steps; /* in run order; float outputs only */
    int n_steps;
    struct signal_block *blocks;
    int n_blocks;
    int n_rest;                /* blocks whose `rest` is known */
    int n_sets;
    double input_rms;          /* of the largest of the graph's float inputs */
    struct signal_options options;
};

enum signal_fault {
    SIGNAL_NONFINITE, /* NaN or infinite elements */
    SIGNAL_DEAD,      /* a node gives 0 for every element of every data set */
    SIGNAL_VANISHES,  /* RMS below 1e-6 of the inputs' or gain below 1e-6, behind product or sum */
    SIGNAL_EXPLODES,  /* RMS above 1e6 times the inputs' or gain above 1e6 */
};

/* What to warn of, at most one of a kind. */
struct signal_warning {
    enum signal_fault fault;
    const struct signal_step *step; /* the first */
    bool cut; /* only with every skip cut: no fault of the network */
    int n;    /* steps with it */
};

/* `g`: at -O0.  sets[i][j]: data set i, for g->inputs[j].  In g's arena.
 * `progress` may be NULL; done is from 0 to 1. */
struct signal *signal_measure(struct graph *g, const struct tensor *const *sets, int n_sets,
                              const struct signal_options *opt,
                              void (*progress)(void *ctx, double done), void *ctx);
/* "every element is 0": what is said of a step. */
const char *signal_fault_text(enum signal_fault f);
struct signal_warning *signal_warnings(struct graph *g, const struct signal *s, int *n);

#endif
