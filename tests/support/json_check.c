// SPDX-License-Identifier: Apache-2.0
#include "json_check.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

static const char *value(const char *p, int depth);

static const char *blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* Bytes of the UTF-8 sequence at `p`, 0 if it is none; overlong ones and
 * surrogates are none. */
static int sequence(const unsigned char *p)
{
    const int n = p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

    for (int i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

/* The first place at fault.  What follows returns the place behind what it read,
 * or NULL after it set this. */
static const char *fault;

static const char *bad(const char *p)
{
    if (!fault)
        fault = p;
    return NULL;
}

static const char *string(const char *p)
{
    if (*p++ != '"')
        return bad(p - 1);
    while (*p != '"') {
        const unsigned char c = (unsigned char)*p;

        if (c < 0x20 || c == 0x7f)
            return bad(p);
        if (c >= 0x80) {
            const int n = sequence((const unsigned char *)p);

            if (!n)
                return bad(p);
            p += n;
        } else if (c != '\\') {
            p++;
        } else if (p[1] == 'u') {
            for (int i = 2; i < 6; i++)
                if (!isxdigit((unsigned char)p[i]))
                    return bad(p);
            p += 6;
        } else {
            if (!p[1] || !strchr("\"\\/bfnrt", p[1]))
                return bad(p);
            p += 2;
        }
    }
    return p + 1;
}

static const char *digits(const char *p)
{
    const size_t n = strspn(p, "0123456789");

    return n ? p + n : bad(p);
}

static const char *number(const char *p)
{
    p += *p == '-';
    p = *p == '0' ? p + 1 : digits(p);
    if (p && *p == '.')
        p = digits(p + 1);
    if (p && (*p == 'e' || *p == 'E'))
        p = digits(p + 1 + (p[1] == '-' || p[1] == '+'));
    return p;
}

/* What stands between the brackets of an object or an array. */
static const char *members(const char *p, char close, int depth)
{
    p = blanks(p);
    if (*p == close)
        return p + 1;
    for (;;) {
        if (close == '}') {
            p = string(blanks(p));
            p = p ? blanks(p) : NULL;
            if (!p || *p != ':')
                return p ? bad(p) : NULL;
            p++;
        }
        p = value(p, depth + 1);
        if (!p)
            return NULL;
        p = blanks(p);
        if (*p == close)
            return p + 1;
        if (*p++ != ',')
            return bad(p - 1);
    }
}

static const char *value(const char *p, int depth)
{
    static const char *const words[] = { "true", "false", "null" };

    p = blanks(p);
    if (depth > DEPTH_MAX)
        return bad(p);
    if (*p == '{' || *p == '[')
        return members(p + 1, *p == '{' ? '}' : ']', depth);
    if (*p == '"')
        return string(p);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(p, words[i], strlen(words[i])) == 0)
            return p + strlen(words[i]);
    return number(p);
}

const char *json_fault(const char *text)
{
    fault = NULL;
    const char *end = value(text, 0);

    if (end && *blanks(end))
        bad(blanks(end));
    return fault;
}
