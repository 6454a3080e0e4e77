// SPDX-License-Identifier: Apache-2.0
#include "guarded.h"

#include <stdlib.h>
#include <string.h>

enum { FRAME = 64 }; /* floats */

static const uint32_t canary = 0x7fc0dead, poison = 0x7fc0beef; /* NaNs */

bool buffers_have_frames = true;

uint64_t rng_next(struct rng *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int rng_between(struct rng *r, int lo, int hi)
{
    return lo + (int)(rng_next(r) % (uint64_t)(hi - lo + 1));
}

bool rng_one_in(struct rng *r, int n)
{
    return rng_between(r, 1, n) == 1;
}

static void set_bits(float *at, size_t n, uint32_t bits)
{
    for (size_t i = 0; i < n; i++)
        memcpy(at + i, &bits, sizeof(bits));
}

static bool has_bits(const float *at, size_t n, uint32_t bits)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(at + i, &bits, sizeof(bits)) != 0)
            return false;
    return true;
}

struct buffer buffer_new(size_t len, size_t skew)
{
    struct buffer b = { .len = len, .frame = buffers_have_frames ? FRAME : 0 };

    if (posix_memalign(&b.memory, 64, (skew + 2 * b.frame + len) * sizeof(float)) != 0)
        abort();
    b.data = (float *)b.memory + b.frame + skew;
    set_bits(b.data - b.frame, b.frame, canary);
    set_bits(b.data, len, poison);
    set_bits(b.data + len, b.frame, canary);
    return b;
}

void buffer_free(struct buffer *b)
{
    free(b->memory);
    *b = (struct buffer){ 0 };
}

bool buffer_intact(const struct buffer *b)
{
    return has_bits(b->data - b->frame, b->frame, canary) &&
           has_bits(b->data + b->len, b->frame, canary);
}

bool buffer_same(const struct buffer *a, const struct buffer *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len * 4) == 0);
}
