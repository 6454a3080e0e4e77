// SPDX-License-Identifier: Apache-2.0
/* resc_simd.h - vectors of floats, under one set of names for each instruction set.
 *
 * Code for all of them is in a .def file that is included once for each, with
 * RESC_ISA_NAME defined as base, avx2 or avx512.  In it V(name) is the name's
 * own version for that set: V(vec) the vector type of V(lanes) floats,
 * V(load)(p), V(store)(p, v), ...; static functions of the file are V(name),
 * too, and start with V_FUNCTION, or with V_INLINE if they are to be expanded
 * where they are called (with constant arguments: that is how one text becomes
 * many kernels). */
#ifndef RESC_SIMD_H
#define RESC_SIMD_H

#include "resc_isa.h"

#define RESC_PASTE_(a, b) a##_##b
#define RESC_PASTE(a, b) RESC_PASTE_(a, b)
#define V(name) RESC_PASTE(name, RESC_ISA_NAME)

#if RESC_SIMD
#define V_FUNCTION static __attribute__((unused)) RESC_PASTE(RESC_TARGET, RESC_ISA_NAME)
#define V_INLINE \
    static inline __attribute__((always_inline, unused)) RESC_PASTE(RESC_TARGET, RESC_ISA_NAME)
#else
#define V_FUNCTION static
#define V_INLINE static inline
#endif
#define RESC_TARGET_base
#define RESC_TARGET_avx2 __attribute__((target("avx2,fma")))
#define RESC_TARGET_avx512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))

/* Before a loop of constant length in a V_INLINE function: writes it out. */
#if !RESC_SIMD
#define V_UNROLL
#elif defined(__clang__)
#define V_UNROLL _Pragma("clang loop unroll(full)")
#else
#define V_UNROLL _Pragma("GCC unroll 64")
#endif

#if RESC_SIMD

