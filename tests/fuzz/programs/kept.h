// SPDX-License-Identifier: Apache-2.0
/* kept.h - what the compiler allocates and has not given back.
 *
 * The programs here are linked with --wrap for malloc() and its like, so that a
 * try may be left in the middle (out of memory ends a process, but must not end
 * these) and loses nothing; and to see a leak where it happens. */
#ifndef RESC_TESTS_FUZZ_KEPT_H
#define RESC_TESTS_FUZZ_KEPT_H

void kept_begin(void);
/* Frees the blocks allocated since kept_begin() that still are; how many. */
int kept_end(void);

#endif
