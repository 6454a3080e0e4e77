// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "ops/conv.h"
#include "planned.h"

#include <criterion/criterion.h>
#include <string.h>

#define C16 "conv2d_f32_c16"

static struct layout layout_of(const struct plan *p, const struct value *v)
{
    return p->layout[v->id];
}

static void expect_halo(const struct layout *l, int top, int left, int bottom, int right)
{
    cr_expect(l->kind == LAYOUT_C16 &&
              halo_equal(l->halo, (struct resc_halo){ top, left, bottom, right }),
              "%d,%d,%d,%d", l->halo.top, l->halo.left, l->halo.bottom, l->halo.right);
}

/* Three readers in blocks and one not: one reorder, and it is as wide as the
 * widest window asks for. */
Test(layouts, one_reorder_for_all_readers)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 20, 9, 7);

    for (int k = 1; k <= 5; k += 2) {
        struct node *n = b_conv(&b, arena_printf(b.arena, "conv%d", k), x, 20, 20, k);

        if (k == 3)
            b_window(n)->pad[1] = 0, b_window(n)->pad[2] = 4;
        b_output(&b, n->out[0]);
    }
    b_output(&b, b_conv(&b, "plain", x, 20, 20, 3)->out[0]);
    const struct plan *p = plan_forced(&b, C16 " " C16 " " C16 " conv2d_f32_im2col");

    cr_assert_eq(plan_reorders(p), 1 + 3);
    cr_assert_eq(p->steps[0].node->op, &op_reorder);
    cr_assert_eq(p->steps[0].node->in[0], x);
    cr_assert_eq(layout_of(p, x).kind, LAYOUT_NCHW);
    const struct layout wide = layout_of(p, p->steps[0].node->out[0]);

    expect_halo(&wide, 2, 2, 4, 2);
    cr_assert_eq(x->n_users, 2, "the reorder and the plain one");
    b_free(&b);
}

/* The caller's memory is ONNX's own, whoever writes and reads it inside. */
Test(layouts, an_output_that_is_read_inside_stays_in_blocks_inside)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 6, 6);
    struct value *y = b_conv(&b, "one", x, 16, 16, 3)->out[0];
    struct value *z = b_conv(&b, "two", y, 16, 16, 3)->out[0];

    b_output(&b, y);
    b_output(&b, z);
    const struct plan *p = plan_forced(&b, C16 " " C16);

    cr_assert_eq(plan_reorders(p), 3);
    cr_assert_eq(b.g->outputs[0], y);
    cr_assert_eq(y->producer->op, &op_reorder);
    cr_assert_eq(y->n_users, 0);
    cr_assert_eq(plan_place(p, y)->kind, PLACE_OUTPUT);
    const struct value *inside = y->producer->in[0];
    const struct layout l = layout_of(p, inside);

    cr_assert_eq(z->producer->in[0]->producer->in[CONV_X], inside);
    cr_assert_eq(plan_place(p, inside)->kind, PLACE_WORKSPACE);
    expect_halo(&l, 1, 1, 1, 1);
    b_free(&b);
}

/* Written in NCHW, read in blocks: the readers get the copy. */
Test(layouts, an_output_in_nchw_is_copied_for_readers_in_blocks)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 6, 6);
    struct value *y = b_conv(&b, "one", x, 16, 16, 3)->out[0];

    b_output(&b, y);
    b_output(&b, b_conv(&b, "two", y, 16, 16, 3)->out[0]);
    const struct plan *p = plan_forced(&b, "conv2d_f32_im2col " C16);

    cr_assert_eq(plan_reorders(p), 2);
    cr_assert_eq(y->producer->op, &op_conv);
    cr_assert_eq(y->n_users, 1);
    b_free(&b);
}

/* One pixel and whole blocks: both layouts are the same bytes. */
Test(layouts, one_pixel_of_whole_blocks_needs_no_reorder)
{
    for (int c = 16; c <= 40; c += 8) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 3, c, 1, 1);

        b_output(&b, b_conv(&b, "one", x, c, c, 1)->out[0]);
        const struct plan *p = plan_forced(&b, C16);

        cr_assert_eq(plan_reorders(p), c % 16 ? 2 : 0, "%d channels", c);
        b_free(&b);
    }
}

