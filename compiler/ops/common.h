// SPDX-License-Identifier: Apache-2.0
/* common.h - what the operators' parse, infer and params functions share.
 *
 * The need_ functions report what is wrong with the node and return false
 * (or NULL): the caller returns false. */
#ifndef RESC_OPS_COMMON_H
#define RESC_OPS_COMMON_H

#include "base/count.h"
#include "ops/op.h"
#include "resc_rt.h"

/* The node's attribute struct, typed. */
#define ATTR(type, n) ((struct type *)(n)->attr)

/* Element i of `data`, of type i64 or i32. */
int64_t int_at(enum dtype t, const void *data, int64_t i);

bool need_type(const struct node *n, int i, enum dtype t, struct diag *d);
bool need_types(const struct node *n, enum dtype t, struct diag *d); /* of all inputs there are */
bool need_number(const struct node *n, int i, struct diag *d); /* f32, i64 or i32 */
bool need_same_types(const struct node *n, struct diag *d); /* of all inputs */
bool need_rank(const struct node *n, int i, int min, int max, struct diag *d);

/* in[i] as a constant: its elements, or NULL after a message that it is known
 * only at run time.  i must be present. */
const void *need_constant(struct graph *g, struct node *n, int i, struct diag *d);
/* in[i] as a constant list of int64 (i64 or i32, rank 0 or 1): how many, or -1
 * after a message.  At most `max` are stored. */
int need_ints(struct graph *g, struct node *n, int i, int64_t *out, int max, struct diag *d);
/* `axis` in [-rank, rank) -> [0, rank). */
bool need_axis(const struct node *n, int64_t axis, int rank, int *out, struct diag *d);
/* The same for a list, refusing duplicates; out_set[a] is true for the axes named. */
bool need_axes(const struct node *n, const int64_t *axes, int n_axes, int rank,
               bool out_set[MAX_RANK], struct diag *d);

/* out[i] gets this type and shape; false after a message if it is too large. */
bool set_output(struct node *n, int i, enum dtype t, struct shape s, struct diag *d);
/* Gives out[0] its data, where no kernel could compute it from in[0], a
 * constant: not left to folding, which spares graph outputs. */
void evaluate_now(struct graph *g, struct node *n);

struct resc_act act_params(const struct node *n);

/* match functions for kernels by the type of in[0] */
bool match_f32(const struct node *n);
bool match_i32(const struct node *n);
bool match_i64(const struct node *n);

void print_ints(FILE *out, const char *name, const int64_t *v, int n); /* " name=1,2,3" */

#endif
