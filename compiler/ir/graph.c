// SPDX-License-Identifier: Apache-2.0
#include "ir/graph.h"

#include "base/arena.h"
#include "base/diag.h"
#include "ir/rewrite.h"
#include "ops/op.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

struct graph *graph_new(struct arena *a, const char *name)
{
    struct graph *g = arena_new_n(a, struct graph, 1);
    const struct limits limits = limits_default();

    g->arena = a;
    g->name = name;
    g->fold = fold_budget(&limits, 0);
    return g;
}

struct fold_budget fold_budget(const struct limits *l, uint64_t input_size)
{
    return (struct fold_budget){
        .bytes = (double)l->max[LIMIT_FOLDED] + 4 * (double)input_size,
        .work = (double)l->max[LIMIT_WORK] + 4 * (double)input_size,
    };
}

/* Room for one more element: the array doubles when it is full. */
static void *with_room(struct arena *a, void *array, int n, int *cap, size_t size)
{
    if (n < *cap)
        return array;
    *cap = *cap ? *cap * 2 : 4;
    return arena_grow(a, array, (size_t)n, (size_t)*cap, size);
}

struct value *graph_add_value(struct graph *g, const char *name, enum dtype t, struct shape s)
{
    struct value *v = arena_new_n(g->arena, struct value, 1);

    v->id = g->n_values;
    v->name = name && *name ? name : arena_printf(g->arena, "value_%d", v->id);
    v->type = t;
    v->shape = s;
    g->values = with_room(g->arena, g->values, g->n_values, &g->cap_values, sizeof(*g->values));
    g->values[g->n_values++] = v;
    return v;
}

struct value *graph_add_constant(struct graph *g, const char *name, enum dtype t, struct shape s,
                                 const void *data)
{
    struct value *v = graph_add_value(g, name, t, s);

    assert(data);
    v->data = data;
    return v;
}

static struct value **append(struct arena *a, struct value **list, int *n, struct value *v)
{
    if ((*n & (*n - 1)) == 0) /* full: there is room for the next power of two */
        list = arena_grow(a, list, (size_t)*n, *n ? (size_t)*n * 2 : 1, sizeof(*list));
    list[(*n)++] = v;
    return list;
}

struct value *graph_add_input(struct graph *g, const char *name, enum dtype t, struct shape s)
{
    struct value *v = graph_add_value(g, name, t, s);

    v->is_input = true;
    g->inputs = append(g->arena, g->inputs, &g->n_inputs, v);
    return v;
}

void graph_add_output(struct graph *g, struct value *v)
{
    assert(!v->is_output);
    v->is_output = true;
    g->outputs = append(g->arena, g->outputs, &g->n_outputs, v);
}

static void add_user(struct graph *g, struct value *v, struct node *n)
{
    v->users = with_room(g->arena, v->users, v->n_users, &v->cap_users, sizeof(*v->users));
    v->users[v->n_users++] = n;
    if (v->data && v->n_users == 1)
        rewrite_constant(g, v, 1);
}

static void remove_user(struct graph *g, struct value *v, const struct node *n)
{
    for (int i = 0; i < v->n_users; i++)
        if (v->users[i] == n) {
            memmove(v->users + i, v->users + i + 1,
                    (size_t)(v->n_users - i - 1) * sizeof(*v->users));
            v->n_users--;
            if (v->data && !v->n_users)
                rewrite_constant(g, v, -1);
            return;
        }
    assert(false && "remove_user: not a user");
}

static void link_before(struct graph *g, struct node *n, struct node *at)
{
    n->next = at;
    n->prev = at ? at->prev : g->last;
    *(n->prev ? &n->prev->next : &g->first) = n;
    *(at ? &at->prev : &g->last) = n;
}

static void unlink_node(struct graph *g, struct node *n)
{
    *(n->prev ? &n->prev->next : &g->first) = n->next;
    *(n->next ? &n->next->prev : &g->last) = n->prev;
    n->prev = n->next = NULL;
}

struct node *graph_insert(struct graph *g, struct node *at, const struct op *op,
                          const char *name, int n_in, struct value *const *in, int n_out,
                          struct value *const *out)
{
    struct node *n = arena_new_n(g->arena, struct node, 1);

    n->id = g->n_node_ids++;
    n->name = name ? name : "";
    n->op = op;
    n->attr = op->attr_size ? arena_alloc(g->arena, op->attr_size) : NULL;
    n->in = arena_grow(g->arena, in, (size_t)n_in, (size_t)n_in, sizeof(*in));
    n->n_in = n_in;
    n->out = arena_grow(g->arena, out, (size_t)n_out, (size_t)n_out, sizeof(*out));
    n->n_out = n_out;
    for (int i = 0; i < n_in; i++)
        if (in[i])
            add_user(g, in[i], n);
    for (int i = 0; i < n_out; i++)
        if (out[i]) {
            assert(!out[i]->producer);
            out[i]->producer = n;
        }
    n->origin = *n->name ? arena_printf(g->arena, "%s (%s)", n->name, op->name)
                         : arena_printf(g->arena, "(%s)", op->name);
    link_before(g, n, at);
    rewrite_changed(g, n);
    return n;
}

