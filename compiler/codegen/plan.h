// SPDX-License-Identifier: Apache-2.0
/* plan.h - where and how: everything emit needs that is not meaning.
 *
 * Made once by make_plan(), read-only afterwards.  Side tables indexed by
 * value->id and node->id, so that the IR carries nothing of one stage. */
#ifndef RESC_CODEGEN_PLAN_H
#define RESC_CODEGEN_PLAN_H

#include "ops/op.h"

enum place_kind {
    PLACE_NONE,      /* nobody reads it */
    PLACE_INPUT,     /* the caller's, const */
    PLACE_OUTPUT,    /* the caller's */
    PLACE_WEIGHT,    /* struct weights */
    PLACE_WORKSPACE,
};

struct place {
    enum place_kind kind;
    const struct value *root; /* whose memory it is: itself, or what it is a view of or is
                               * written over.  The fields below are those of roots. */
    const struct value *output; /* PLACE_OUTPUT: the graph output that the caller's memory is for */
    size_t offset, size;      /* bytes; offset in the workspace or in struct weights */
    int first, last;          /* PLACE_WORKSPACE: steps between which the bytes are taken */
};

struct step {
    const struct node *node;
    const struct kernel *kernel;
    size_t scratch_offset, scratch_size; /* in the workspace; size 0: none */
};

struct plan {
    struct step *steps; /* in run order; views without a copy are not among them */
    int n_steps;
    struct place *place;     /* [graph->n_values] */
    const struct value **weights; /* in the order of struct weights */
    int n_weights;
    size_t weights_size;     /* bytes */
    size_t workspace_size;   /* bytes, scratch included */
    size_t lower_bound;      /* most bytes live in any one step, scratch included */
    double macs;             /* multiply-adds a run */
};

enum { WORKSPACE_ALIGN = 64 };

/* Where the bytes of `v` are: the place of its root. */
static inline const struct place *plan_place(const struct plan *p, const struct value *v)
{
    return &p->place[p->place[v->id].root->id];
}

struct plan_options {
    enum family family; /* the best family allowed: FAMILY_REF or FAMILY_BLAS */
};

/* NULL after a diagnostic: the model is too large. */
struct plan *make_plan(struct arena *a, struct graph *g, const struct plan_options *opt,
                       struct diag *d);
/* Whether the program must be linked with a CBLAS library. */
bool plan_uses_blas(const struct plan *p);
void plan_print(const struct plan *p, const struct graph *g, FILE *out);

#endif
