// SPDX-License-Identifier: Apache-2.0
/* trace.h - what a program with emit.trace wrote: every step's output. */
#ifndef RESC_CLI_TRACE_H
#define RESC_CLI_TRACE_H

struct arena;
struct compiled;
struct diag;
struct tensor;

/* Every value as the program had it, dense, by value->id: `inputs`, constants, what the file
 * `path` has of steps, and the views of those.  NULL after a diagnostic. */
const void **trace_values(struct arena *a, const struct compiled *made,
                          const struct tensor *inputs, const char *path, struct diag *d);

#endif
