// SPDX-License-Identifier: Apache-2.0
/* unusual.h - what a person would want to be told of a model without having asked. */
#ifndef RESC_CLI_UNUSUAL_H
#define RESC_CLI_UNUSUAL_H

struct arena;
struct graph;
struct plan;

/* Sentences, names in them escaped.  `p` may be NULL. */
const char **unusual_of(struct arena *a, const struct graph *g, const struct plan *p, int *n);

#endif
