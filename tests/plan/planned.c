// SPDX-License-Identifier: Apache-2.0
#include "planned.h"

#include "base/arena.h"
#include "base/str.h"

#include <criterion/criterion.h>
#include <string.h>

static int n_nodes(const struct graph *g)
{
    int n = 0;

    graph_foreach_node(node, g)
        n++;
    return n;
}

struct plan *plan_of(struct build *b, const struct plan_options *opt)
{
    b_infer(b);
    struct plan *p = make_plan(b->arena, b->g, opt, &b->diag);

    cr_assert(p);
    graph_validate(b->g);
    plan_check(b, p);
    return p;
}

struct plan *plan_forced(struct build *b, const char *kernels)
{
    const int n = n_nodes(b->g);
    struct wanted_kernels w = { arena_new_n(b->arena, const char *, n + 1), n };
    int i = 0;

    for (char *word = strtok(arena_strdup(b->arena, kernels), " "); word;
         word = strtok(NULL, " "), i++) {
        cr_assert_lt(i, n);
        w.fn[i] = strcmp(word, "-") ? word : NULL;
    }
    cr_assert_eq(i, n, "%d kernels for %d nodes", i, n);
    struct plan *p = plan_of(b, &(struct plan_options){ .wanted = &w });

    for (i = 0; i < n; i++) {
        const struct choice *c = &p->choice[p->nodes[i]->id];

        if (w.fn[i])
            cr_assert_str_eq(kernel_name(c->candidates[c->chosen].kernel), w.fn[i]);
    }
    return p;
}

const char *plan_kernels(const struct build *b, const struct plan *p)
{
    const char *text = "";

    for (int i = 0; i < p->n_nodes; i++) {
        const struct choice *c = &p->choice[p->nodes[i]->id];

        text = arena_printf(b->arena, "%s%s%s", text, i ? " " : "", c->n_candidates ?
                            kernel_name(c->candidates[c->chosen].kernel) : "-");
    }
    return text;
}

struct measured_times *times_new(struct build *b)
{
    struct measured_times *m = arena_new_n(b->arena, struct measured_times, 1);

    m->n = n_nodes(b->g);
    m->us = arena_new_n(b->arena, double *, m->n + 1);
    return m;
}

void times_set(struct build *b, struct measured_times *m, int node, double blocks, double first,
               double plain)
{
    const struct node *n = b->g->first;

    for (int i = 0; i < node; i++)
        n = n->next;
    m->us[node] = arena_new_n(b->arena, double, n->op->n_kernels);
    for (int i = 0; i < n->op->n_kernels; i++) {
        const struct kernel *k = &n->op->kernels[i];

        m->us[node][i] = k->in == LAYOUT_C16 ? blocks : k->out == LAYOUT_C16 ? first : plain;
    }
}

int plan_reorders(const struct plan *p)
{
    int n = 0;

    for (int s = 0; s < p->n_steps; s++)
        n += p->steps[s].node->op == &op_reorder;
    return n;
}

static void check_layout(const struct plan *p, const struct value *v, enum layout_kind wanted,
                         struct resc_halo halo)
{
    const struct layout *l = &p->layout[v->id];

    cr_assert_eq(layout_size(v, l), plan_place(p, v)->size, "%%%d: size", v->id);
    if (!layout_can_block(v) || layout_is_neutral(v, l))
        return;
    cr_assert_eq(l->kind, wanted, "%%%d: layout", v->id);
    cr_assert(halo_equal(halo_union(l->halo, halo), l->halo), "%%%d: halo", v->id);
}

static void check_step(const struct plan *p, const struct step *s)
{
    const struct kernel *k = s->kernel;
    const struct node *n = s->node;

    for (int i = 0; i < n->n_in; i++)
        if (n->in[i])
            check_layout(p, n->in[i], k->in,
                         k->halo && !n->in[i]->data ? k->halo(n, i) : (struct resc_halo){ 0 });
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            check_layout(p, n->out[i], k->out, (struct resc_halo){ 0 });
}

void plan_check(const struct build *b, const struct plan *p)
{
    const struct graph *g = b->g;
    const struct resc_halo none = { 0 };

    for (int s = 0; s < p->n_steps; s++)
        check_step(p, &p->steps[s]);
    for (int i = 0; i < g->n_inputs; i++)
        if (g->inputs[i]->n_users)
            check_layout(p, g->inputs[i], LAYOUT_NCHW, none);
    for (int i = 0; i < g->n_outputs; i++) {
        check_layout(p, g->outputs[i], LAYOUT_NCHW, none);
        cr_assert_eq(layout_size(g->outputs[i], &p->layout[g->outputs[i]->id]),
                     value_size(g->outputs[i]), "output %d", i);
    }
    for (int i = 0; i < g->n_values; i++) {
        const struct value *v = g->values[i], *root = p->place[i].root;

        if (root == v || !layout_can_block(v) || !layout_can_block(root))
            continue;
        const bool plain = p->layout[v->id].kind == LAYOUT_NCHW ||
                           layout_is_neutral(v, &p->layout[v->id]);

        if (!plain)
            cr_assert(p->layout[root->id].kind == LAYOUT_C16 &&
                      halo_equal(p->layout[v->id].halo, p->layout[root->id].halo),
                      "%%%d is %%%d", v->id, root->id);
    }
}
