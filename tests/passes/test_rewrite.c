// SPDX-License-Identifier: Apache-2.0
/* The list of what passes did. */
#include "check.h"

#include "ir/rewrite.h"
#include "ops/conv.h"

#include <criterion/criterion.h>
#include <string.h>

/* A node that takes a constant and drops another: what was done, once to each. */
Test(rewrite, counts_what_changed_since_the_entry_before)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5);
    struct node *one = b_conv(&b, "one", x, 3, 4, 1);
    struct node *two = b_conv(&b, "two", x, 3, 4, 1);

    b_output(&b, one->out[0]);
    b_infer(&b);
    rewrite_begin(b.g, "a pass");
    node_set_input(b.g, one, CONV_B, NULL);
    rewrite_log(b.g, one, REWRITE_EXACT, "because");
    node_set_input(b.g, one, CONV_W, two->in[CONV_W]);
    graph_remove(b.g, two);
    rewrite_log(b.g, two, REWRITE_ROUNDED, "why not");
    rewrite_begin(b.g, NULL);
    node_set_input(b.g, one, CONV_B, NULL);
    rewrite_log(b.g, one, REWRITE_EXACT, "nobody listens");

    const struct rewrite *first = b.g->rewrites, *second = first->next;

    cr_assert_str_eq(first->pass, "a pass");
    cr_assert_str_eq(first->node, "one (Conv)");
    cr_assert_str_eq(first->why, "because");
    cr_assert_eq(first->exactness, REWRITE_EXACT);
    cr_assert_eq(first->macs, 0.0);
    cr_assert_eq(first->bytes, 4.0 * sizeof(float));
    cr_assert_str_eq(second->node, "two (Conv)");
    cr_assert_eq(second->exactness, REWRITE_ROUNDED);
    cr_assert_eq(second->macs, 4.0 * 3.0 * 25.0);
    cr_assert_eq(second->bytes, (12.0 + 4.0) * sizeof(float)); /* one's weights, two's bias */
    cr_assert_null(second->next);
    b_free(&b);
}

Test(rewrite, dead_chains_go_and_forks_stay)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5);
    struct value *kept = b_conv(&b, "kept", x, 3, 4, 1)->out[0];
    struct value *twice = b_node(&b, &op_unary_RELU, "relu", kept)->out[0];
    struct node *last = b_node(&b, &op_add, "sum", twice, twice);

    b_output(&b, kept);
    b_infer(&b);
    graph_remove_dead(b.g, kept->producer);
    graph_validate(b.g);
    cr_assert_eq(b.g->last, last);
    graph_remove_dead(b.g, last);
    graph_validate(b.g);
    cr_assert_eq(b.g->first, kept->producer);
    cr_assert_eq(b.g->last, kept->producer);
    b_free(&b);
}
