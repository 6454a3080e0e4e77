// SPDX-License-Identifier: Apache-2.0
/* Where the nodes of a graph go in its picture. */
#include "build.h"
#include "report/graph_layout.h"

#include <criterion/criterion.h>

enum { ROWS = 40 };

static const struct box *box_of(const struct graph_layout *l, const struct node *n)
{
    return &l->boxes[l->of_node[n->id]];
}

/* The wire between two nodes. */
static const struct wire *wire_of(const struct graph_layout *l, const struct node *from,
                                  const struct node *to)
{
    for (int w = 0; w < l->n_wires; w++)
        if (l->wires[w].from == l->of_node[from->id] && l->wires[w].to == l->of_node[to->id])
            return &l->wires[w];
    cr_assert_fail("no wire");
    return NULL;
}

Test(layout, an_identity_skip_is_a_track_beside_its_branch)
{
    struct build b = b_new("block");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 8, 8);
    struct node *stem = b_conv(&b, "stem", x, 4, 4, 3);
    struct node *first = b_conv(&b, "first", stem->out[0], 4, 4, 3);
    struct node *second = b_conv(&b, "second", first->out[0], 4, 4, 3);
    struct node *add = b_node(&b, &op_add, "add", second->out[0], stem->out[0]);
    struct graph_layout l;

    b_output(&b, add->out[0]);
    b_infer(&b);
    cr_assert(graph_layout_make(b.g, ROWS, &l));
    cr_expect_eq(l.n_boxes, 6, "input, four nodes, output");
    cr_expect_eq(l.n_rows, 6, "one below the other");
    for (int i = 0; i < l.n_boxes; i++)
        cr_expect_eq(l.boxes[i].lane, 0);
    cr_expect_eq(box_of(&l, add)->row, 4);
    cr_expect_eq(wire_of(&l, stem, first)->lane, 0);
    cr_expect_eq(wire_of(&l, stem, add)->lane, -1);
    cr_expect_eq(l.n_columns, 1);
    cr_expect_eq(l.columns[0].n_lanes, 1);
    cr_expect_eq(l.columns[0].n_tracks, 1);
    b_free(&b);
}

Test(layout, a_projection_is_a_box_in_the_second_lane)
{
    struct build b = b_new("projection");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 8, 8);
    struct node *stem = b_conv(&b, "stem", x, 4, 4, 3);
    struct node *skip = b_conv(&b, "skip", stem->out[0], 4, 4, 1);
    struct node *first = b_conv(&b, "first", stem->out[0], 4, 4, 3);
    struct node *second = b_conv(&b, "second", first->out[0], 4, 4, 3);
    struct node *add = b_node(&b, &op_add, "add", skip->out[0], second->out[0]);
    struct graph_layout l;

    b_output(&b, add->out[0]);
    b_infer(&b);
    cr_assert(graph_layout_make(b.g, ROWS, &l));
    cr_expect_eq(box_of(&l, skip)->lane, 1);
    cr_expect_eq(box_of(&l, skip)->row, box_of(&l, first)->row, "beside the branch");
    cr_expect_eq(box_of(&l, second)->lane, 0);
    cr_expect_eq(wire_of(&l, stem, skip)->lane, 1);
    cr_expect_eq(wire_of(&l, skip, add)->lane, 1, "no track: the lane is its own");
    cr_expect_eq(l.columns[0].n_tracks, 0);
    b_free(&b);
}

/* Twenty blocks of two convolutions and an Add. */
Test(layout, columns_end_between_blocks)
{
    struct build b = b_new("deep");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 8, 8);
    struct graph_layout l;

    for (int i = 0; i < 20; i++) {
        struct node *first = b_conv(&b, "first", x, 4, 4, 3);
        struct node *second = b_conv(&b, "second", first->out[0], 4, 4, 3);

        x = b_node(&b, &op_add, "add", second->out[0], x)->out[0];
    }
    b_output(&b, x);
    b_infer(&b);
    cr_assert(graph_layout_make(b.g, 16, &l));
    cr_expect_gt(l.n_columns, 2);
    for (int w = 0; w < l.n_wires; w++)
        if (l.wires[w].lane < 0)
            cr_expect(l.boxes[l.wires[w].from].column == l.boxes[l.wires[w].to].column ||
                      l.boxes[l.wires[w].from].row + 1 ==
                      l.columns[l.boxes[l.wires[w].to].column].first_row,
                      "the skip that starts in row %d is cut", l.boxes[l.wires[w].from].row);
    b_free(&b);
}

Test(layout, too_much_is_refused)
{
    struct build b = b_new("large");
    struct value *x = b_input(&b, "x", DT_F32, 1);
    struct graph_layout l;

    for (int i = 0; i < 10000; i++)
        x = b_node(&b, &op_unary_RELU, "relu", x)->out[0];
    b_output(&b, x);
    cr_expect_not(graph_layout_make(b.g, ROWS, &l));
    b_free(&b);
}
