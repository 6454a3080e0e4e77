// SPDX-License-Identifier: Apache-2.0
/* sample.h - some of the models that resc took, built under sanitizers and run. */
#ifndef RESC_TESTS_FUZZ_SAMPLE_H
#define RESC_TESTS_FUZZ_SAMPLE_H

#include "random.h"

struct arena;

struct sample {
    struct arena *arena;
    const char *folder;
    struct sampled {
        unsigned char *bytes;
        size_t size;
        long number;
    } *models;
    int n, room;
    long n_offered;
    int n_run; /* by sample_build() */
    struct random random;
};

struct sample sample_new(struct arena *a, const char *folder, int n);
/* Each of those offered has the same chance to be among the sample. */
void sample_offer(struct sample *s, const unsigned char *bytes, size_t size, long number);
/* How many were not as they should be; those files are left in the folder.
 * Releases the models. */
int sample_build(struct sample *s);

#endif
