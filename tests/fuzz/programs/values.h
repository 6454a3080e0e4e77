// SPDX-License-Identifier: Apache-2.0
/* values.h - values to put where others were: those at which code goes wrong. */
#ifndef RESC_TESTS_FUZZ_VALUES_H
#define RESC_TESTS_FUZZ_VALUES_H

#include "random.h"

struct arena;

/* Strings that occur in the message that is being changed. */
struct words {
    const char **list;
    size_t n, room;
};

int64_t value_integer(struct random *r, int64_t old);
double value_real(struct random *r, double old);
const char *value_text(struct random *r, struct arena *a, const char *old,
                       const struct words *words);
/* Other bytes in the place of the `*size` bytes at `old`; floats often. */
unsigned char *value_bytes(struct random *r, struct arena *a, const unsigned char *old,
                           size_t *size);

#endif
