// SPDX-License-Identifier: Apache-2.0
/* inspection.h - what a person asks first of a model: for `inspect` and `report`. */
#ifndef RESC_CLI_INSPECTION_H
#define RESC_CLI_INSPECTION_H

#include "cli/cmd.h"

struct inspection {
    struct model_info info;
    struct graph *graph;     /* NULL: it did not get as far */
    const struct plan *plan; /* NULL: resc cannot compile it */
    int n_residual;          /* blocks of it */
    int n_projections;       /* those whose skip has a convolution of its own */
    int n_removed;           /* blocks that are gone, since the branch was 0 */
    const char **unusual;    /* sentences: what most models do not have */
    int n_unusual;
};

struct inspection inspection_make(struct cmd *c);
/* At most a screen, of a model that resc can compile. */
void inspection_print(const struct cmd *c, const struct inspection *i);
/* The same and more, as fields of the object that is open. */
void inspection_json(struct json *j, const struct inspection *i);

#endif
