// SPDX-License-Identifier: Apache-2.0
/* affine.h - y = x * scale[c] + shift[c], a factor and an addend a channel:
 * what BatchNormalization is at run time, and what Conv and ScaleShift absorb. */
#ifndef RESC_PASSES_AFFINE_H
#define RESC_PASSES_AFFINE_H

#include "ir/graph.h"

struct affine {
    int64_t n;     /* channels */
    double *scale; /* NULL: all 1 */
    double *shift; /* NULL: all 0 */
};

/* What `bn`, a BatchNormalization, computes; in g's arena.  False: a parameter
 * is not constant. */
bool affine_of_batch_norm(struct graph *g, const struct node *bn, struct affine *out);
/* Folds `f` into the weights and bias of `conv`, as new constants.  False, and
 * nothing changed: they are not constant, something follows the convolution
 * already, or a result is not finite. */
bool affine_into_conv(struct graph *g, struct node *conv, const struct affine *f);
/* Folds `f` into the scale and shift of `n`, a ScaleShift, in the same way. */
bool affine_into_scale_shift(struct graph *g, struct node *n, const struct affine *f);
/* What the bias of `n`, a Conv or a Gemm, is then; of a Gemm, with beta = 1 and `f` with a
 * shift.  NULL: a result is not finite. */
struct value *affine_bias(struct graph *g, const struct node *n, const struct affine *f);
/* A new f32 constant of these elements, or NULL if one is not finite. */
struct value *affine_constant(struct graph *g, const char *name, struct shape s,
                              const double *of);
/* For the bias that `n` gets: that of `old`, or "NAME_bias" if there was none. */
const char *affine_bias_name(struct graph *g, const struct node *n, const struct value *old);

#endif
