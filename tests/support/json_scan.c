// SPDX-License-Identifier: Apache-2.0
#include "json_scan.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What follows "key":, or NULL. */
static const char *find(const char *text, const char *end, const char *key)
{
    char pattern[64];

    snprintf(pattern, sizeof pattern, "\"%s\":", key);
    const char *at = text ? strstr(text, pattern) : NULL;

    return at && (!end || at < end) ? at + strlen(pattern) : NULL;
}

const char *json_text(struct arena *a, const char *text, const char *end, const char *key)
{
    const char *at = find(text, end, key);

    if (!at || *at != '"')
        return NULL;
    char *copy = arena_strdup(a, ++at), *to = copy;

    for (; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1])
            at++;
        *to++ = *at;
    }
    *to = '\0';
    return copy;
}

double json_value(const char *text, const char *end, const char *key, double absent)
{
    const char *at = find(text, end, key);
    char *behind;
    const double x = at ? strtod(at, &behind) : 0.0;

    return at && behind != at ? x : absent;
}

bool json_is_true(const char *text, const char *end, const char *key)
{
    const char *at = find(text, end, key);

    return at && strncmp(at, "true", 4) == 0;
}

/* Behind the '}' that closes the '{' at `at`. */
static const char *behind_object(const char *at)
{
    int depth = 0;
    bool quoted = false;

    for (; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && *at == '{')
            depth++;
        else if (!quoted && *at == '}' && --depth == 0)
            return at + 1;
    }
    return at;
}

const char *json_first(const char *text, const char *key, const char **end)
{
    const char *at = find(text, NULL, key);

    if (!at || at[0] != '[' || at[1] != '{')
        return NULL;
    *end = behind_object(at + 1);
    return at + 1;
}

const char *json_next(const char *object_end, const char **end)
{
    if (object_end[0] != ',' || object_end[1] != '{')
        return NULL;
    *end = behind_object(object_end + 1);
    return object_end + 1;
}
