// SPDX-License-Identifier: Apache-2.0
/* resc_isa.h - which instruction set the native kernels use.
 *
 * Each is compiled once for the flags the compiler was given (base) and, on
 * x86-64 with gcc or clang, for AVX2 with FMA and for AVX-512 as well. */
#ifndef RESC_ISA_H
#define RESC_ISA_H

#include "resc_act.h"
#include "resc_vectors.h"

enum resc_isa { RESC_ISA_BASE, RESC_ISA_AVX2, RESC_ISA_AVX512, RESC_N_ISAS };

/* The best that this processor and its system have; or the one that the
 * environment variable RESC_ISA names (base, avx2, avx512), if they have it.
 * Looked up once. */
RESC_KERNEL enum resc_isa resc_isa(void);

#endif
