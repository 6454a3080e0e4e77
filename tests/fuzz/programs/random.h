// SPDX-License-Identifier: Apache-2.0
/* random.h - splitmix64: the same numbers everywhere. */
#ifndef RESC_TESTS_FUZZ_RANDOM_H
#define RESC_TESTS_FUZZ_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_bits(struct random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline size_t random_below(struct random *r, size_t n)
{
    return (size_t)(random_bits(r) >> 11) % n;
}

static inline bool random_one_in(struct random *r, size_t n)
{
    return random_below(r, n) == 0;
}

#endif
