// SPDX-License-Identifier: Apache-2.0
/* rng.h - pseudo-random numbers, the same on every machine (splitmix64). */
#ifndef RESC_TESTS_RANDOM_RNG_H
#define RESC_TESTS_RANDOM_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* lo ... hi, both included. */
static inline int64_t rng_int(struct rng *r, int64_t lo, int64_t hi)
{
    return lo + (int64_t)(rng_next(r) % ((uint64_t)(hi - lo) + 1));
}

/* In [lo, hi); of 24 bits, which a float holds if the ends are near. */
static inline double rng_real(struct rng *r, double lo, double hi)
{
    return lo + (hi - lo) * ((double)(rng_next(r) >> 40) / 16777216.0);
}

#endif
