// SPDX-License-Identifier: Apache-2.0
/* guarded.h - random numbers, and memory that shows who writes beside it. */
#ifndef RESC_TESTS_GUARDED_H
#define RESC_TESTS_GUARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

uint64_t rng_next(struct rng *r);
int rng_between(struct rng *r, int lo, int hi); /* inclusive */
bool rng_one_in(struct rng *r, int n);

/* `len` floats, all of them NaN at first, between frames of other NaNs: what
 * is read of the frames shows in the results, what is written to them in
 * buffer_intact(). */
struct buffer {
    void *memory;
    float *data; /* aligned to 64 bytes, and `skew` floats */
    size_t len, frame;
};

/* Without frames the data are exactly what malloc() gave: for tools that watch that. */
extern bool buffers_have_frames;

struct buffer buffer_new(size_t len, size_t skew);
void buffer_free(struct buffer *b);
bool buffer_intact(const struct buffer *b);
bool buffer_same(const struct buffer *a, const struct buffer *b); /* bit for bit */

#endif
