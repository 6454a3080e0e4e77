// SPDX-License-Identifier: Apache-2.0
/* compare.h - how far one tensor is from another. */
#ifndef RESC_CLI_COMPARE_H
#define RESC_CLI_COMPARE_H

#include "ir/tensor.h"

struct tolerance {
    double rtol, atol;
};

enum top1 { TOP1_NONE, TOP1_EQUAL, TOP1_DIFFERS }; /* NONE: these are not classes */

struct comparison {
    bool comparable;        /* same type and shape */
    int64_t n, n_off;       /* elements, and those outside the tolerance */
    int64_t first_off;      /* index of the first of them, or -1 */
    double max_abs, max_rel; /* max_rel: over the elements where `want` is not 0 */
    int64_t max_ulp;        /* f32 only */
    double max_want;        /* largest finite |want| */
    enum top1 top1;
};

/* An element agrees if |got - want| <= atol + rtol * |want|; NaN agrees with
 * NaN, infinity with the same infinity, integers only with themselves. */
struct comparison compare(const struct tensor *got, const struct tensor *want,
                          struct tolerance t);
static inline bool comparison_ok(const struct comparison *c)
{
    return c->comparable && c->n_off == 0;
}

/* "[0,17]: got 1.25, want 1.5" for element i, into `text`. */
enum { ELEMENT_TEXT_MAX = 400 };
const char *element_text(const struct tensor *got, const struct tensor *want, int64_t i,
                         char text[ELEMENT_TEXT_MAX]);

/* Element i as a number. */
double tensor_element(const struct tensor *t, int64_t i);
/* Rows in which another class comes first than in `want`; of equal ones any will do.  0 if these
 * are no classes. */
int64_t compare_classes(const struct tensor *got, const struct tensor *want);
/* Classes in rows, as [n,c] or [n,c,1,1]: c, or 0 if it does not look like it. */
int64_t tensor_classes(const struct tensor *t);

#endif
