// SPDX-License-Identifier: Apache-2.0
/* failing_malloc.h - malloc(), calloc() and realloc() that fail when told to.
 *
 * In a program without sanitizers those of the whole process, the C library's
 * own and protobuf-c's among them; with one, which has an allocator of its own,
 * those of the objects that were linked with -Wl,--wrap. */
#ifndef RESC_TESTS_FAULTS_FAILING_MALLOC_H
#define RESC_TESTS_FAULTS_FAILING_MALLOC_H

#include <stdbool.h>

struct malloc_plan {
    long at;     /* allocation number `at` from now fails; 0: none does */
    bool lasting; /* and all that follow */
    bool failed; /* set: one has */
};

/* Read on every allocation; NULL, as in the beginning: none fails. */
extern struct malloc_plan *malloc_plan;

#endif
