// SPDX-License-Identifier: Apache-2.0
/* limits.h - what a model may ask of resc.  A file of 100 bytes can demand any
 * time and memory, so that each has a limit which users can move. */
#ifndef RESC_BASE_LIMITS_H
#define RESC_BASE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct diag;

enum limit_unit { LIMIT_COUNT, LIMIT_BYTES };

enum limit {
#define LIMIT(symbol, name, unit, value, most, brief) LIMIT_##symbol,
#include "base/limits.def"
#undef LIMIT
    N_LIMITS
};

struct limits {
    int64_t max[N_LIMITS];
};

struct limits limits_default(void);

/* "nodes=200000", "memory=2G": K, M and G are for powers of 1024.  False: no such limit
 * or no such value, which leaves the limits as they are. */
bool limits_set(struct limits *l, const char *text);
void limits_print(FILE *out); /* the list for `resc help` */

/* An error, "WHAT: the limit is N", and a hint that names the option.  `what` is
 * formatted as by printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
void limit_error(struct diag *d, const struct limits *l, enum limit which, const char *what, ...);

#endif
