// SPDX-License-Identifier: Apache-2.0
/* layers.h - every step of a generated program against the interpreter. */
#ifndef RESC_CLI_LAYERS_H
#define RESC_CLI_LAYERS_H

#include "cli/compare.h"

struct arena;
struct compiled;
struct diag;
struct json;
struct value;

struct layer {
    int step;                  /* index in plan->steps */
    const struct value *value; /* one of the step's outputs */
    struct comparison c;
    bool ok;
};

struct layers {
    struct layer *layer;
    int n;
    int first_off; /* index of the first one that is off, or -1 */
};

/* Compares what a program wrote to the file `trace` with the interpreter on
 * the same graph and inputs.  What a step adds up may cancel out, so the
 * tolerance is relative to the largest element of the tensor:
 * max |got - want| <= atol + rtol * max |want|.  False after a diagnostic. */
bool layers_compare(struct arena *a, const struct compiled *made, const struct tensor *inputs,
                    const char *trace, struct tolerance t, struct layers *out, struct diag *d);
void layers_print(const struct layers *l, const struct compiled *made);
void layers_json(struct json *j, const struct layers *l, const struct compiled *made);

#endif
