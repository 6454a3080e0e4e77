// SPDX-License-Identifier: Apache-2.0
#include "passes/ties.h"

#include "base/arena.h"
#include "base/count.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/gemm.h"
#include "ops/op.h"

struct ties {
    struct tie_class *of; /* by value->id; that of a class is its root's */
    int *parent;          /* union-find over ids */
};

static bool is_constant_or_none(const struct value *v)
{
    return !v || value_is_weights(v);
}

static enum tie_role role_of_conv(const struct node *n)
{
    const int64_t group = ((const struct conv_attr *)n->attr)->group;

    if (!value_is_weights(n->in[CONV_W]) || !is_constant_or_none(node_in(n, CONV_B)))
        return TIE_OTHER;
    return group == 1 ? TIE_MIXES : group == n->in[CONV_X]->shape.dim[1] ? TIE_KEEPS : TIE_OTHER;
}

static enum tie_role role_of_gemm(const struct node *n)
{
    const bool ok = value_is_weights(n->in[GEMM_B]) && is_constant_or_none(node_in(n, GEMM_C)) &&
                    !((const struct gemm_attr *)n->attr)->trans_a;

    return ok ? TIE_MIXES : TIE_OTHER;
}

/* Elements of an image stay in the image, in their order. */
static enum tie_role role_of_view(const struct node *n)
{
    const struct shape *x = &n->in[0]->shape, *y = &n->out[0]->shape;

    return x->rank >= 2 && y->rank >= 2 && x->dim[0] == y->dim[0] ? TIE_KEEPS : TIE_OTHER;
}

static bool works_by_channel(const struct op *op)
{
    static const struct op *const ops[] = {
        &op_add, &op_sum, &op_sub, &op_mul, &op_div, &op_max, &op_min, &op_p_relu, &op_clip,
        &op_average_pool, &op_global_average_pool, &op_max_pool, &op_global_max_pool,
#define UNARY(sym, onnx, since, until, alpha, beta, y) &op_unary_##sym,
#include "unary.def"
#undef UNARY
    };

    for (int i = 0; i < COUNT(ops); i++)
        if (ops[i] == op)
            return true;
    return false;
}

enum tie_role tie_role(const struct node *n)
{
    if (!n->out[0] || n->out[0]->type != DT_F32 || (n->n_out > 1 && n->out[1]))
        return TIE_OTHER;
    if (n->op == &op_conv)
        return role_of_conv(n);
    if (n->op == &op_gemm)
        return role_of_gemm(n);
    if (n->op == &op_scale_shift)
        return value_is_weights(n->in[SCALE_SHIFT_SCALE]) && value_is_weights(n->in[SCALE_SHIFT_SHIFT]) ?
                   TIE_KEEPS : TIE_OTHER;
    if (n->op->flags & OP_VIEW)
        return role_of_view(n);
    return works_by_channel(n->op) ? TIE_KEEPS : TIE_OTHER;
}

static int root(const struct ties *t, int id)
{
    while (t->parent[id] != id)
        id = t->parent[id] = t->parent[t->parent[id]];
    return id;
}

struct tie_class *tie_class_of(const struct ties *t, const struct value *v)
{
    return &t->of[root(t, v->id)];
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    return b ? common_divisor(b, a % b) : a;
}

static void tie(struct ties *t, const struct value *a, const struct value *b)
{
    const int to = root(t, a->id), from = root(t, b->id);

    t->parent[from] = to;
    t->of[to].fixed |= t->of[from].fixed;
    t->of[to].channels = common_divisor(t->of[to].channels, t->of[from].channels);
}

static void fix(const struct ties *t, const struct value *v)
{
    if (v)
        tie_class_of(t, v)->fixed = true;
}

/* in[i] has as many channels as out[0], or an image's that become several. */
static bool has_channels(const struct node *n, int i)
{
    const struct shape *v = &n->in[i]->shape, *y = &n->out[0]->shape;

    if (i == 0 && (n->op == &op_conv || n->op->flags & OP_VIEW))
        return true;
    return v->rank == y->rank && v->dim[1] == y->dim[1];
}

/* in[i] of a node that keeps channels. */
static void tie_operand(struct ties *t, const struct node *n, int i)
{
    const struct value *v = n->in[i], *y = n->out[0];

    if (!v || v->data) {
        if (v && v->shape.rank > y->shape.rank)
            fix(t, y);
    } else if (has_channels(n, i)) {
        tie(t, y, v);
    } else {
        fix(t, v);
        if (v->shape.rank != y->shape.rank)
            fix(t, y);
    }
}

static void tie_node(struct ties *t, const struct node *n)
{
    switch (tie_role(n)) {
    case TIE_OTHER:
        for (int i = 0; i < n->n_in; i++)
            fix(t, n->in[i]);
        for (int i = 0; i < n->n_out; i++)
            fix(t, n->out[i]);
        break;
    case TIE_KEEPS:
        for (int i = 0; i < n->n_in; i++)
            tie_operand(t, n, i);
        break;
    case TIE_MIXES:
        if (n->op == &op_conv && node_in(n, CONV_ADD))
            tie_operand(t, n, CONV_ADD);
        break;
    }
}

static void add_node(struct arena *a, struct tie_class *c, struct node *n)
{
    struct tied_node *add = arena_new_n(a, struct tied_node, 1);

    *add = (struct tied_node){ n, c->nodes };
    c->nodes = add;
}

static void add_value(struct arena *a, struct tie_class *c, struct value *v)
{
    struct tied_value *add = arena_new_n(a, struct tied_value, 1);

    *add = (struct tied_value){ v, c->values };
    c->values = add;
}

/* Who is in a class, once there is no more to tie. */
static void list_members(struct arena *a, const struct ties *t, const struct graph *g)
{
    graph_foreach_node(n, g) {
        const enum tie_role role = tie_role(n);
        struct tie_class *to = n->out[0] ? tie_class_of(t, n->out[0]) : NULL;
        struct tie_class *from = role == TIE_MIXES ? tie_class_of(t, n->in[0]) : to;

        if (role == TIE_OTHER)
            continue;
        if (!to->fixed)
            add_node(a, to, n);
        if (from != to && !from->fixed)
            add_node(a, from, n);
    }
    for (int i = 0; i < g->n_values; i++)
        if (!tie_class_of(t, g->values[i])->fixed)
            add_value(a, tie_class_of(t, g->values[i]), g->values[i]);
}

struct ties *ties_of(struct arena *a, const struct graph *g)
{
    struct ties *t = arena_new_n(a, struct ties, 1);

    t->of = arena_new_n(a, struct tie_class, g->n_values + 1);
    t->parent = arena_new_n(a, int, g->n_values + 1);
    for (int i = 0; i < g->n_values; i++) {
        const struct value *v = g->values[i];

        t->parent[i] = i;
        t->of[i].fixed = !v->producer || v->is_output || v->type != DT_F32 || v->shape.rank < 2;
        t->of[i].channels = v->shape.rank < 2 ? 1 : v->shape.dim[1];
    }
    graph_foreach_node(n, g)
        tie_node(t, n);
    list_members(a, t, g);
    return t;
}
