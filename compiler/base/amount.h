// SPDX-License-Identifier: Apache-2.0
/* amount.h - sizes as a person reads them: three digits and a unit. */
#ifndef RESC_BASE_AMOUNT_H
#define RESC_BASE_AMOUNT_H

#include <stddef.h>

enum { AMOUNT_TEXT_MAX = 32 };

/* "1.82 G", "304", "44.7 MiB".  Return `text`. */
const char *amount_text(double n, char text[AMOUNT_TEXT_MAX]);
const char *bytes_text(size_t n, char text[AMOUNT_TEXT_MAX]);

#endif
