// SPDX-License-Identifier: Apache-2.0
/* summary.h - the figures of a compiled model, for a person and for a machine. */
#ifndef RESC_CLI_SUMMARY_H
#define RESC_CLI_SUMMARY_H

#include "base/amount.h"

#include <stdio.h>

struct graph;
struct json;
struct plan;
struct value;

/* Multiply-adds, weights, workspace against its lower bound, steps and kernels. */
void summary_print(const struct graph *g, const struct plan *p, FILE *out);
/* What passes did: a line for each exact rewrite, a count for each other pass. */
void rewrites_print(const struct graph *g, FILE *out);
/* The figures and "rewrites" as fields of the object that is open. */
void summary_json(struct json *j, const struct graph *g, const struct plan *p);
/* {"name","type","shape"} fields of the object that is open. */
void value_json(struct json *j, const struct value *v);
void values_json(struct json *j, const char *key, struct value *const *values, int n);

#endif
