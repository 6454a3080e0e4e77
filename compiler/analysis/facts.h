// SPDX-License-Identifier: Apache-2.0
/* facts.h - what is known of values before the program runs, from the constants
 * and the operators: bounds, and channels (axis 1) that are always the same number.
 *
 * Taken for granted: every activation is finite, so that 0 times it is 0; and 0 and -0
 * are the same number.  What is not proven is not known.  A channel that is known to be 0
 * is 0 whatever kernel runs.
 *
 *     facts.c       the walk through the graph, and activations
 *     facts_rule.c  a rule for each operator */
#ifndef RESC_ANALYSIS_FACTS_H
#define RESC_ANALYSIS_FACTS_H

#include "ir/graph.h"

struct fact {
    float lo, hi;         /* no element is outside; -INFINITY, INFINITY: not known */
    const float *channel; /* [dim[1]]: what all its elements are, NAN where that is not known;
                           * NULL: of none of them is anything known */
    bool rounded;         /* the numbers of `channel` that are not 0 may be off by the rounding of
                           * what they went through, as an average is; their signs are right */
};
extern const struct fact fact_unknown;

/* Of the values that g has now, in `a`.  They stay true as long as what values are stays
 * the same; of values that are made later nothing is known. */
struct facts *facts_of(struct arena *a, const struct graph *g);
/* Of v where it is broadcast to `s`: its own shape, or that of what reads it. */
struct fact fact_of(const struct facts *f, const struct value *v, const struct shape *s);
/* Of what n computes before n->act. */
struct fact fact_before_act(const struct facts *f, const struct node *n);
/* Of what a Conv computes before its fused residual, too. */
struct fact fact_before_add(const struct facts *f, const struct node *conv);
/* Every element is 0, of a value of shape `s`. */
bool fact_is_zero(const struct fact *x, const struct shape *s);

/* What Relu, Clip and LeakyRelu do; ACT_NONE for any other node. */
struct act act_of_node(const struct node *n);
/* It changes no element that is within the bounds. */
bool act_is_idle(const struct act *act, const struct fact *before);

#endif
