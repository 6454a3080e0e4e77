// SPDX-License-Identifier: Apache-2.0
#include "ops/blocks.h"

#include "base/arena.h"
#include "ops/window.h"

#include <string.h>

/* Whether a constant has a value a channel of `y`: [C,1,1], or with 1s before it. */
static bool is_per_channel(const struct shape *s, const struct shape *y)
{
    const int channel = s->rank - y->rank + 1;

    return channel >= 0 && s->dim[channel] == y->dim[1] && shape_len(s) == y->dim[1];
}

bool blocks_operand(const struct node *n, int i, enum resc_c16_kind *kind)
{
    const struct value *v = n->in[i];
    const struct shape *x = &v->shape, *y = &n->out[0]->shape;

    if (v->data && shape_len(x) == 1) {
        *kind = RESC_C16_SCALAR;
        return true;
    }
    *kind = RESC_C16_CHANNEL;
    if (v->data)
        return is_per_channel(x, y);
    if (!layout_can_block(v) || x->rank != y->rank)
        return false;
    if (shape_equal(x, y)) {
        *kind = RESC_C16_WHOLE;
        return true;
    }
    return x->dim[1] == y->dim[1] && shape_product(x, 2, x->rank) == 1 &&
           (x->dim[0] == 1 || x->dim[0] == y->dim[0]);
}

bool blocks_unary(const struct node *n)
{
    return layout_can_block(n->in[0]) && layout_can_block(n->out[0]);
}

static void place_operand(const struct node *n, int i, const struct layout *l,
                          struct resc_c16_operand *o)
{
    const struct shape *x = &n->in[i]->shape;
    const ptrdiff_t blocks = resc_c16_blocks((ptrdiff_t)n->out[0]->shape.dim[1]);
    int64_t hw[2];

    if (!blocks_operand(n, i, &o->kind) || o->kind == RESC_C16_SCALAR)
        return;
    if (n->in[i]->data) {
        o->block = RESC_LANES;
        return;
    }
    window_spatial(x, hw);
    o->first = resc_c16_first(l->halo, (ptrdiff_t)hw[1]);
    o->block = resc_c16_block(l->halo, (ptrdiff_t)hw[0], (ptrdiff_t)hw[1]);
    o->image = x->dim[0] == n->out[0]->shape.dim[0] ? blocks * o->block : 0;
    o->row = o->kind == RESC_C16_WHOLE ? resc_c16_row(l->halo, (ptrdiff_t)hw[1]) : 0;
}

void blocks_place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  struct resc_c16_map *m)
{
    const struct shape *y = &n->out[0]->shape;
    int64_t hw[2];

    window_spatial(y, hw);
    m->n = (int)y->dim[0], m->c = (int)y->dim[1];
    m->h = (int)hw[0], m->w = (int)hw[1];
    place_operand(n, 0, in[0], &m->a);
    if (node_in(n, 1))
        place_operand(n, 1, in[1], &m->b);
    m->y_halo = out->halo;
}

struct value *blocks_fill_up(struct graph *g, struct value *v)
{
    const int64_t len = shape_len(&v->shape);
    const struct shape s = shape_of(resc_c16_blocks((ptrdiff_t)len) * RESC_LANES);

    if (s.dim[0] == len)
        return v;
    float *const to = arena_new_n(g->arena, float, s.dim[0]);

    memcpy(to, v->data, value_size(v));
    return graph_add_constant(g, v->name, DT_F32, s, to);
}

void blocks_pack(struct graph *g, const struct node *n, struct value **in)
{
    enum resc_c16_kind kind;

    for (int i = 0; i < n->n_in; i++)
        if (n->in[i]->data && blocks_operand(n, i, &kind) && kind == RESC_C16_CHANNEL)
            in[i] = blocks_fill_up(g, n->in[i]);
}
