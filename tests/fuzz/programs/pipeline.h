// SPDX-License-Identifier: Apache-2.0
/* pipeline.h - compile.c without files, with options that the input decides. */
#ifndef RESC_TESTS_FUZZ_PIPELINE_H
#define RESC_TESTS_FUZZ_PIPELINE_H

#include "compile.h"

#include <stdint.h>

/* Each input is tried with options of its own, but always with the same. */
struct choices {
    uint64_t bits;
};

struct choices choices_of(const char *bytes, size_t size);
unsigned choose(struct choices *c, unsigned n); /* one of 0...n-1 */

/* Load, shapes, passes and plan; NULL where one of them said no. */
struct plan *pipeline_plan(struct arena *a, struct diag *d, const char *bytes, size_t size,
                           struct choices *c, struct compiled *made);

#endif
