// SPDX-License-Identifier: Apache-2.0
/* prune.h - which residual blocks do so little that they can be left out, and
 * what that does to the outputs: for --prune-residual=EPS --calibrate DIR.
 *
 * A block goes if, over all elements of all calibration inputs,
 *     RMS(branch) < EPS * RMS(skip),
 * each measured in the whole network by the interpreter. */
#ifndef RESC_CLI_PRUNE_H
#define RESC_CLI_PRUNE_H

#include "cli/cmd.h"

struct pruned_block {
    const char *join;    /* the origin of the Add */
    double branch, skip; /* RMS */
    double ratio;        /* of the two; 0: the branch is; NAN: no floats, and never dropped */
    bool dropped;
};

struct pruned_output {
    const char *name;
    double max_abs;     /* largest change of an element */
    double relative_l2; /* of the change, to the output as it was */
    int64_t rows, top1_changes; /* rows 0: these are no classes */
};

struct pruned {
    double eps;
    int n_sets;
    struct pruned_block *blocks; /* in run order; numbered from 1, as `inspect --signal` does */
    int n_blocks;
    struct pruned_output *outputs;
    int n_outputs;
    double macs_before, macs_after;
    struct prune_list list;
};

/* With `dir`, of data_sets_find().  Sets c->compile.prune to the blocks to drop.
 * NULL after a diagnostic. */
const struct pruned *prune(struct cmd *c, double eps, const char *dir);
void prune_print(const struct cmd *c, const struct pruned *p, FILE *out);
void prune_json(struct json *j, const struct pruned *p); /* "prune": {...} */

#endif
