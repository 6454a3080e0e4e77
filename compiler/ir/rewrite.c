// SPDX-License-Identifier: Apache-2.0
#include "ir/rewrite.h"

#include "base/arena.h"
#include "ops/op.h"

/* The multiply-adds by which g became smaller since the last time. */
static double take_saved_macs(struct graph *g)
{
    struct rewrite_account *a = &g->account;
    double saved = a->removed_macs;

    for (int i = 0; i < a->n_changed; i++) {
        struct node *n = a->changed[i];
        const double macs = n->counted.removed ? 0.0 : node_macs(n);

        saved += n->counted.macs - macs;
        n->counted.macs = macs;
        n->counted.changed = false;
    }
    a->n_changed = 0;
    a->removed_macs = 0.0;
    return saved;
}

static double take_saved_bytes(struct graph *g)
{
    const double saved = -g->account.bytes;

    g->account.bytes = 0.0;
    return saved;
}

void rewrite_begin(struct graph *g, const char *pass)
{
    if (!g->account.pass)
        graph_foreach_node(n, g)
            n->counted.macs = node_macs(n);
    take_saved_macs(g);
    take_saved_bytes(g);
    g->account.pass = pass;
}

void rewrite_log(struct graph *g, const struct node *n, enum exactness e, const char *why)
{
    struct rewrite_account *a = &g->account;

    if (!a->pass)
        return;
    struct rewrite *r = arena_new_n(g->arena, struct rewrite, 1);

    *r = (struct rewrite){ a->pass, n->origin, why, e, take_saved_macs(g), take_saved_bytes(g),
                           NULL };
    *(a->last ? &a->last->next : &g->rewrites) = r;
    a->last = r;
}

void rewrite_changed(struct graph *g, struct node *n)
{
    struct rewrite_account *a = &g->account;

    if (!a->pass || n->counted.changed)
        return;
    n->counted.changed = true;
    if (a->n_changed == a->cap_changed) {
        a->cap_changed = a->cap_changed ? 2 * a->cap_changed : 16;
        a->changed = arena_grow(g->arena, a->changed, (size_t)a->n_changed,
                                (size_t)a->cap_changed, sizeof(*a->changed));
    }
    a->changed[a->n_changed++] = n;
}

void rewrite_removed(struct graph *g, struct node *n)
{
    g->account.removed_macs += n->counted.macs;
    n->counted.macs = 0.0;
    n->counted.removed = true;
}

void rewrite_constant(struct graph *g, const struct value *v, int sign)
{
    if (g->account.pass)
        g->account.bytes += sign * (double)value_size(v);
}
