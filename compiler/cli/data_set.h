// SPDX-License-Identifier: Apache-2.0
/* data_set.h - inputs for a model and the outputs they should give, in the
 * layout of the ONNX backend tests:
 *
 *     DIR/test_data_set_N/input_K.pb, output_K.pb
 *     DIR/input_K.pb, output_K.pb: one of them
 *     DIR/NAME.npy, NAME.pb: one each, for models of one input
 *     light_X.onnx with light_X_output_0.pb beside it; the input is
 *     arange(n) / n in the input's shape
 *
 * and, without either, random inputs. */
#ifndef RESC_CLI_DATA_SET_H
#define RESC_CLI_DATA_SET_H

#include "ir/tensor.h"

struct arena;
struct diag;
struct graph;

enum data_source { DATA_FILES, DATA_RAMP, DATA_RANDOM };

struct data_set {
    const char *name;
    enum data_source source;
    struct tensor *in, *out; /* in: of DATA_FILES only; n_out 0: nothing to compare with */
    int n_in, n_out;
};

/* All there are in `dir`, or beside the model if that is NULL: at least one.
 * NULL after diagnostics. */
struct data_set *data_sets_find(struct arena *a, const char *model, const char *dir, int *n,
                                struct diag *d);

/* One tensor for each of g->inputs.  NULL after a diagnostic: they do not fit. */
struct tensor *data_set_inputs(struct arena *a, const struct data_set *s,
                               const struct graph *g, struct diag *d);

#endif
