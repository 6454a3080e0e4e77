// SPDX-License-Identifier: Apache-2.0
/* layouts - how every value lies in memory, once the kernels are chosen.
 *
 *     %4 = Conv(...) c16      %4 = Conv(...) c16
 *     %5 = Softmax(%4)    =>  %9 = Reorder(%4)
 *                             %5 = Softmax(%9)
 *
 * The halo of a value in blocks is the union of those that its readers need. */
#include "base/arena.h"
#include "codegen/cost.h"
#include "codegen/stages.h"
#include "ops/common.h"

/* What the readers in blocks need around `v`. */
static struct resc_halo needed_halo(const struct plan *p, const struct value *v)
{
    struct resc_halo halo = { 0 };

    for (int u = 0; u < v->n_users; u++) {
        const struct node *n = v->users[u];
        const struct kernel *k = plan_kernel(p, n);

        for (int i = 0; k && k->halo && k->in == LAYOUT_C16 && i < n->n_in; i++)
            if (n->in[i] == v)
                halo = halo_union(halo, k->halo(n, i));
    }
    return halo;
}

/* Everything that knows v in blocks needs no reorder if the bytes are the same. */
static bool is_neutral(const struct plan *p, const struct value *v)
{
    const struct layout l = { LAYOUT_C16, needed_halo(p, v) };

    return layout_is_neutral(v, &l);
}

static void choose_reorder(struct arena *a, struct plan *p, const struct node *n,
                           enum layout_kind to)
{
    struct choice *c = &p->choice[n->id];

    c->candidates = arena_new_n(a, struct candidate, 1);
    c->n_candidates = 1;
    c->candidates[0].us = cost_reorder(n->in[0]);
    for (int i = 0; i < n->op->n_kernels; i++)
        if (n->op->kernels[i].out == to)
            c->candidates[0].kernel = &n->op->kernels[i];
}

/* Lets the readers of `v` that want it as `kind` read `copy` instead. */
static void move_readers(const struct plan *p, struct graph *g, struct value *v,
                         struct value *copy, enum layout_kind kind)
{
    for (int u = 0; u < v->n_users;) {
        struct node *n = v->users[u];

        if (plan_reads(p, n) != kind) {
            u++;
            continue;
        }
        for (int i = 0; i < n->n_in; i++)
            if (n->in[i] == v)
                node_set_input(g, n, i, copy);
    }
}

/* A Reorder of `v` for the readers that want it otherwise than it is made.  An
 * output of the graph stays one: then it is what the Reorder writes. */
static void insert_reorder(struct plan *p, struct graph *g, struct value *v)
{
    const enum layout_kind made = plan_writes(p, v->producer);
    const enum layout_kind to = made == LAYOUT_NCHW ? LAYOUT_C16 : LAYOUT_NCHW;
    struct node *at = v->producer ? v->producer->next : g->first;
    const bool swap = v->is_output && to == LAYOUT_NCHW;
    struct value *other = swap ? value_take_place(g, v)
                               : graph_add_value(g, v->name, v->type, v->shape);
    struct value *from = swap ? other : v, *copy = swap ? v : other;

    move_readers(p, g, v, other, swap ? made : to);
    struct node *n = graph_insert(g, at, &op_reorder, v->name, 1, &from, 1, &copy);

    n->origin = arena_printf(g->arena, "layout of '%s'", v->name);
    choose_reorder(g->arena, p, n, to);
}

static bool needs_reorder(const struct plan *p, const struct value *v)
{
    const enum layout_kind made = plan_writes(p, v->producer);

    if (!layout_can_block(v) || is_neutral(p, v))
        return false;
    if (v->is_output && made != LAYOUT_NCHW)
        return true;
    for (int u = 0; u < v->n_users; u++)
        if (plan_reads(p, v->users[u]) != made)
            return true;
    return false;
}

/* Whether anything that touches `v` takes it for blocks. */
static struct layout layout_of(const struct plan *p, const struct value *v)
{
    struct layout l = { .kind = plan_writes(p, v->producer) };

    if (!layout_can_block(v))
        return (struct layout){ .kind = LAYOUT_NCHW };
    for (int u = 0; u < v->n_users && l.kind == LAYOUT_NCHW; u++)
        l.kind = plan_reads(p, v->users[u]);
    if (l.kind == LAYOUT_C16)
        l.halo = needed_halo(p, v);
    return l;
}

static void pack_inputs(struct arena *a, struct plan *p, struct graph *g, struct node *n)
{
    const struct kernel *k = plan_kernel(p, n);
    struct value **in = arena_new_n(a, struct value *, n->n_in + 1);

    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i];
    if (k && k->pack)
        k->pack(g, n, in);
    p->choice[n->id].in = in;
}

void plan_layouts(struct arena *a, struct plan *p, struct graph *g)
{
    const int n_values = g->n_values;

    for (int i = 0; i < n_values; i++)
        if (g->values[i]->type == DT_F32 && needs_reorder(p, g->values[i]))
            insert_reorder(p, g, g->values[i]);
    graph_foreach_node(n, g)
        pack_inputs(a, p, g, n);
    p->layout = arena_new_n(a, struct layout, g->n_values + 1);
    for (int i = 0; i < g->n_values; i++)
        if (g->values[i]->type == DT_F32)
            p->layout[i] = layout_of(p, g->values[i]);
}
