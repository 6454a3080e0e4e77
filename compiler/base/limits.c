// SPDX-License-Identifier: Apache-2.0
#include "base/limits.h"

#include "base/count.h"
#include "base/diag.h"
#include "base/str.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum limit_unit unit;
    int64_t value, most;
    const char *brief;
} rows[] = {
#define LIMIT(symbol, name, unit, value, most, brief) { name, unit, value, most, brief },
#include "base/limits.def"
#undef LIMIT
};

/* The largest suffix that leaves a whole number. */
static const struct { const char *suffix; int shift; } scales[] = {
    { "G", 30 }, { "M", 20 }, { "K", 10 }, { "", 0 },
};

struct limits limits_default(void)
{
    struct limits l;

    for (int i = 0; i < N_LIMITS; i++)
        l.max[i] = rows[i].value;
    return l;
}

static bool parse_amount(const char *text, int64_t most, int64_t *out)
{
    char *end;

    errno = 0;
    const long long n = strtoll(text, &end, 10);

    for (int i = 0; i < COUNT(scales); i++)
        if (end != text && !errno && strcmp(end, scales[i].suffix) == 0 && n > 0 &&
            n <= most >> scales[i].shift) {
            *out = (int64_t)n << scales[i].shift;
            return true;
        }
    return false;
}

bool limits_set(struct limits *l, const char *text)
{
    const size_t n = strcspn(text, "=");

    for (int i = 0; text[n] && i < N_LIMITS; i++)
        if (strlen(rows[i].name) == n && strncmp(rows[i].name, text, n) == 0)
            return parse_amount(text + n + 1, rows[i].most, &l->max[i]);
    return false;
}

/* Counts are plain numbers. */
static void print_amount(struct str *s, enum limit_unit unit, int64_t n)
{
    int i = unit == LIMIT_BYTES ? 0 : COUNT(scales) - 1;

    while (n & ((INT64_C(1) << scales[i].shift) - 1))
        i++;
    str_printf(s, "%" PRId64 "%s", n >> scales[i].shift, scales[i].suffix);
}

void limits_print(FILE *out)
{
    for (int i = 0; i < N_LIMITS; i++) {
        struct str amount = { 0 };

        print_amount(&amount, rows[i].unit, rows[i].value);
        fprintf(out, "  %-7s %9s  %s\n", rows[i].name, str_text(&amount), rows[i].brief);
        str_free(&amount);
    }
}

void limit_error(struct diag *d, const struct limits *l, enum limit which, const char *what, ...)
{
    struct str text = { 0 };
    va_list ap;

    va_start(ap, what);
    str_vprintf(&text, what, ap);
    va_end(ap);
    str_puts(&text, ": the limit is ");
    print_amount(&text, rows[which].unit, l->max[which]);
    diag_error(d, "%s", str_text(&text));
    diag_hint(d, "--limit %s=N raises it; 'resc help limits' explains", rows[which].name);
    str_free(&text);
}
