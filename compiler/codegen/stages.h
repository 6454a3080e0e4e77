// SPDX-License-Identifier: Apache-2.0
/* stages.h - the stages of make_plan(), in order. */
#ifndef RESC_CODEGEN_STAGES_H
#define RESC_CODEGEN_STAGES_H

#include "codegen/plan.h"

/* Reports NaN, infinities and denormal numbers among the constants; the latter
 * become 0 where that is harmless. */
void plan_special(struct arena *a, struct plan *p, struct graph *g,
                  const struct plan_options *opt, struct diag *d);
/* For every node one of the kernels that accept it. */
void plan_choose(struct arena *a, struct plan *p, struct graph *g, const struct plan_options *opt);
/* Inserts reorder nodes where neighbours disagree on the layout, gives every
 * value its layout, and packs constants.  No value is added afterwards. */
void plan_layouts(struct arena *a, struct plan *p, struct graph *g);
/* Nodes -> steps.  requires place[].root of views */
void plan_steps(struct arena *a, struct plan *p, struct graph *g);
/* Who owns which memory: views share it, and a kernel that may writes over an
 * input that dies.  plan_views() comes before plan_steps(), the rest after. */
void plan_views(struct plan *p, struct graph *g);
void plan_live(struct plan *p, struct graph *g);
/* Offsets of weights and of everything in the workspace. */
void plan_weights(struct arena *a, struct plan *p, struct graph *g);
void plan_workspace(struct arena *a, struct plan *p, struct graph *g);

/* What the kernel chosen for `n` (NULL: of an input or constant) reads and
 * writes; views are in ONNX's order. */
static inline const struct kernel *plan_kernel(const struct plan *p, const struct node *n)
{
    const struct choice *c = n ? &p->choice[n->id] : NULL;

    return c && c->n_candidates ? c->candidates[c->chosen].kernel : NULL;
}

static inline enum layout_kind plan_reads(const struct plan *p, const struct node *n)
{
    const struct kernel *k = plan_kernel(p, n);

    return k ? k->in : LAYOUT_NCHW;
}

static inline enum layout_kind plan_writes(const struct plan *p, const struct node *n)
{
    const struct kernel *k = plan_kernel(p, n);

    return k ? k->out : LAYOUT_NCHW;
}

/* A view that needs no copy: its node is no step. */
bool plan_is_alias(const struct plan *p, const struct node *n);

#endif