/* Comparisons give masks: all bits of a lane, or none. */
#define RESC_VECTORS(isa, n, target) \
    enum { lanes_##isa = n }; \
    typedef float vec_##isa __attribute__((vector_size(4 * n))); \
    typedef int mask_##isa __attribute__((vector_size(4 * n))); \
    typedef float loose_##isa __attribute__((vector_size(4 * n), aligned(4), may_alias)); \
    static inline __attribute__((always_inline, unused)) target vec_##isa load_##isa(const float *p) \
    { \
        return *(const loose_##isa *)(const void *)p; \
    } \
    static inline __attribute__((always_inline, unused)) target void store_##isa(float *p, vec_##isa v) \
    { \
        *(loose_##isa *)(void *)p = v; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa splat_##isa(float x) \
    { \
        return x - (vec_##isa){ 0 }; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa add_##isa(vec_##isa a, vec_##isa b) \
    { \
        return a + b; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa sub_##isa(vec_##isa a, vec_##isa b) \
    { \
        return a - b; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa mul_##isa(vec_##isa a, vec_##isa b) \
    { \
        return a * b; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa div_##isa(vec_##isa a, vec_##isa b) \
    { \
        return a / b; \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa \
    less_pick_##isa(vec_##isa a, vec_##isa b, vec_##isa yes, vec_##isa no) \
    { \
        const mask_##isa m = a < b; \
        return (vec_##isa)((m & (mask_##isa)yes) | (~m & (mask_##isa)no)); \
    }

RESC_VECTORS(base, 4, )
#if RESC_SIMD_X86
RESC_VECTORS(avx2, 8, RESC_TARGET_avx2)
RESC_VECTORS(avx512, 16, RESC_TARGET_avx512)
#endif

#else

/* The same in C99, four floats at a time. */
enum { lanes_base = 4 };
typedef struct {
    float at[4];
} vec_base;

#define RESC_EACH_LANE(value) \
    vec_base r; \
    for (int i = 0; i < 4; i++) \
        r.at[i] = (value); \
    return r

RESC_INLINE vec_base load_base(const float *p) { RESC_EACH_LANE(p[i]); }
RESC_INLINE void store_base(float *p, vec_base v)
{
    for (int i = 0; i < 4; i++)
        p[i] = v.at[i];
}
RESC_INLINE vec_base splat_base(float x) { RESC_EACH_LANE(x); }
RESC_INLINE vec_base add_base(vec_base a, vec_base b) { RESC_EACH_LANE(a.at[i] + b.at[i]); }
RESC_INLINE vec_base sub_base(vec_base a, vec_base b) { RESC_EACH_LANE(a.at[i] - b.at[i]); }
RESC_INLINE vec_base mul_base(vec_base a, vec_base b) { RESC_EACH_LANE(a.at[i] * b.at[i]); }
RESC_INLINE vec_base div_base(vec_base a, vec_base b) { RESC_EACH_LANE(a.at[i] / b.at[i]); }
RESC_INLINE vec_base less_pick_base(vec_base a, vec_base b, vec_base yes, vec_base no)
{
    RESC_EACH_LANE(a.at[i] < b.at[i] ? yes.at[i] : no.at[i]);
}

#endif

/* a * b + c: where the machine has it, with one rounding; with two, as everywhere, for results
 * that are the same everywhere (resc_reproducible.h). */
#ifdef RESC_REPRODUCIBLE
#define RESC_FUSES 0
#else
#define RESC_FUSES 1
#endif
#if RESC_SIMD_X86 && RESC_FUSES
static inline __attribute__((always_inline, unused)) RESC_TARGET_avx2 vec_avx2
fma_avx2(vec_avx2 a, vec_avx2 b, vec_avx2 c)
{
    return (vec_avx2)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}

static inline __attribute__((always_inline, unused)) RESC_TARGET_avx512 vec_avx512
fma_avx512(vec_avx512 a, vec_avx512 b, vec_avx512 c)
{
    return (vec_avx512)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
#elif RESC_SIMD_X86
static inline __attribute__((always_inline, unused)) RESC_TARGET_avx2 vec_avx2
fma_avx2(vec_avx2 a, vec_avx2 b, vec_avx2 c)
{
    return add_avx2(mul_avx2(a, b), c);
}

static inline __attribute__((always_inline, unused)) RESC_TARGET_avx512 vec_avx512
fma_avx512(vec_avx512 a, vec_avx512 b, vec_avx512 c)
{
    return add_avx512(mul_avx512(a, b), c);
}
#endif

RESC_INLINE vec_base fma_base(vec_base a, vec_base b, vec_base c)
{
#if RESC_SIMD && RESC_FUSES && defined(__aarch64__)
    return (vec_base)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    return add_base(mul_base(a, b), c);
#endif
}

/* sum += x * w, for inner loops.  On x86 the sum is told to stay in its register: left alone, gcc
 * lets it take that of a factor, then moves it back or spills it; and the other order of the
 * factors is up to 10 % slower. */
#define V_FMA(sum, x, w) RESC_PASTE(RESC_FMA, RESC_ISA_NAME)(sum, x, w)
#if RESC_SIMD_X86
#define RESC_FMA_base(sum, x, w) \
    do { \
        (sum) = V(fma)(w, x, sum); \
        __asm__("" : "+v"(sum)); \
    } while (0)
#if RESC_FUSES
#define RESC_FMA_avx2(sum, x, w) \
    __asm__("vfmadd231ps {%2, %1, %0|%0, %1, %2}" : "+v"(sum) : "v"(x), "v"(w))
#else
#define RESC_FMA_avx2(sum, x, w) RESC_FMA_base(sum, x, w)
#endif
#define RESC_FMA_avx512(sum, x, w) RESC_FMA_avx2(sum, x, w)
#else
#define RESC_FMA_base(sum, x, w) (sum) = V(fma)(w, x, sum)
#endif

/* Of each four lanes, lane j in all of them. */
#if RESC_SIMD_X86
static inline __attribute__((always_inline, unused)) RESC_TARGET_avx2 vec_avx2
fours_avx2(vec_avx2 v, int j)
{
    return (vec_avx2)_mm256_permutevar_ps((__m256)v, _mm256_set1_epi32(j));
}

static inline __attribute__((always_inline, unused)) RESC_TARGET_avx512 vec_avx512
fours_avx512(vec_avx512 v, int j)
{
    return (vec_avx512)_mm512_permutevar_ps((__m512)v, _mm512_set1_epi32(j));
}
#endif

RESC_INLINE vec_base fours_base(vec_base v, int j)
{
    float lanes[lanes_base];

    store_base(lanes, v);
    return splat_base(lanes[j]);
}

/* raise: v < lo ? lo : v.  lower: v > hi ? hi : v.  NaN stays NaN.
 * most: the greater of the two, NaN if one of them is. */
#if RESC_SIMD_X86
#define RESC_EXTREMES(isa, type, max, min, nan_pick, target) \
    static inline __attribute__((always_inline, unused)) target vec_##isa \
    raise_##isa(vec_##isa v, vec_##isa lo) \
    { \
        return (vec_##isa)max((type)lo, (type)v); \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa \
    lower_##isa(vec_##isa v, vec_##isa hi) \
    { \
        return (vec_##isa)min((type)hi, (type)v); \
    } \
    static inline __attribute__((always_inline, unused)) target vec_##isa \
    most_##isa(vec_##isa a, vec_##isa b) \
    { \
        const type x = (type)a, m = max(x, (type)b); \
        return (vec_##isa)nan_pick(x, m); \
    }
#define RESC_NAN_128(x, m) \
    _mm_or_ps(_mm_and_ps(_mm_cmpunord_ps(x, x), x), _mm_andnot_ps(_mm_cmpunord_ps(x, x), m))
#define RESC_NAN_256(x, m) _mm256_blendv_ps(m, x, _mm256_cmp_ps(x, x, _CMP_UNORD_Q))
#define RESC_NAN_512(x, m) _mm512_mask_mov_ps(m, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), x)

RESC_EXTREMES(base, __m128, _mm_max_ps, _mm_min_ps, RESC_NAN_128, )
RESC_EXTREMES(avx2, __m256, _mm256_max_ps, _mm256_min_ps, RESC_NAN_256, RESC_TARGET_avx2)
RESC_EXTREMES(avx512, __m512, _mm512_max_ps, _mm512_min_ps, RESC_NAN_512, RESC_TARGET_avx512)
#else
RESC_INLINE vec_base raise_base(vec_base v, vec_base lo) { return less_pick_base(v, lo, lo, v); }
RESC_INLINE vec_base lower_base(vec_base v, vec_base hi) { return less_pick_base(hi, v, hi, v); }
RESC_INLINE vec_base most_base(vec_base a, vec_base b)
{
    /* (to vmaxq_f32(), 0 is more than -0) */
#if RESC_SIMD && RESC_FUSES && defined(__aarch64__)
    return (vec_base)vmaxq_f32((float32x4_t)a, (float32x4_t)b);
#else
    /* b unless it is less; and a if it is not less than 1 and not more than 0 */
    const vec_base m = less_pick_base(b, a, a, b), zero = splat_base(0.0f);

    return less_pick_base(a, splat_base(1.0f), m, less_pick_base(zero, a, m, a));
#endif
}
#endif

#endif
