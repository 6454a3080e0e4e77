// SPDX-License-Identifier: Apache-2.0
/* rewrite.h - what passes did to a graph, and why the results are the same:
 * a list in g, in the order in which it was done, for -v, --json and reports.
 *
 * A pass says so after each change, in a sentence.  What it saved is counted here:
 * the functions of ir/graph.h note which nodes and constants changed since the
 * entry before. */
#ifndef RESC_IR_REWRITE_H
#define RESC_IR_REWRITE_H

#include "ir/graph.h"

enum exactness {
    REWRITE_EXACT,   /* the same numbers, to the bit (0 and -0 are the same number) */
    REWRITE_ROUNDED, /* the same real numbers; what is rounded on the way to them, and when, is
                      * another: a constant once more, a product and its sum apart, or a sum
                      * that a kernel adds up in another order, since terms of 0 are gone */
};

struct rewrite {
    const char *pass;  /* its name in passes.def */
    const char *node;  /* the origin of the node it was done to, as it was before */
    const char *why;   /* a sentence: what was done and why that changes no result */
    enum exactness exactness;
    double macs;       /* multiply-adds a run that are saved */
    double bytes;      /* of constants that are saved; less than 0: there are more now */
    struct rewrite *next;
};

/* From now on it is `pass` that changes g; NULL: no pass, and nothing is logged. */
void rewrite_begin(struct graph *g, const char *pass);
/* An entry about `n`, which may be removed already: everything since the one before, or
 * since rewrite_begin(), is its doing.  `why` must live as long as the graph. */
void rewrite_log(struct graph *g, const struct node *n, enum exactness e, const char *why);

/* For ir/graph.c: n has other inputs than before, or is new; n is removed; v, a constant,
 * got its first reader (sign 1) or lost its last one (-1). */
void rewrite_changed(struct graph *g, struct node *n);
void rewrite_removed(struct graph *g, struct node *n);
void rewrite_constant(struct graph *g, const struct value *v, int sign);

#endif
