// SPDX-License-Identifier: Apache-2.0
/* json_scan.h - fields out of the JSON that resc prints, found by their text:
 * quotes inside strings are escaped there, so "key": occurs only as a key. */
#ifndef RESC_TESTS_JSON_SCAN_H
#define RESC_TESTS_JSON_SCAN_H

#include <stdbool.h>

struct arena;

/* The first string "key" at or behind `text`, unescaped as far as resc escapes;
 * NULL: there is none before `end` (NULL: the end of the text). */
const char *json_text(struct arena *a, const char *text, const char *end, const char *key);
/* The same for a number; `absent` if there is none. */
double json_value(const char *text, const char *end, const char *key, double absent);
bool json_is_true(const char *text, const char *end, const char *key);

/* The first object of the array "key", at its '{', and the one behind an
 * object; NULL: no more.  *end: behind the object's '}'. */
const char *json_first(const char *text, const char *key, const char **end);
const char *json_next(const char *object_end, const char **end);

#endif
