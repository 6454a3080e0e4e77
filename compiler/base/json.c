// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include "base/str.h"

#include <inttypes.h>
#include <math.h>

static void add_string(struct str *s, const char *text)
{
    struct str plain = { 0 };

    /* str_escaped() turns what is not UTF-8 and every control byte into
     * printable text, so that only quotes and backslashes are left. */
    str_escaped(&plain, text, (size_t)-1);
    str_puts(s, "\"");
    for (const char *p = str_text(&plain); *p; p++) {
        if (*p == '"' || *p == '\\')
            str_puts(s, "\\");
        str_add(s, p, 1);
    }
    str_puts(s, "\"");
    str_free(&plain);
}

static void begin(struct json *j, const char *key)
{
    if (j->comma)
        str_puts(j->out, ",");
    j->comma = true;
    if (key) {
        add_string(j->out, key);
        str_puts(j->out, ":");
    }
}

static void open_with(struct json *j, const char *key, const char *bracket)
{
    begin(j, key);
    str_puts(j->out, bracket);
    j->comma = false;
}

static void close_with(struct json *j, const char *bracket)
{
    str_puts(j->out, bracket);
    j->comma = true;
}

void json_object(struct json *j, const char *key)
{
    open_with(j, key, "{");
}

void json_end_object(struct json *j)
{
    close_with(j, "}");
}

void json_array(struct json *j, const char *key)
{
    open_with(j, key, "[");
}

void json_end_array(struct json *j)
{
    close_with(j, "]");
}

void json_string(struct json *j, const char *key, const char *text)
{
    begin(j, key);
    if (text)
        add_string(j->out, text);
    else
        str_puts(j->out, "null");
}

void json_int(struct json *j, const char *key, int64_t i)
{
    begin(j, key);
    str_printf(j->out, "%" PRId64, i);
}

void json_number(struct json *j, const char *key, double x)
{
    begin(j, key);
    if (isfinite(x))
        str_printf(j->out, "%.9g", x);
    else
        str_puts(j->out, "null");
}

void json_bool(struct json *j, const char *key, bool b)
{
    begin(j, key);
    str_puts(j->out, b ? "true" : "false");
}
