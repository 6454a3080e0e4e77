// SPDX-License-Identifier: Apache-2.0
/* json_check.h - whether a text is JSON as RFC 8259 has it, to the letter. */
#ifndef RESC_TESTS_JSON_CHECK_H
#define RESC_TESTS_JSON_CHECK_H

#include <stddef.h>

/* NULL: `text` is one JSON value with nothing but blanks around it, in printable
 * ASCII or well-formed UTF-8.  Else where it stops being that. */
const char *json_fault(const char *text);

#endif
