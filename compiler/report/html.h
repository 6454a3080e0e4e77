// SPDX-License-Identifier: Apache-2.0
/* html.h - text into HTML and SVG: shown, never run. */
#ifndef RESC_REPORT_HTML_H
#define RESC_REPORT_HTML_H

#include <stddef.h>

struct str;

/* `text` as it stands between tags and inside quotes of HTML and XML.  Control
 * bytes, bytes that are not UTF-8 and what turns the direction of writing become
 * \xNN, as on a terminal.  What exceeds `max` bytes of input becomes "...". */
void html_text(struct str *out, const char *text, size_t max);
/* A JSON document as it stands inside a script element. */
void html_json(struct str *out, const char *json);

/* "1.25", "3.1e-07", "10⁻²⁰⁰": numbers of any size in few characters. */
enum { NUMBER_TEXT_MAX = 48 };
const char *number_text(double x, char text[NUMBER_TEXT_MAX]);
/* Of a number by its logarithm; -INFINITY: "0". */
const char *power_text(double log10_of, char text[NUMBER_TEXT_MAX]);
/* 10 to the `exponent`, as on an axis. */
const char *decade_text(int exponent, char text[NUMBER_TEXT_MAX]);

/* Cells of a table; `value` is what a row is sorted by. */
void html_number_cell(struct str *out, double value, const char *text);
void html_text_cell(struct str *out, const char *css_class, const char *text, size_t max);

#endif
