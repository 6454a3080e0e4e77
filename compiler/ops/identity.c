// SPDX-License-Identifier: Apache-2.0
/* identity - Identity, and Dropout, which at inference is the same. */
#include "base/arena.h"
#include "base/diag.h"
#include "ops/move.h"

#include <string.h>

struct dropout_attr {
    bool mask_is_bool; /* from opset 10 on */
};

static bool infer_identity(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    return need_movable(n, 0, d) && set_output(n, 0, n->in[0]->type, n->in[0]->shape, d);
}

static bool parse_dropout(struct node *n, struct attr_list *attrs)
{
    struct dropout_attr *a = n->attr;

    a->mask_is_bool = attrs->opset >= 10;
    if (attrs->opset < 12)
        attr_ignore(attrs, "ratio");
    else
        attr_ignore(attrs, "seed");
    if (attrs->opset < 7)
        attr_ignore(attrs, "is_test");
    return true;
}

/* Drops nothing: training_mode is left out or false, or the ratio is 0. */
static bool need_inference(struct graph *g, struct node *n, struct diag *d)
{
    const char *ratio = NULL;

    if (!node_in(n, 2))
        return true;
    const char *training = need_constant(g, n, 2, d);

    if (!training)
        return false;
    if (value_size(n->in[2]) < 1 || training[0] == 0)
        return true;
    if (node_in(n, 1))
        ratio = value_constant(g, n->in[1]);
    for (size_t i = 0; ratio && i < value_size(n->in[1]); i++)
        if (ratio[i])
            ratio = NULL;
    if (ratio)
        return true;
    node_error(d, n, "training_mode is true");
    diag_hint(d, "export the model for inference: model.eval() in PyTorch");
    return false;
}

/* The mask, if anyone reads it, is known: nothing was dropped. */
static void set_mask(struct graph *g, struct node *n)
{
    struct value *mask = n->out[1];
    const size_t len = (size_t)shape_len(&n->in[0]->shape);
    char *kept = arena_alloc(g->arena, len);

    mask->type = DT_BOOL;
    mask->shape = n->in[0]->shape;
    memset(kept, 1, len);
    value_set_constant(g, mask, kept);
    if (!mask->is_output)
        return;
    /* A graph output needs a node that makes it. */
    struct value *made = graph_add_constant(g, mask->name, DT_BOOL, mask->shape, kept);

    mask->data = NULL;
    graph_insert(g, n, &op_identity, n->name, 1, &made, 1, &mask);
}

static bool infer_dropout(struct graph *g, struct node *n, struct diag *d)
{
    const struct dropout_attr *a = n->attr;
    const bool has_mask = n->n_out > 1 && n->out[1];

    if (!need_inference(g, n, d) || !infer_identity(g, n, d))
        return false;
    node_drop_inputs(g, n, 1);
    if (!has_mask)
        return true;
    if (!a->mask_is_bool && (n->out[1]->n_users || n->out[1]->is_output))
        return node_error(d, n, "the mask is read, which means nothing before opset 10");
    set_mask(g, n);
    n->n_out = 1;
    return true;
}

const struct op op_identity = {
    .name = "Identity", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, .flags = OP_VIEW,
    .infer = infer_identity, .eval = copy_eval, .params = &copy_params,
    .kernels = copy_kernels, .n_kernels = 1,
};

const struct op op_dropout = {
    .name = "Dropout", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 3, .n_kernel_in = 1, .min_out = 1, .max_out = 2, .flags = OP_VIEW,
    .attr_size = sizeof(struct dropout_attr),
    .parse = parse_dropout, .infer = infer_dropout, .eval = copy_eval, .params = &copy_params,
    .kernels = copy_kernels, .n_kernels = 1,
};
