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

/* A kernel that could run a node, and for how long. */
struct candidate {
    const struct kernel *kernel;
    double us;     /* microseconds a run */
    bool measured; /* else predicted (cost.h) */
};

/* What was chosen for a node, and from what. */
struct choice {
    struct candidate *candidates; /* in the order of op->kernels */
    int n_candidates, chosen;     /* none: a view */
    struct value **in;            /* [node->n_in]: node->in with packed constants */
};

struct step {
    const struct node *node;
    const struct kernel *kernel;
    struct value *const *in; /* [node->n_in]: node->in with packed constants */
    const struct layout *const *layouts; /* [node->n_in]: of node->in */
    size_t scratch_offset, scratch_size; /* in the workspace; size 0: none */
};

/* What is no ordinary number among the constants, f32, before they are packed. */
struct special_weights {
    int64_t n_nan, n_infinite, n_denormal;
    int64_t n_flushed; /* of the denormal ones: they are 0 now */
};

struct plan {
    struct step *steps; /* in run order; views without a copy are not among them */
    int n_steps;
    struct place *place;     /* [graph->n_values] */
    struct layout *layout;   /* [graph->n_values] */
    struct choice *choice;   /* [graph->n_node_ids] */
    const struct node **nodes; /* those of the graph that were chosen for, in run order: without
                                * the reorder nodes that the plan itself adds */
    int n_nodes;
    double us;               /* microseconds a run, predicted or measured */
    const struct value **weights; /* in the order of struct weights */
    int n_weights;
    size_t weights_size;     /* bytes */
    struct special_weights special;
    size_t workspace_size;   /* bytes, scratch included */
    size_t lower_bound;      /* most bytes live in any one step, scratch included */
    double macs;             /* multiply-adds a run */
    bool reproducible;       /* as in the options */
};

enum { WORKSPACE_ALIGN = 64 };

/* Where the bytes of `v` are: the place of its root. */
static inline const struct place *plan_place(const struct plan *p, const struct value *v)
{
    return &p->place[p->place[v->id].root->id];
}

enum kernels { KERNELS_AUTO, KERNELS_NATIVE, KERNELS_BLAS, KERNELS_REF };

/* For each of plan->nodes the name of its kernel; from a plan file, or a variant to measure. */
struct wanted_kernels {
    const char **fn; /* NULL: free to choose */
    int n;
};

/* For each of plan->nodes, for each of its op's kernels: microseconds, 0: not measured. */
struct measured_times {
    double **us;
    int n;
};

struct plan_options {
    enum kernels kernels;
    bool strict; /* --fp-error=strict: no KERNEL_WINOGRAD */
    bool small;  /* --optimize=size: no KERNEL_GROWS */
    bool keep_denormals; /* denormal weights are not set to 0 */
    bool reproducible; /* the kernels will be built with resc_reproducible.h: without BLAS */
    const struct wanted_kernels *wanted;   /* or NULL */
    const struct measured_times *measured; /* or NULL */
};

/* NULL after a diagnostic: the model is too large. */
struct plan *make_plan(struct arena *a, struct graph *g, const struct plan_options *opt,
                       struct diag *d);
/* What the kernel of `s` is called with: bytes is zeroed, of op->params->size. */
void plan_params(const struct plan *p, const struct step *s, void *bytes);
/* Whether `opt` lets nodes run with `k`; `wanted` aside. */
bool plan_allows(const struct plan_options *opt, const struct kernel *k);
/* The name of `k` in plan files and tables: fn without "resc_". */
const char *kernel_name(const struct kernel *k);
/* Whether the program must be linked with a CBLAS library. */
bool plan_uses_blas(const struct plan *p);
void plan_print(const struct plan *p, const struct graph *g, FILE *out);

#endif
