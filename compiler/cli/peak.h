// SPDX-License-Identifier: Apache-2.0
/* peak.h - what one core can do at most, measured: what the speed of kernels
 * is held against. */
#ifndef RESC_CLI_PEAK_H
#define RESC_CLI_PEAK_H

/* Multiply-adds of floats in registers, 2 operations each, in thousand
 * millions of operations a second: with the instruction set that resc_isa()
 * chose, on the core that this runs on.  Takes about 50 ms. */
double peak_gflops(void);
/* That instruction set: "base", "avx2", "avx512". */
const char *peak_isa(void);

/* Bytes that one core reads and writes in a second, copying what is larger than most
 * caches.  Takes about 100 ms, and 64 MiB while it does. */
double peak_bandwidth(void);

#endif
