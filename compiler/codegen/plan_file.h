// SPDX-License-Identifier: Apache-2.0
/* plan_file.h - a plan's kernels as text, to keep and to replay.
 *
 *     resc-plan 1
 *     model SHA256 of the .onnx file
 *     1 Conv conv2d_f32_c16_first_wino  # conv1 (Conv) + relu (Relu)
 *     ...
 *
 * One line for each node left after the passes, by its place in run order
 * (views have none: no kernel runs them).  '#' starts a comment. */
#ifndef RESC_CODEGEN_PLAN_FILE_H
#define RESC_CODEGEN_PLAN_FILE_H

#include "codegen/plan.h"

/* NULL after a diagnostic: no plan file, one of another model or with nodes
 * missing, or a kernel that cannot run its node or that `opt` forbids. */
struct wanted_kernels *plan_file_read(struct arena *a, const char *path, const struct graph *g,
                                      const char *model_sha256, const struct plan_options *opt,
                                      struct diag *d);
void plan_file_write(struct arena *a, FILE *f, const struct plan *p, const char *model_sha256);

#endif
