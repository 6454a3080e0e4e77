// SPDX-License-Identifier: Apache-2.0
/* by_element.h - operators against their definitions, element by element.
 *
 * A node is made, with random shapes and attributes; a definition says what
 * one element of its first output is.  What op->eval computes, which is the
 * kernel with the parameters that the compiler fills in, must be that: to the
 * bit, or as close as told.  It must be so in place, too, where a kernel row
 * allows that; nothing may be written beside the outputs, and inputs must stay
 * as they were. */
#ifndef RESC_TESTS_BY_ELEMENT_H
#define RESC_TESTS_BY_ELEMENT_H

#include "ops/op.h"

#include <stdbool.h>
#include <stdint.h>

struct trial {
    struct arena *arena;
    struct graph *g;
    uint64_t seed;
};

struct trial trial_new(uint64_t seed);
void trial_free(struct trial *t);
int64_t trial_between(struct trial *t, int64_t lo, int64_t hi); /* inclusive */
/* Rank min to max; dimensions of 0 (seldom) to 7. */
struct shape trial_shape(struct trial *t, int min_rank, int max_rank);
/* A graph input. */
struct value *trial_input(struct trial *t, enum dtype type, struct shape s);
struct value *trial_list(struct trial *t, int n, const int64_t *data); /* constant */
struct node *trial_node(struct trial *t, const struct op *op, int n_in, struct value *const *in,
                        int n_out);

/* Writes element `at` of out[k] to *y.  The data of in[i] is in[i]->offer. */
typedef void element_fn(const struct node *n, int k, const int64_t *at, void *y);
/* f32 outputs to within `tolerance` times 1 + |wanted|.  False after a message. */
bool trial_agrees(struct trial *t, struct node *n, element_fn *element, double tolerance);

int64_t index_of(const struct shape *s, const int64_t *at); /* of the element in memory */
/* The element of a broadcast `v` that lies at place `at` of a tensor of that rank. */
const void *element_at(const struct value *v, const int64_t *at, int rank);

#endif
