// SPDX-License-Identifier: Apache-2.0
/* random_model.h - valid ONNX models, made at random of all operators that resc has.
 *
 * The same seed gives the same bytes, on every machine.  What they compute is
 * defined and stable: no division by nearly nothing, no overflow, no NaN, and
 * operators that are not continuous (ArgMax, casts to integers, the indices of
 * MaxPool) read only values that every kernel computes exactly.
 *
 * The doc_string of an input says what its elements may be: "real LO HI" or
 * "whole LO HI", both ends included. */
#ifndef RESC_TESTS_RANDOM_MODEL_H
#define RESC_TESTS_RANDOM_MODEL_H

#include "ir/dtype.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The serialised ModelProto, in the arena. */
unsigned char *random_model(struct arena *a, uint64_t seed, size_t *size);

/* `len` elements of type `t`, in the arena: pseudo-random, the same for the same
 * seed, within what `doc` says.  Without such a text (NULL, or another one) f32 are
 * in [-1, 1] and integers 0 or 1. */
void *random_elements(struct arena *a, enum dtype t, int64_t len, const char *doc, uint64_t seed);

/* Operators in the rows of the generator: those that random_model() may use. */
bool random_model_knows(const char *op_type);

#endif
