// SPDX-License-Identifier: Apache-2.0
#include "ops/transpose.h"

#include "ops/move.h"

#include <inttypes.h>

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct transpose_attr *a = n->attr;

    a->n_perm = attr_ints(attrs, "perm", a->perm, MAX_RANK);
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct transpose_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct shape s = { .rank = x->rank };
    bool seen[MAX_RANK] = { false };

    (void)g;
    if (!need_movable(n, 0, d))
        return false;
    for (int i = 0; a->n_perm == 0 && i < x->rank; i++)
        a->perm[i] = x->rank - 1 - i;
    if (a->n_perm != 0 && a->n_perm != x->rank)
        return node_error(d, n, "perm has %d elements, the input %d dimensions", a->n_perm,
                          x->rank);
    a->n_perm = x->rank;
    for (int i = 0; i < x->rank; i++) {
        const int64_t from = a->perm[i];

        if (from < 0 || from >= x->rank || seen[from])
            return node_error(d, n, "perm is no permutation: %" PRId64 " at place %d", from, i);
        seen[from] = true;
        s.dim[i] = x->dim[from];
    }
    return set_output(n, 0, n->in[0]->type, s, d);
}

static void fill(const struct node *n, void *params)
{
    const struct transpose_attr *a = n->attr;
    int64_t stride[MAX_RANK], step[MAX_RANK];

    shape_strides(&n->in[0]->shape, stride);
    for (int i = 0; i < n->out[0]->shape.rank; i++)
        step[i] = stride[a->perm[i]];
    copy_nd_fill(params, n, 0, step);
}

static const struct params params = {
    "resc_copy_nd", sizeof(struct resc_copy_nd), copy_nd_fields, N_COPY_ND_FIELDS, fill, NULL,
};

static void print(const struct node *n, FILE *out)
{
    const struct transpose_attr *a = n->attr;

    print_ints(out, "perm", a->perm, a->n_perm);
}

const struct op op_transpose = {
    .name = "Transpose", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct transpose_attr),
    .parse = parse, .infer = infer, .eval = copy_nd_eval, .params = &params, .print = print,
    .kernels = copy_nd_kernels, .n_kernels = 1,
};
