// SPDX-License-Identifier: Apache-2.0
/* resc_vectors.h - what the C compiler has of vectors. */
#ifndef RESC_VECTORS_H
#define RESC_VECTORS_H

/* Vector types of gcc and clang; without them the kernels are plain C99. */
#if defined(__GNUC__) && !defined(RESC_NO_SIMD)
#define RESC_SIMD 1
#else
#define RESC_SIMD 0
#endif
#if RESC_SIMD && defined(__x86_64__)
#define RESC_SIMD_X86 1
#else
#define RESC_SIMD_X86 0
#endif

#if RESC_SIMD_X86
#include <immintrin.h>
#elif RESC_SIMD && defined(__aarch64__)
#include <arm_neon.h>
#endif

#endif
