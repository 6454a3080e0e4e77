// SPDX-License-Identifier: Apache-2.0
/* dot.h - a graph in the language of graphviz: `dot -Tsvg` draws it. */
#ifndef RESC_REPORT_DOT_H
#define RESC_REPORT_DOT_H

struct graph;
struct str;

/* Residual branches are boxes around their nodes, skips thick arrows. */
void graph_dot(struct graph *g, struct str *out);

#endif
