// SPDX-License-Identifier: Apache-2.0
/* conv_pack - how weights are packed. */
#include "ops/conv_pack.h"

#include "base/arena.h"
#include "ops/common.h"
#include "ops/conv.h"

#include <string.h>

static int64_t merged_groups(int64_t groups, int64_t ic, int64_t oc)
{
    for (int64_t merge = 1; merge <= RESC_LANES && merge < groups; merge *= 2)
        if (groups % merge == 0 && ic * merge % RESC_LANES == 0 && oc * merge % RESC_LANES == 0)
            return groups / merge;
    return 1;
}

struct conv_packed conv_packed(const struct node *n)
{
    const struct shape *w = &n->in[CONV_W]->shape;
    struct conv_packed c = {
        .window = shape_product(w, 2, w->rank),
        .ic = n->in[CONV_X]->shape.dim[1], .oc = w->dim[0],
        .model_groups = ATTR(conv_attr, n)->group,
        .w = n->in[CONV_W]->data,
    };

    c.of_ic = c.ic / c.model_groups, c.of_oc = c.oc / c.model_groups;
    c.groups = merged_groups(c.model_groups, c.of_ic, c.of_oc);
    c.ic_blocks = resc_c16_blocks(c.ic) / c.groups;
    c.oc_blocks = resc_c16_blocks(c.oc);
    return c;
}

int64_t conv_packed_groups(const struct node *n)
{
    return conv_packed(n).groups;
}

double conv_packed_work(const struct node *n)
{
    const struct conv_packed c = conv_packed(n);
    const struct shape *y = &n->out[0]->shape;
    const double pixels = (double)shape_product(y, 2, y->rank) * (double)y->dim[0];

    return pixels * (double)(c.oc_blocks * RESC_LANES) * (double)(c.ic_blocks * RESC_LANES) *
           (double)c.window;
}

const float *conv_packed_weight(const struct conv_packed *c, int64_t group, int64_t ic, int64_t oc)
{
    const int64_t channel = group * c->ic_blocks * RESC_LANES + ic;

    if (channel >= c->ic || oc >= c->oc)
        return NULL;
    if (c->model_groups == 1)
        return c->w + (oc * c->ic + channel) * c->window;
    if (channel / c->of_ic != oc / c->of_oc)
        return NULL;
    return c->w + (oc * c->of_ic + channel % c->of_ic) * c->window;
}

void conv_pack_bias(struct graph *g, const struct node *n, struct value **in)
{
    const struct value *b = node_in(n, CONV_B);
    const int64_t all = conv_packed(n).oc_blocks * RESC_LANES;
    const struct shape s = shape_of(all);

    if (!b || b->shape.dim[0] == all)
        return;
    float *const to = arena_new_n(g->arena, float, all);

    memcpy(to, b->data, value_size(b));
    in[CONV_B] = graph_add_constant(g, b->name, DT_F32, s, to);
}

/* Weights with `rows` consecutive input channels innermost but one. */
static void pack(struct graph *g, const struct node *n, struct value **in, int64_t ic_blocks,
                 int64_t rows)
{
    const struct conv_packed c = conv_packed(n);
    const int64_t of_group = c.oc_blocks / c.groups;
    const struct window *win = &ATTR(conv_attr, n)->win;
    const struct shape s =
        shape_of(c.oc_blocks, ic_blocks, win->kernel[0], win->kernel[1], rows, RESC_LANES);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));

    for (int64_t block = 0; block < c.oc_blocks; block++)
    for (int64_t ic = 0; ic < ic_blocks * rows; ic++)
    for (int64_t lane = 0; lane < RESC_LANES; lane++) {
        const int64_t first = (block * ic_blocks + ic / rows) * c.window;
        const float *from =
            conv_packed_weight(&c, block / of_group, ic, block * RESC_LANES + lane);

        for (int64_t k = 0; from && k < c.window; k++)
            to[((first + k) * rows + ic % rows) * RESC_LANES + lane] = from[k];
    }
    in[CONV_W] = graph_add_constant(g, n->in[CONV_W]->name, DT_F32, s, to);
    conv_pack_bias(g, n, in);
}

void conv_pack_c16(struct graph *g, const struct node *n, struct value **in)
{
    pack(g, n, in, conv_packed(n).ic_blocks, RESC_LANES);
}

void conv_pack_first(struct graph *g, const struct node *n, struct value **in)
{
    pack(g, n, in, n->in[CONV_X]->shape.dim[1], 1);
}