struct node *graph_append(struct graph *g, const struct op *op, const char *name, int n_in,
                          struct value *const *in, int n_out, struct value *const *out)
{
    return graph_insert(g, NULL, op, name, n_in, in, n_out, out);
}

void node_set_input(struct graph *g, struct node *n, int i, struct value *v)
{
    if (i >= n->n_in) {
        n->in = arena_grow(g->arena, n->in, (size_t)n->n_in, (size_t)i + 1, sizeof(*n->in));
        n->n_in = i + 1;
    }
    if (n->in[i])
        remove_user(g, n->in[i], n);
    n->in[i] = v;
    if (v)
        add_user(g, v, n);
    rewrite_changed(g, n);
}

void node_drop_inputs(struct graph *g, struct node *n, int from)
{
    for (int i = from; i < n->n_in; i++)
        node_set_input(g, n, i, NULL);
    if (from < n->n_in)
        n->n_in = from;
}

void value_replace(struct graph *g, struct value *old, struct value *by)
{
    while (old->n_users) {
        struct node *n = old->users[0];

        for (int i = 0; i < n->n_in; i++)
            if (n->in[i] == old)
                node_set_input(g, n, i, by);
    }
}

void graph_remove(struct graph *g, struct node *n)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i] && n->out[i]->producer == n) {
            assert(!n->out[i]->n_users && !n->out[i]->is_output);
            n->out[i]->producer = NULL;
        }
    node_drop_inputs(g, n, 0);
    unlink_node(g, n);
    rewrite_removed(g, n);
}

bool node_is_dead(const struct node *n)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i] && (n->out[i]->n_users || n->out[i]->is_output))
            return false;
    return true;
}

void graph_remove_dead(struct graph *g, struct node *n)
{
    struct node **todo = arena_new_n(g->arena, struct node *, 1);
    int n_todo = 1, cap = 1;

    todo[0] = n;
    while (n_todo) {
        n = todo[--n_todo];
        if (n->counted.removed || !node_is_dead(n))
            continue;
        for (int i = 0; i < n->n_in; i++)
            if (n->in[i] && n->in[i]->producer) {
                todo = with_room(g->arena, todo, n_todo, &cap, sizeof(*todo));
                todo[n_todo++] = n->in[i]->producer;
            }
        graph_remove(g, n);
    }
}

void node_take_output(struct node *n, struct value *v)
{
    if (v->producer)
        for (int i = 0; i < v->producer->n_out; i++)
            if (v->producer->out[i] == v)
                v->producer->out[i] = NULL;
    if (n->out[0])
        n->out[0]->producer = NULL;
    n->out[0] = v;
    v->producer = n;
}

struct value *value_take_place(struct graph *g, struct value *v)
{
    struct value *by = graph_add_value(g, v->name, v->type, v->shape);

    by->producer = v->producer;
    for (int i = 0; i < v->producer->n_out; i++)
        if (v->producer->out[i] == v)
            v->producer->out[i] = by;
    v->producer = NULL;
    return by;
}

void node_absorb(struct graph *g, struct node *n, const struct node *gone)
{
    n->origin = arena_printf(g->arena, "%s + %s", n->origin, gone->origin);
}

void graph_move_before(struct graph *g, struct node *n, struct node *at)
{
    if (n == at || n->next == at)
        return;
    unlink_node(g, n);
    link_before(g, n, at);
}

void value_set_constant(struct graph *g, struct value *v, const void *data)
{
    if ((v->producer || v->is_input) && v->n_users)
        rewrite_constant(g, v, 1);
    v->data = data;
    if (v->producer) {
        for (int i = 0; i < v->producer->n_out; i++)
            if (v->producer->out[i] == v)
                v->producer->out[i] = NULL;
        v->producer = NULL;
    }
    if (!v->is_input)
        return;
    v->is_input = false;
    for (int i = 0; i < g->n_inputs; i++)
        if (g->inputs[i] == v) {
            memmove(g->inputs + i, g->inputs + i + 1,
                    (size_t)(g->n_inputs - i - 1) * sizeof(*g->inputs));
            g->n_inputs--;
            return;
        }
}

struct node *value_only_user(const struct value *v)
{
    return v->n_users == 1 && !v->is_output ? v->users[0] : NULL;
}

size_t value_size(const struct value *v)
{
    return (size_t)shape_len(&v->shape) * dtype_size(v->type);
}

const void *value_constant(struct graph *g, struct value *v)
{
    if (!v->data && v->is_input && v->offer)
        value_set_constant(g, v, v->offer);
    return v->data;
}

bool node_error(struct diag *d, const struct node *n, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    diag_verror_at(d, n->name, n->op->name, fmt, ap);
    va_end(ap);
    return false;
}
