// SPDX-License-Identifier: Apache-2.0
/* stages.h - the stages of make_plan(), in order. */
#ifndef RESC_CODEGEN_STAGES_H
#define RESC_CODEGEN_STAGES_H

#include "codegen/plan.h"

/* Nodes -> steps with their kernels.  requires place[].root of views */
void plan_select(struct arena *a, struct plan *p, struct graph *g, const struct plan_options *opt);
/* Who owns which memory: views share it, and a kernel that may writes over an
 * input that dies.  plan_views() comes before plan_select(), the rest after. */
void plan_views(struct plan *p, struct graph *g);
void plan_live(struct plan *p, struct graph *g);
/* Offsets of weights and of everything in the workspace. */
void plan_weights(struct arena *a, struct plan *p, struct graph *g);
void plan_workspace(struct arena *a, struct plan *p, struct graph *g);

/* A view that needs no copy: its node is no step. */
bool plan_is_alias(const struct plan *p, const struct node *n);

#endif
