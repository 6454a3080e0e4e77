// SPDX-License-Identifier: Apache-2.0
/* tokens.h - whether two C files are the same but for the names of the model:
 * the same tokens, comments among them, with identifiers renamed one to one. */
#ifndef RESC_TESTS_TOKENS_H
#define RESC_TESTS_TOKENS_H

struct arena;

/* `left` is of a model with rename_all()'s harmless names.  NULL: they are.  Else what
 * differs, in the arena. */
const char *tokens_differ(struct arena *a, const char *left, const char *right);

#endif
