// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* U+FFFE and U+FFFF, of which XML wants to hear nothing. */
static bool is_noncharacter(const char *p)
{
    return memcmp(p, "\xef\xbf\xbe", 3) == 0 || memcmp(p, "\xef\xbf\xbf", 3) == 0;
}

void html_text(struct str *out, const char *text, size_t max)
{
    struct str plain = { 0 };

    str_escaped(&plain, text, max);
    for (const char *p = str_text(&plain); *p; p++)
        switch (*p) {
        case '&': str_puts(out, "&amp;"); break;
        case '<': str_puts(out, "&lt;"); break;
        case '>': str_puts(out, "&gt;"); break;
        case '"': str_puts(out, "&quot;"); break;
        case '\'': str_puts(out, "&#39;"); break;
        case '\xef':
            if (is_noncharacter(p)) {
                str_printf(out, "\\xef\\xbf\\x%02x", (unsigned char)p[2]);
                p += 2;
                break;
            }
            str_add(out, p, 1);
            break;
        default: str_add(out, p, 1);
        }
    str_free(&plain);
}

/* '<' is only in strings, where it may be written so. */
void html_json(struct str *out, const char *json)
{
    for (const char *p = json; *p;) {
        const size_t n = strcspn(p, "<");

        str_add(out, p, n);
        p += n;
        if (*p == '<') {
            str_puts(out, "\\u003c");
            p++;
        }
    }
}

const char *number_text(double x, char text[NUMBER_TEXT_MAX])
{
    const double size = fabs(x);

    if (isnan(x))
        snprintf(text, NUMBER_TEXT_MAX, "NaN");
    else if (isinf(x))
        snprintf(text, NUMBER_TEXT_MAX, "%s", x > 0 ? "\u221e" : "\u2212\u221e");
    else if (size >= 1e5 || (size > 0 && size < 1e-3))
        snprintf(text, NUMBER_TEXT_MAX, "%.2e", x);
    else if (size >= 100)
        snprintf(text, NUMBER_TEXT_MAX, "%.0f", x);
    else
        snprintf(text, NUMBER_TEXT_MAX, "%.3g", x);
    return text;
}

const char *decade_text(int exponent, char text[NUMBER_TEXT_MAX])
{
    static const char *const digits[] = { "\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                          "\u2075", "\u2076", "\u2077", "\u2078", "\u2079" };
    char plain[16];
    size_t n = 0;

    if (exponent >= -3 && exponent <= 4) {
        snprintf(text, NUMBER_TEXT_MAX, "%g", pow(10, exponent));
        return text;
    }
    snprintf(plain, sizeof plain, "%d", exponent);
    n += (size_t)snprintf(text, NUMBER_TEXT_MAX, "10");
    for (const char *p = plain; *p; p++)
        n += (size_t)snprintf(text + n, NUMBER_TEXT_MAX - n, "%s",
                              *p == '-' ? "\u207b" : digits[*p - '0']);
    return text;
}

const char *power_text(double log10_of, char text[NUMBER_TEXT_MAX])
{
    char decade[NUMBER_TEXT_MAX];

    if (isnan(log10_of) || (isinf(log10_of) && log10_of > 0))
        return number_text(log10_of, text);
    if (isinf(log10_of))
        return number_text(0, text);
    if (fabs(log10_of) < 4)
        return number_text(pow(10, log10_of), text);
    const int exponent = (int)floor(log10_of);

    snprintf(text, NUMBER_TEXT_MAX, "%.1f\u00b7%.32s", pow(10, log10_of - exponent),
             exponent == 4 ? "10\u2074" : decade_text(exponent, decade));
    return text;
}

void html_number_cell(struct str *out, double value, const char *text)
{
    if (isfinite(value))
        str_printf(out, "<td class=n data-v=%.9g>%s", value, text);
    else
        str_printf(out, "<td class=n>%s", text);
}

void html_text_cell(struct str *out, const char *css_class, const char *text, size_t max)
{
    str_printf(out, "<td class=%s>", css_class);
    html_text(out, text, max);
}
