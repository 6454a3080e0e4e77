// SPDX-License-Identifier: Apache-2.0
/* resc_isa.h - which instruction set the native kernels use.
 *
 * Each is compiled once for the flags the compiler was given (base) and, on
 * x86-64 with gcc or clang, for AVX2 with FMA and for AVX-512 as well. */
#ifndef RESC_ISA_H
#define RESC_ISA_H

#include "resc_act.h"

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

enum resc_isa { RESC_ISA_BASE, RESC_ISA_AVX2, RESC_ISA_AVX512, RESC_N_ISAS };

/* The best that this processor and its system have; or the one that the
 * environment variable RESC_ISA names (base, avx2, avx512), if they have it.
 * Looked up once. */
RESC_KERNEL enum resc_isa resc_isa(void);

#endif
