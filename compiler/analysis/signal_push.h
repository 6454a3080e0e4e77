// SPDX-License-Identifier: Apache-2.0
/* signal_push.h - what one node makes of small changes of its inputs: the inner half of
 * signal_sweep.h. */
#ifndef RESC_ANALYSIS_SIGNAL_PUSH_H
#define RESC_ANALYSIS_SIGNAL_PUSH_H

#include "ir/graph.h"

/* What became of a probe in a value: elements of RMS 1, times 10^scale. */
struct tangent {
    int probe;
    double scale;
    const float *t;
};

struct cell { /* a value, while it is needed */
    struct arena *arena;
    const void *data;
    double rms;
    int n_readers;
    struct tangent *tangents;
    int n_tangents;
};

/* The node being evaluated. */
struct step {
    const struct node *n;
    struct cell *cell;    /* by value->id */
    struct arena *arena;  /* until it is done */
    const void **in;
    void **out;           /* of the signal */
    float **moved;        /* [input]: changed elements; NULL: not needed yet */
    void **changed;       /* the outputs then */
    void ***offset;       /* [input]: the outputs with that input 0; NULL: not needed yet */
    double **sum;         /* [output]: the change */
};

static inline bool is_float(const struct value *v)
{
    return v && v->type == DT_F32;
}

/* Of the finite elements. */
double rms_of(const float *x, int64_t n);
void *new_elements(struct arena *a, const struct value *v);
const struct tangent *tangent_find(const struct cell *c, int probe); /* NULL: nothing arrived */
void tangent_add(struct cell *c, struct tangent t);

/* Runs the node; push_probe() then gives its outputs what becomes of a probe. */
void push_start(struct step *k);
void push_probe(struct step *k, int probe);

#endif
