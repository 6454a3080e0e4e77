// SPDX-License-Identifier: Apache-2.0
#include "passes/become.h"

#include "ops/clip.h"
#include "ops/op.h"
#include "ops/unary.h"

static struct node *replace(struct graph *g, struct node *n, const struct op *op, int n_in,
                            struct value *const *in)
{
    struct value *none = NULL;
    struct node *by = graph_insert(g, n, op, n->name, n_in, in, 1, &none);

    by->origin = n->origin;
    node_take_output(by, n->out[0]);
    graph_remove(g, n);
    return by;
}

void become_act(struct graph *g, struct node *n, struct value *x, struct act act)
{
    static const struct op *const ops[] = {
        [ACT_NONE] = &op_identity, [ACT_RELU] = &op_unary_RELU, [ACT_CLIP] = &op_clip,
        [ACT_LEAKY_RELU] = &op_unary_LEAKY_RELU,
    };
    struct node *by = replace(g, n, ops[act.kind], 1, &x);

    if (act.kind == ACT_CLIP) {
        ((struct clip_attr *)by->attr)->lo = act.lo;
        ((struct clip_attr *)by->attr)->hi = act.hi;
    }
    if (act.kind == ACT_LEAKY_RELU)
        ((struct unary_attr *)by->attr)->alpha = act.lo;
}

void become_scale_shift(struct graph *g, struct node *n, struct value *x, struct value *scale,
                        struct value *shift)
{
    const struct act act = n->act;

    replace(g, n, &op_scale_shift, 3, (struct value *[]){ x, scale, shift })->act = act;
}
