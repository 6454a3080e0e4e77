// SPDX-License-Identifier: Apache-2.0
/* graph_layout.h - where the nodes of a graph go in a picture, read downwards.
 *
 * A box lies a row below the lowest box that it reads.  Boxes that follow each
 * other along the longest way lie in one lane, below one another; the longest
 * chain of all is lane 0.  An edge that skips rows of its lane runs in a track
 * beside lane 0: so a residual block is a piece of lane 0 with an arc, and a
 * projection is a box of lane 1.
 *
 * Rows are cut into columns where the fewest edges cross: between blocks. */
#ifndef RESC_REPORT_GRAPH_LAYOUT_H
#define RESC_REPORT_GRAPH_LAYOUT_H

#include "ir/graph.h"

struct box {
    const struct node *node;   /* or NULL, */
    const struct value *value; /* and an input or output of the graph */
    int row, lane, column;
};

struct wire { /* something that one box makes and the other reads */
    const struct value *value;
    int from, to; /* boxes */
    int lane;     /* that it runs in, or -1: */
    int track;    /* beside lane 0 */
};

struct column {
    int first_row, end_row;
    int n_lanes, n_tracks; /* that are used in it */
};

struct graph_layout {
    struct box *boxes; /* inputs, nodes in run order, outputs */
    int n_boxes;
    struct wire *wires;
    int n_wires;
    struct column *columns;
    int n_columns;
    int *of_node;      /* box by node->id, or -1 */
    int n_rows;
};

/* False: there is too much of it for a picture. */
bool graph_layout_make(struct graph *g, int rows_a_column, struct graph_layout *out);

#endif
