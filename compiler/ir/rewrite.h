// SPDX-License-Identifier: Apache-2.0
/* rewrite.h - what passes did to a graph, and why the results are the same:
 * a list in g, in the order in which it was done, for -v, --json and reports. */
#ifndef RESC_IR_REWRITE_H
#define RESC_IR_REWRITE_H

#include "ir/graph.h"

enum exactness {
    REWRITE_EXACT,   /* the same numbers, to the bit (0 and -0 are the same number) */
    REWRITE_ROUNDED, /* the same real numbers; constants were computed and rounded once */
};

struct rewrite {
    const char *pass;  /* its name in passes.def */
    const char *node;  /* the origin of the node it was done to, as it was before */
    const char *why;   /* a sentence: what was done and why that changes no result */
    enum exactness exactness;
    double macs;       /* multiply-adds a run that are saved */
    double bytes;      /* of constants that are saved; less than 0: there are more now */
    struct rewrite *next;
};

#endif
