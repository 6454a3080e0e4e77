// SPDX-License-Identifier: Apache-2.0
/* graph_label.h - what a node is, in a few characters. */
#ifndef RESC_REPORT_GRAPH_LABEL_H
#define RESC_REPORT_GRAPH_LABEL_H

#include "ir/graph.h"

enum { LABEL_MAX = 64 };

/* "Conv 3×3 /2 → 64".  Our words and numbers only: nothing to escape. */
const char *label_text(const struct node *n, char text[LABEL_MAX]);
/* What was fused behind it: "+add +relu". */
const char *label_fused(const struct node *n, char text[LABEL_MAX]);
/* Its kind, as a class of figure.css: "k-mac". */
const char *label_class(const struct node *n);

struct label_kind {
    const char *css_class, *what;
};
extern const struct label_kind label_kinds[];
extern const int n_label_kinds;

#endif
