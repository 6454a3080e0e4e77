// SPDX-License-Identifier: Apache-2.0
/* random.h - splitmix64 (Steele, Lea, Flood, 2014): the same numbers on every machine. */
#ifndef RESC_BASE_RANDOM_H
#define RESC_BASE_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* In [0, 1). */
static inline double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* Mean 0, variance 1, near to normal: Irwin and Hall's sum of twelve. */
static inline double random_normal(uint64_t *state)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += random_unit(state);
    return sum;
}

#endif
