// SPDX-License-Identifier: Apache-2.0
#include "ops/common.h"

struct arg_max_attr {
    int64_t axis; /* after infer in [0, rank) */
    bool keepdims, last;
};

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct arg_max_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", 0);
    a->keepdims = attr_int(attrs, "keepdims", 1) != 0;
    a->last = attrs->opset >= 12 && attr_int(attrs, "select_last_index", 0) != 0;
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct arg_max_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct shape s = { 0 };
    int axis;

    (void)g;
    if (!need_number(n, 0, d) || !need_axis(n, a->axis, x->rank, &axis, d))
        return false;
    if (x->dim[axis] == 0)
        return node_error(d, n, "axis %d has no elements to choose from", axis);
    a->axis = axis;
    for (int i = 0; i < x->rank; i++)
        if (i != axis)
            s.dim[s.rank++] = x->dim[i];
        else if (a->keepdims)
            s.dim[s.rank++] = 1;
    return set_output(n, 0, DT_I64, s, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_argmax *p = params;
    const struct arg_max_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    const int axis = (int)a->axis;

    p->outer = (ptrdiff_t)shape_product(x, 0, axis);
    p->len = (ptrdiff_t)x->dim[axis];
    p->inner = (ptrdiff_t)shape_product(x, axis + 1, x->rank);
    p->last = a->last;
}

static const struct field fields[] = {
    PARAM_SIZE(resc_argmax, outer), PARAM_SIZE(resc_argmax, len), PARAM_SIZE(resc_argmax, inner),
    PARAM_INT(resc_argmax, last),
};

static const struct params params = {
    "resc_argmax", sizeof(struct resc_argmax), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_argmax p = { 0 };

    fill(n, &p);
    if (match_f32(n))
        resc_argmax_f32(&p, in[0], out[0]);
    else if (match_i64(n))
        resc_argmax_i64(&p, in[0], out[0]);
    else
        resc_argmax_i32(&p, in[0], out[0]);
}

static void print(const struct node *n, FILE *out)
{
    const struct arg_max_attr *a = n->attr;

    print_ints(out, "axis", &a->axis, 1);
    fprintf(out, " keepdims=%d", a->keepdims);
    if (a->last)
        fputs(" last", out);
}

static const struct kernel kernels[] = {
    { .fn = "resc_argmax_i64", .file = "argmax_i64.c", .match = match_i64 },
    { .fn = "resc_argmax_i32", .file = "argmax_i32.c", .match = match_i32 },
    { .fn = "resc_argmax_f32", .file = "argmax_f32.c", .match = match_f32 },
};

const struct op op_arg_max = {
    .name = "ArgMax", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct arg_max_attr),
    .parse = parse, .infer = infer, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
