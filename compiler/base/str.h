// SPDX-License-Identifier: Apache-2.0
/* str.h - a growable string, and the one escaper for text that comes from a model. */
#ifndef RESC_BASE_STR_H
#define RESC_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Start with { 0 }; data is NUL-terminated once anything was added. */
struct str {
    char *data;
    size_t len, cap;
};

void str_free(struct str *s);
void str_add(struct str *s, const char *text, size_t n);
void str_puts(struct str *s, const char *text);
void str_vprintf(struct str *s, const char *fmt, va_list ap);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void str_printf(struct str *s, const char *fmt, ...);
const char *str_text(const struct str *s); /* "" if empty */

/* Adds `text` so that a terminal shows it and does nothing else with it:
 * control bytes and bytes that are not UTF-8 become \xNN.  What exceeds `max`
 * bytes of input becomes "...". */
void str_escaped(struct str *s, const char *text, size_t max);
/* The same for the inside of a C comment: ASCII only, and the pairs that open or
 * close one, or start a trigraph, are broken up too. */
void str_comment(struct str *s, const char *text, size_t max);
const char *str_escaped_copy(struct arena *a, const char *text, size_t max);

/* Whether `text` is something, and `end` after it: ".c" alone is not FILE.c. */
bool str_ends_with(const char *text, const char *end);

#endif
