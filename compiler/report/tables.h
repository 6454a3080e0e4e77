// SPDX-License-Identifier: Apache-2.0
/* tables.h - the tables of the document, one function each. */
#ifndef RESC_REPORT_TABLES_H
#define RESC_REPORT_TABLES_H

#include "report/report.h"

void table_summary(const struct report *r, struct str *out);
void table_operators(const struct report *r, struct str *out);
void table_unusual(const struct report *r, struct str *out);
void table_steps(const struct report *r, struct str *out);
void table_errors(const struct report *r, struct str *out);
void table_blocks(const struct report *r, struct str *out);
void table_rewrites(const struct report *r, struct str *out);
void table_signal(const struct report *r, struct str *out);

#endif