/* ... but for a window that looks beyond the pixel. */
Test(layouts, one_pixel_with_a_halo_needs_one)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 1, 1);

    b_output(&b, b_conv(&b, "one", x, 16, 16, 3)->out[0]);
    const struct plan *p = plan_forced(&b, C16);

    cr_assert_eq(plan_reorders(p), 1);
    cr_assert_eq(p->steps[0].node->op, &op_reorder);
    b_free(&b);
}

/* Views show ONNX's order of elements. */
Test(layouts, a_view_of_blocks)
{
    static const struct { int c, size, reorders; } cases[] = {
        { 16, 4, 2 }, { 12, 4, 2 }, { 16, 1, 0 }, { 12, 1, 2 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int c = cases[i].c, size = cases[i].size;
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, c, size, size);
        struct value *y = b_conv(&b, "conv", x, c, c, 1)->out[0];
        struct node *flat = b_node(&b, &op_flatten, "flat", y);

        b_output(&b, b_node(&b, &op_unary_EXP, "exp", flat->out[0])->out[0]);
        const struct plan *p = plan_forced(&b, C16 " - -");

        cr_assert_eq(plan_reorders(p), cases[i].reorders, "case %zu", i);
        b_free(&b);
    }
}

/* y = conv(a) + a is written over a only if both have the same halo. */
Test(layouts, memory_is_shared_only_in_one_layout)
{
    for (int wide = 0; wide < 2; wide++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 16, 6, 6);
        struct value *a = b_conv(&b, "a", x, 16, 16, 3)->out[0];
        struct value *c = b_conv(&b, "c", a, 16, 16, 3)->out[0];
        struct node *n = b_conv(&b, "d", c, 16, 16, 3);

        node_set_input(b.g, n, CONV_ADD, a);
        b_output(&b, b_conv(&b, "e", n->out[0], 16, 16, wide ? 5 : 3)->out[0]);
        const struct plan *p = plan_forced(&b, C16 " " C16 " " C16 " " C16);

        cr_assert_eq(p->place[n->out[0]->id].root == p->place[a->id].root, !wide);
        b_free(&b);
    }
}

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct value *random_node(struct build *b, const char *name, struct value *x,
                                 struct value *other, int c, unsigned *seed)
{
    struct node *n;

    switch (next(seed) % 6) {
    case 0: return b_node(b, &op_add, name, x, other)->out[0];
    case 1: return b_node(b, &op_unary_RELU, name, x)->out[0];
    case 2: return b_node(b, &op_softmax, name, x)->out[0];
    case 3:
        n = b_conv(b, name, x, c, c, 3);
        node_set_input(b->g, n, CONV_ADD, other);
        return n->out[0];
    default:
        return b_conv(b, name, x, c, c, 1 + 2 * (int)(next(seed) % 3))->out[0];
    }
}

/* plan_of() checks what every plan promises. */
Test(layouts, random_graphs_with_random_times)
{
    enum { NODES = 14, ROUNDS = 300 };
    unsigned seed = 3;

    for (int round = 0; round < ROUNDS; round++) {
        struct build b = b_new("g");
        const int c = next(&seed) % 2 ? 16 : 5, size = next(&seed) % 4 ? 5 : 1;
        struct value *v[NODES + 1] = { b_input(&b, "x", DT_F32, 2, c, size, size) };

        for (int i = 0; i < NODES; i++) {
            v[i + 1] = random_node(&b, arena_printf(b.arena, "n%d", i), v[i],
                                   v[next(&seed) % (unsigned)(i + 1)], c, &seed);
            if (next(&seed) % 6 == 0)
                b_output(&b, v[i + 1]);
        }
        if (!v[NODES]->is_output)
            b_output(&b, v[NODES]);
        struct measured_times *m = times_new(&b);

        for (int i = 0; i < NODES; i++)
            times_set(&b, m, i, 1 + next(&seed) % 9, 1 + next(&seed) % 9, 1 + next(&seed) % 9);
        plan_of(&b, &(struct plan_options){ .measured = m });
        b_free(&b);
    }
}
