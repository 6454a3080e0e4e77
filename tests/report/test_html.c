// SPDX-License-Identifier: Apache-2.0
/* Text and numbers as they reach HTML and SVG. */
#include "base/count.h"
#include "base/str.h"
#include "report/html.h"

#include <criterion/criterion.h>
#include <math.h>

Test(html, text_is_shown_and_does_nothing)
{
    static const struct {
        const char *text, *html;
    } rows[] = {
        { "", "" },
        { "conv1 \u00e9\u4e2d", "conv1 \u00e9\u4e2d" },
        { "<b a=\"1\" c='2'>&amp;", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;" },
        { "]]></script>", "]]&gt;&lt;/script&gt;" },
        { "\x01\n\t\x7f", "\\x01\\x0a\\x09\\x7f" },
        { "\xff\xc0\xaf", "\\xff\\xc0\\xaf" },
        { "a\u202eb\u2066c\u2028d", "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c\\xe2\\x80\\xa8d" },
        { "\ufffd\ufffe\uffff", "\ufffd\\xef\\xbf\\xbe\\xef\\xbf\\xbf" },
        { "back\\slash", "back\\\\slash" },
        { "12345678901", "1234567890..." },
    };

    for (int i = 0; i < COUNT(rows); i++) {
        struct str out = { 0 };

        html_text(&out, rows[i].text, i == COUNT(rows) - 1 ? 10 : 100);
        cr_expect_str_eq(str_text(&out), rows[i].html);
        str_free(&out);
    }
}

Test(html, json_cannot_end_its_element)
{
    struct str out = { 0 };

    html_json(&out, "{\"a\":\"</script><!--\",\"b\":[1,2]}");
    cr_expect_str_eq(str_text(&out),
                     "{\"a\":\"\\u003c/script>\\u003c!--\",\"b\":[1,2]}");
    str_free(&out);
}

Test(html, numbers_are_short)
{
    static const struct {
        double x;
        const char *text;
    } rows[] = {
        { 0, "0" }, { 1, "1" }, { 0.25, "0.25" }, { 12.345, "12.3" }, { 1234.5, "1234" },
        { 1.5e6, "1.50e+06" }, { -2e-7, "-2.00e-07" }, { 0.00125, "0.00125" },
        { INFINITY, "\u221e" }, { NAN, "NaN" },
    };
    char text[NUMBER_TEXT_MAX];

    for (int i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(number_text(rows[i].x, text), rows[i].text);
}

Test(html, powers_may_be_beyond_doubles)
{
    static const struct {
        double log10_of;
        const char *text;
    } rows[] = {
        { 0, "1" }, { -1, "0.1" }, { -INFINITY, "0" },
        { -200, "1.0\u00b710\u207b\u00b2\u2070\u2070" },
        { 450.5, "3.2\u00b710\u2074\u2075\u2070" }, { 4.1, "1.3\u00b710\u2074" },
    };
    char text[NUMBER_TEXT_MAX];

    for (int i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(power_text(rows[i].log10_of, text), rows[i].text);
    cr_expect_str_eq(decade_text(-3, text), "0.001");
    cr_expect_str_eq(decade_text(5, text), "10\u2075");
}
