// SPDX-License-Identifier: Apache-2.0
#include "ops/move.h"

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const struct shape *x = &n->in[0]->shape;
    struct shape to = { 0 }, s;
    char a[SHAPE_TEXT_MAX], b[SHAPE_TEXT_MAX];

    if (!need_movable(n, 0, d))
        return false;
    to.rank = need_ints(g, n, 1, to.dim, MAX_RANK, d);
    if (to.rank < 0)
        return false;
    if (shape_len_checked(&to) < 0 || !shape_broadcast(x, &to, &s))
        return node_error(d, n, "shape %s cannot be expanded to %s", shape_text(x, a),
                          shape_text(&to, b));
    node_drop_inputs(g, n, 1);
    return set_output(n, 0, n->in[0]->type, s, d);
}

static void fill(const struct node *n, void *params)
{
    int64_t step[MAX_RANK];

    shape_broadcast_strides(&n->in[0]->shape, &n->out[0]->shape, step);
    copy_nd_fill(params, n, 0, step);
}

static const struct params params = {
    "resc_copy_nd", sizeof(struct resc_copy_nd), copy_nd_fields, N_COPY_ND_FIELDS, fill, NULL,
};

const struct op op_expand = {
    .name = "Expand", .since = 8, .until = OPSET_MAX,
    .min_in = 2, .max_in = 2, .n_kernel_in = 1, .min_out = 1, .max_out = 1,
    .infer = infer, .eval = copy_nd_eval, .params = &params,
    .kernels = copy_nd_kernels, .n_kernels = 1,
};
