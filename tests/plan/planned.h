// SPDX-License-Identifier: Apache-2.0
/* planned.h - graphs and their plans, for tests.
 *
 *     struct build b = b_new("g");
 *     ...
 *     struct plan *p = plan_forced(&b, "conv2d_f32_c16 conv2d_f32_im2col");
 *
 * Nodes are numbered from 0, in run order. */
#ifndef RESC_TESTS_PLAN_PLANNED_H
#define RESC_TESTS_PLAN_PLANNED_H

#include "build.h"
#include "codegen/plan.h"

/* Infers shapes first. */
struct plan *plan_of(struct build *b, const struct plan_options *opt);
/* With the kernels named, one for each node, divided by blanks; "-": any. */
struct plan *plan_forced(struct build *b, const char *kernels);
/* The kernels chosen, divided by blanks; "-" for a view. */
const char *plan_kernels(const struct build *b, const struct plan *p);

/* Microseconds for the kernels of every node, to choose from. */
struct measured_times *times_new(struct build *b);
/* Of node `node`: `blocks` with blocks in and out, `first` into blocks only,
 * `plain` with none. */
void times_set(struct build *b, struct measured_times *m, int node, double blocks, double first,
               double plain);
/* Steps of `p` that are Reorders. */
int plan_reorders(const struct plan *p);
/* Asserts what every plan promises: neighbours agree on layouts, halos are as
 * large as the kernels need, the caller's memory is ONNX's, memory that is
 * shared has one layout. */
void plan_check(const struct build *b, const struct plan *p);

#endif
