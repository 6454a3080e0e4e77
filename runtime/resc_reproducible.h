// SPDX-License-Identifier: Apache-2.0
/* resc_reproducible.h - the first part of files from `resc compile --reproducible`: the
 * same bits from every compiler, processor and number of threads.
 *
 * Kernels add and multiply every output's terms in an order that depends on shapes alone.
 * What is left is how operations are rounded: each by itself, to the nearest float or
 * double.  So products are not fused with sums, and what else could round differently, and
 * can be seen from here, is an error. */
#ifndef RESC_REPRODUCIBLE_H
#define RESC_REPRODUCIBLE_H

#include <float.h>

#define RESC_REPRODUCIBLE
#ifndef RESC_NO_BLAS
#define RESC_NO_BLAS /* whose order of summing is unknown */
#endif

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    defined(__NO_SIGNED_ZEROS__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "reproducible results need IEEE arithmetic: build without -ffast-math and its parts"
#endif
#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16 /* that says the same, of shorter types, too */
#error "reproducible results need floats rounded to float: on 32-bit x86, -msse2 -mfpmath=sse"
#endif
#if FLT_RADIX != 2 || FLT_MANT_DIG != 24 || DBL_MANT_DIG != 53
#error "reproducible results need IEEE floats and doubles"
#endif

/* gcc ignores the standard's pragma, and has one of its own. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

#endif
