// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_free(struct str *s)
{
    free(s->data);
    *s = (struct str){ 0 };
}

static void reserve(struct str *s, size_t extra)
{
    if (s->cap - s->len > extra)
        return;
    size_t cap = s->cap ? s->cap : 256;

    while (cap - s->len <= extra) {
        if (cap > (size_t)-1 / 2)
            memory_end(MEMORY_GONE);
        cap *= 2;
    }
    char *data = realloc(s->data, cap);

    if (!data)
        memory_end(MEMORY_GONE);
    s->data = data;
    s->cap = cap;
}

void str_add(struct str *s, const char *text, size_t n)
{
    reserve(s, n);
    if (n)
        memcpy(s->data + s->len, text, n);
    s->len += n;
    s->data[s->len] = '\0';
}

void str_puts(struct str *s, const char *text)
{
    str_add(s, text, strlen(text));
}

void str_vprintf(struct str *s, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        memory_end(MEMORY_GONE); /* all that it can lack for our formats */
    reserve(s, (size_t)n);
    vsnprintf(s->data + s->len, (size_t)n + 1, fmt, ap);
    s->len += (size_t)n;
}

void str_printf(struct str *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    str_vprintf(s, fmt, ap);
    va_end(ap);
}

const char *str_text(const struct str *s)
{
    return s->data ? s->data : "";
}

/* Bytes of the well-formed UTF-8 sequence at `p` (RFC 3629), 0 if there is none. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    static const struct { unsigned char lo, hi, second_lo, second_hi, len; } rows[] = {
        { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
        { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
        { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (int r = 0; r < COUNT(rows); r++) {
        if (p[0] < rows[r].lo || p[0] > rows[r].hi || rows[r].len > left)
            continue;
        if (p[1] < rows[r].second_lo || p[1] > rows[r].second_hi)
            return 0;
        for (size_t i = 2; i < rows[r].len; i++)
            if (p[i] < 0x80 || p[i] > 0xbf)
                return 0;
        if (p[0] == 0xc2 && p[1] < 0xa0) /* C1 control characters */
            return 0;
        if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae)
            return 0; /* line separators, and what turns the direction of writing */
        if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
            return 0;
        return rows[r].len;
    }
    return 0;
}

static void escape(struct str *s, const char *text, size_t max, bool comment)
{
    const size_t all = strlen(text), n = all < max ? all : max;
    const unsigned char *p = (const unsigned char *)text;

    for (size_t i = 0; i < n;) {
        const unsigned char c = p[i], before = i ? p[i - 1] : 0;
        const size_t seq = c < 0x80 ? 1 : comment ? 0 : utf8_sequence(p + i, n - i);

        if (c < 0x20 || c == 0x7f || seq == 0) {
            str_printf(s, "\\x%02x", c);
            i++;
            continue;
        }
        if (c == '\\' || (comment && ((c == '/' && before == '*') || (c == '*' && before == '/') ||
                                      (c == '?' && before == '?'))))
            str_puts(s, "\\");
        str_add(s, text + i, seq);
        i += seq;
    }
    if (all > max)
        str_puts(s, "...");
}

void str_escaped(struct str *s, const char *text, size_t max)
{
    escape(s, text, max, false);
}

void str_comment(struct str *s, const char *text, size_t max)
{
    escape(s, text, max, true);
}

const char *str_escaped_copy(struct arena *a, const char *text, size_t max)
{
    struct str s = { 0 };

    str_escaped(&s, text, max);
    const char *copy = arena_strndup(a, str_text(&s), s.len);

    str_free(&s);
    return copy;
}

bool str_ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n > m && strcmp(text + n - m, end) == 0;
}
