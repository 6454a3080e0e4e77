// SPDX-License-Identifier: Apache-2.0
/* rename.h - other text for every string of a model that means nothing to resc. */
#ifndef RESC_TESTS_RENAME_H
#define RESC_TESTS_RENAME_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct model;

/* Names of values stay the same wherever they occur, and all differ.  Texts are
 * hostile, pseudo-random by `seed`, or harmless, and then not two of them alike. */
void rename_all(struct model *m, bool hostile, uint32_t seed);

#endif
