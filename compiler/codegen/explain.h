// SPDX-License-Identifier: Apache-2.0
/* explain.h - why the plan is as it is: for each step the kernel chosen, its
 * time, and what else could have run it. */
#ifndef RESC_CODEGEN_EXPLAIN_H
#define RESC_CODEGEN_EXPLAIN_H

#include "codegen/plan.h"

void plan_explain(const struct plan *p, const struct graph *g, FILE *out);

#endif
