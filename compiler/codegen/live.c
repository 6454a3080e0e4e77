// SPDX-License-Identifier: Apache-2.0
/* live - whose memory a value is, and from which step to which it is taken.
 *
 * Values that share memory form a group with one root: a view joins the group
 * of what it shows, and the output of a step joins the group of an input that
 * its kernel may write over and that nobody reads afterwards.  That input is
 * most often the residual of a block. */
#include "codegen/stages.h"

static const struct value *root_of(const struct plan *p, const struct value *v)
{
    while (p->place[v->id].root != v)
        v = p->place[v->id].root;
    return v;
}

static void join(struct plan *p, const struct value *v, const struct value *root)
{
    p->place[v->id].root = root;
}

static void init_place(struct plan *p, const struct value *v)
{
    struct place *at = &p->place[v->id];

    at->root = v;
    at->size = layout_size(v, &p->layout[v->id]);
    at->first = at->last = -1;
    at->output = v->is_output ? v : NULL;
    at->kind = v->is_input ? PLACE_INPUT : v->data ? PLACE_WEIGHT
             : v->is_output ? PLACE_OUTPUT : v->producer ? PLACE_WORKSPACE : PLACE_NONE;
}

bool plan_is_alias(const struct plan *p, const struct node *n)
{
    return n->op->flags & OP_VIEW && root_of(p, n->out[0]) == root_of(p, n->in[0]);
}

/* What a view shows is the caller's or constant, or already promised to
 * another output: then an output needs a copy of it. */
static bool can_alias(const struct plan *p, const struct node *n)
{
    const struct place *from = &p->place[root_of(p, n->in[0])->id];

    return !n->out[0]->is_output || (from->kind == PLACE_WORKSPACE && !from->output);
}

void plan_views(struct plan *p, struct graph *g)
{
    for (int i = 0; i < g->n_values; i++)
        if (g->values[i]->type != DT_NONE && shape_len_checked(&g->values[i]->shape) >= 0)
            init_place(p, g->values[i]);
        else
            p->place[i].root = g->values[i];
    graph_foreach_node(n, g) {
        if (!(n->op->flags & OP_VIEW) || !can_alias(p, n))
            continue;
        const struct value *root = root_of(p, n->in[0]);

        join(p, n->out[0], root);
        if (n->out[0]->is_output) {
            p->place[root->id].output = n->out[0];
            p->place[root->id].kind = PLACE_OUTPUT;
        }
    }
}

static bool reads_otherwise(const struct plan *p, const struct node *n, int in,
                            const struct value *root)
{
    for (int i = 0; i < n->n_in; i++)
        if (i != in && n->in[i] && root_of(p, n->in[i]) == root)
            return true;
    return false;
}

static bool same_layout(const struct plan *p, const struct value *a, const struct value *b)
{
    const struct layout *la = &p->layout[a->id], *lb = &p->layout[b->id];

    return la->kind == lb->kind && halo_equal(la->halo, lb->halo);
}

enum { IN_PLACE_BITS = 32 }; /* of kernel->in_place: later inputs are never written over */

/* Lets the output of step `s` be written over one of its inputs. */
static void write_over(struct plan *p, int s)
{
    const struct node *n = p->steps[s].node;
    const struct value *out = n->out[0] ? root_of(p, n->out[0]) : NULL;

    for (int i = 0; out && i < n->n_in && i < IN_PLACE_BITS; i++) {
        if (!(p->steps[s].kernel->in_place >> i & 1) || !n->in[i])
            continue;
        const struct value *in = root_of(p, n->in[i]);
        struct place *from = &p->place[in->id];
        const struct place *to = &p->place[out->id];

        if (from->kind != PLACE_WORKSPACE || from->last != s || from->size != to->size ||
            to->first != s || n->in[i]->type != n->out[0]->type ||
            !same_layout(p, n->in[i], n->out[0]) || reads_otherwise(p, n, i, in))
            continue;
        join(p, out, in);
        from->last = to->last;
        from->kind = to->kind;
        from->output = to->output;
        return;
    }
}

void plan_live(struct plan *p, struct graph *g)
{
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *n = p->steps[s].node;

        for (int i = 0; i < n->n_in; i++)
            if (n->in[i])
                p->place[root_of(p, n->in[i])->id].last = s;
        for (int i = 0; i < n->n_out; i++)
            if (n->out[i]) {
                struct place *at = &p->place[root_of(p, n->out[i])->id];

                at->first = s;
                if (at->last < s)
                    at->last = s;
            }
    }
    for (int s = 0; s < p->n_steps; s++)
        write_over(p, s);
    for (int i = 0; i < g->n_values; i++)
        p->place[i].root = root_of(p, g->values[i]);
}
