// SPDX-License-Identifier: Apache-2.0
/* move.h - what the operators that only move elements share: they take any
 * type, and their kernels count in bytes. */
#ifndef RESC_OPS_MOVE_H
#define RESC_OPS_MOVE_H

#include "ops/common.h"

/* in[i] has a type that generated code may hold, or is constant: a node of
 * constants is evaluated while compiling. */
bool need_movable(const struct node *n, int i, struct diag *d);

/* The kernel of views, for when out[0] cannot share the memory of in[0]. */
extern const struct params copy_params;
extern const struct kernel copy_kernels[1];
void copy_eval(const struct node *n, const void *const *in, void *const *out);

/* Fills `p` for an out[0] whose first element is element `first` of in[0], and
 * whose neighbours along dimension d are step[d] elements apart in it. */
void copy_nd_fill(struct resc_copy_nd *p, const struct node *n, int64_t first,
                  const int64_t *step);
enum { N_COPY_ND_FIELDS = 5 };
extern const struct field copy_nd_fields[N_COPY_ND_FIELDS];
extern const struct kernel copy_nd_kernels[1];
void copy_nd_eval(const struct node *n, const void *const *in, void *const *out);

/* What one call of resc_copy_rows() moves: `rows` rows of `size` bytes, which
 * are elements [first, first + len) of dimension `axis` of `whole`.  In there,
 * they start `at` bytes from its start, `step` bytes apart. */
struct row_part {
    ptrdiff_t rows, size, at, step;
};
struct row_part row_part(const struct value *whole, int axis, int64_t first, int64_t len);

/* Concat and Split by channels, in blocks of 16: `whole` is the tensor that has
 * all channels, `parts` are those that share them, each from a block on. */
bool copy_c16_fits(const struct node *n, int axis, const struct value *whole, int n_parts,
                   struct value *const *parts);
/* The call that copies blocks of x, from block x_from on, to y, from block y_from on:
 * as many as the one of the two has that has fewer. */
void copy_c16_emit(struct emit *e, const struct value *x, ptrdiff_t x_from,
                   const struct value *y, ptrdiff_t y_from);

/* Row-major strides of `s`, in elements. */
void shape_strides(const struct shape *s, int64_t stride[MAX_RANK]);

#endif
