// SPDX-License-Identifier: Apache-2.0
#include "ops/move.h"

#include <inttypes.h>

struct gather_attr {
    int64_t axis; /* after infer in [0, rank) */
};

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct gather_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", 0);
    return true;
}

/* Indices that are known are checked here; the kernel clamps the others. */
static bool check_indices(const struct node *n, int64_t dim, struct diag *d)
{
    const struct value *v = n->in[1];
    const int64_t len = shape_len(&v->shape);

    if (dim == 0 && len > 0)
        return node_error(d, n, "nothing to gather from: '%s' has no elements", n->in[0]->name);
    for (int64_t i = 0; v->data && i < len; i++) {
        const int64_t k = int_at(v->type, v->data, i);

        if (k < -dim || k >= dim)
            return node_error(d, n, "index %" PRId64 " is outside of the %" PRId64 " elements", k,
                              dim);
    }
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct gather_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape, *index = &n->in[1]->shape;
    struct shape s = { 0 };
    int axis;

    (void)g;
    if (!need_movable(n, 0, d) || !need_rank(n, 0, 1, MAX_RANK, d) ||
        !need_axis(n, a->axis, x->rank, &axis, d))
        return false;
    if (n->in[1]->type != DT_I64 && n->in[1]->type != DT_I32)
        return node_error(d, n, "the indices are %s, expected i64 or i32",
                          dtype_name(n->in[1]->type));
    if (x->rank - 1 + index->rank > MAX_RANK)
        return node_error(d, n, "the output would have %d dimensions, at most %d are supported",
                          x->rank - 1 + index->rank, MAX_RANK);
    if (!check_indices(n, x->dim[axis], d))
        return false;
    a->axis = axis;
    for (int i = 0; i < axis; i++)
        s.dim[s.rank++] = x->dim[i];
    for (int i = 0; i < index->rank; i++)
        s.dim[s.rank++] = index->dim[i];
    for (int i = axis + 1; i < x->rank; i++)
        s.dim[s.rank++] = x->dim[i];
    return set_output(n, 0, n->in[0]->type, s, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_gather *p = params;
    const struct shape *x = &n->in[0]->shape;
    const int axis = (int)ATTR(gather_attr, n)->axis;

    p->outer = (ptrdiff_t)shape_product(x, 0, axis);
    p->dim = (ptrdiff_t)x->dim[axis];
    p->n = (ptrdiff_t)shape_len(&n->in[1]->shape);
    p->size = (ptrdiff_t)(shape_product(x, axis + 1, x->rank) *
                          (int64_t)dtype_size(n->in[0]->type));
}

static const struct field fields[] = {
    PARAM_SIZE(resc_gather, outer), PARAM_SIZE(resc_gather, dim), PARAM_SIZE(resc_gather, n),
    PARAM_SIZE(resc_gather, size),
};

static const struct params params = {
    "resc_gather", sizeof(struct resc_gather), fields, COUNT(fields), fill, NULL,
};

static bool index_i32(const struct node *n)
{
    return n->in[1]->type == DT_I32;
}

static bool index_i64(const struct node *n)
{
    return !index_i32(n);
}

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_gather p = { 0 };

    fill(n, &p);
    if (index_i32(n))
        resc_gather_i32(&p, in[0], in[1], out[0]);
    else
        resc_gather_i64(&p, in[0], in[1], out[0]);
}

static void print(const struct node *n, FILE *out)
{
    print_ints(out, "axis", &ATTR(gather_attr, n)->axis, 1);
}

static const struct kernel kernels[] = {
    { .fn = "resc_gather_i32", .file = "gather_i32.c", .match = index_i32 },
    { .fn = "resc_gather_i64", .file = "gather_i64.c", .match = index_i64 },
};

const struct op op_gather = {
    .name = "Gather", .since = 6, .until = OPSET_MAX,
    .min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct gather_attr),
    .parse = parse, .infer = infer, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
