// SPDX-License-Identifier: Apache-2.0
/* selftest.h - the input of NAME_selftest(), and which elements of its outputs are stored.
 *
 * The input is not stored but made, in the compiler and in the generated code alike, by
 *
 *     seed = seed * 1664525 + 1013904223  mod 2^32,  starting at SELFTEST_SEED
 *     r = seed >> 8                                  24 bits
 *
 * once for every element of every input, in order.  float: r / 2^23 - 1, in [-1, 1) and exact;
 * u8: r >> 16, of 0 to 255; i8: (r >> 16) - 128; other integers and bool: r >> 23, 0 or 1, which
 * are good as indices of almost anything. */
#ifndef RESC_CODEGEN_SELFTEST_H
#define RESC_CODEGEN_SELFTEST_H

#include <stdint.h>

struct arena;
struct value;

enum { SELFTEST_SEED = 1, SELFTEST_LEN_MAX = 4096 };

/* The elements of the next input. */
const void *selftest_input(struct arena *a, const struct value *v, uint32_t *seed);
/* Elements 0, step, 2 * step, ... of an output of `len` are stored, SELFTEST_LEN_MAX at most.  The
 * step has no divisor in common with `len`, so that they are not all of one column or channel. */
int64_t selftest_step(int64_t len);

#endif
