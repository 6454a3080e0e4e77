// SPDX-License-Identifier: Apache-2.0
/* lanes16.h - the intrinsics of AVX-512 that the runtime uses, for processors
 * without it: the code for 16 lanes then runs, its instructions do not.  See
 * variant.sh. */
#ifndef RESC_TESTS_LANES16_H
#define RESC_TESTS_LANES16_H

#ifdef __x86_64__
#include <immintrin.h>

#define LANES16 static inline __attribute__((always_inline, unused, target("avx2,fma")))

union halves {
    __m512 whole;
    __m256 half[2];
};

LANES16 __m512 lanes16_fmadd_ps(__m512 a, __m512 b, __m512 c)
{
    const union halves x = { a }, y = { b }, z = { c };

    return (union halves){ .half = {
        _mm256_fmadd_ps(x.half[0], y.half[0], z.half[0]),
        _mm256_fmadd_ps(x.half[1], y.half[1], z.half[1]),
    } }.whole;
}

LANES16 __m512 lanes16_max_ps(__m512 a, __m512 b)
{
    const union halves x = { a }, y = { b };

    return (union halves){ .half = { _mm256_max_ps(x.half[0], y.half[0]),
                                     _mm256_max_ps(x.half[1], y.half[1]) } }.whole;
}

LANES16 __m512 lanes16_min_ps(__m512 a, __m512 b)
{
    const union halves x = { a }, y = { b };

    return (union halves){ .half = { _mm256_min_ps(x.half[0], y.half[0]),
                                     _mm256_min_ps(x.half[1], y.half[1]) } }.whole;
}

/* For _CMP_UNORD_Q only. */
LANES16 unsigned lanes16_cmp_ps_mask(__m512 a, __m512 b, int how)
{
    unsigned mask = 0;

    (void)how;
    for (int i = 0; i < 16; i++)
        mask |= (unsigned)(a[i] != a[i] || b[i] != b[i]) << i;
    return mask;
}

LANES16 __m512 lanes16_mask_mov_ps(__m512 no, unsigned mask, __m512 yes)
{
    for (int i = 0; i < 16; i++)
        if (mask >> i & 1)
            no[i] = yes[i];
    return no;
}

LANES16 __m512i lanes16_set1_epi32(int x)
{
    return (__m512i)((__v16si){ 0 } + x);
}

/* Each lane one of the four around it. */
LANES16 __m512 lanes16_permutevar_ps(__m512 v, __m512i which)
{
    __m512 picked = v;

    for (int i = 0; i < 16; i++)
        picked[i] = v[(i & ~3) + (((__v16si)which)[i] & 3)];
    return picked;
}
#endif

#endif
