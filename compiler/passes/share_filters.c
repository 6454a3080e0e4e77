// SPDX-License-Identifier: Apache-2.0
/* share_filters - a Conv whose filters are all the same computes one channel
 * and repeats it.
 *
 *     %3 = Conv(%0, %w, %b)  f32[1,8,4,4]  =>  %5 = Conv(%0, %w1, %b1)  f32[1,1,4,4]
 *                                              %3 = Expand(%5)  f32[1,8,4,4]
 *
 * Weights filled with one number are what networks have that were published
 * without training, such as the "light" ones of the ONNX tests.  Besides the
 * work saved, equal channels stay equal to the bit, which a matrix product
 * does not promise: it may add up in another order in another tile.  Where
 * such channels grow to 1e10, a softmax of them depends on that.
 *
 * Only if weights and bias are constant, there is one group, and no residual
 * was fused, which would differ between the channels.
 * Contract: after fuse_add and fuse_activation, which do not see through Expand. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "passes/pass.h"

#include <string.h>

/* Whether the `n` parts of a constant, `size` bytes each, are all the same. */
static bool all_same(const void *data, int64_t n, size_t size)
{
    const char *bytes = data;

    return n < 2 || memcmp(bytes, bytes + size, (size_t)(n - 1) * size) == 0;
}

static bool has_one_filter(const struct node *n)
{
    const struct value *w = n->in[CONV_W], *b = node_in(n, CONV_B);
    const struct conv_attr *a = n->attr;
    const int64_t oc = w->shape.dim[0];

    if (a->group != 1 || oc < 2 || !w->data || (b && !b->data))
        return false;
    if (node_in(n, CONV_ADD))
        return false;
    return all_same(w->data, oc, value_size(w) / (size_t)oc) &&
           (!b || all_same(b->data, oc, dtype_size(b->type)));
}

/* `v`, a constant, with the first dimension cut to 1. */
static struct value *first_of(struct graph *g, const struct value *v)
{
    struct shape s = v->shape;

    s.dim[0] = 1;
    return graph_add_constant(g, v->name, v->type, s, v->data);
}

static void share(struct graph *g, struct node *conv)
{
    struct value *const all = conv->out[0];
    struct shape s = all->shape;

    s.dim[1] = 1;
    const char *name = arena_printf(g->arena, "%s_one", all->name);
    struct value *one = graph_add_value(g, name, all->type, s);
    struct value *none = NULL;
    struct node *expand = graph_insert(g, conv->next, &op_expand, conv->name, 1, &one, 1, &none);

    expand->origin = conv->origin;
    node_take_output(expand, all);
    node_take_output(conv, one);
    node_set_input(g, conv, CONV_W, first_of(g, conv->in[CONV_W]));
    if (node_in(conv, CONV_B))
        node_set_input(g, conv, CONV_B, first_of(g, conv->in[CONV_B]));
    rewrite_log(g, conv, REWRITE_EXACT, "its filters are all the same: one is computed");
}

bool pass_share_filters(struct graph *g)
{
    bool changed = false;

    graph_foreach_node(n, g) {
        if (n->op != &op_conv || !has_one_filter(n))
            continue;
        share(g, n);
        changed = true;
    }
    return changed;
}
