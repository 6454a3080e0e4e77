// SPDX-License-Identifier: Apache-2.0
/* softmax - Softmax and LogSoftmax: along one axis from opset 13 on, before
 * that along all dimensions from `axis` on. */
#include "ops/common.h"

struct softmax_attr {
    int64_t axis;  /* after infer in [0, rank) */
    bool flattens; /* until opset 12 */
};

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct softmax_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", 1);
    a->flattens = true;
    return true;
}

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct softmax_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", -1);
    return true;
}

static bool is_log(const struct node *n)
{
    return n->op == &op_log_softmax || n->op == &op_log_softmax_6;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct softmax_attr *a = n->attr;
    const int rank = n->in[0]->shape.rank;
    int axis = 0;

    (void)g;
    if (!need_type(n, 0, DT_F32, d))
        return false;
    /* Flattened behind the last dimension each element is a row of its own. */
    if (a->flattens && a->axis == rank)
        axis = rank;
    else if (!need_axis(n, a->axis, rank, &axis, d))
        return false;
    a->axis = axis;
    n->op = is_log(n) ? &op_log_softmax : &op_softmax;
    return set_output(n, 0, DT_F32, n->in[0]->shape, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_softmax *p = params;
    const struct softmax_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    const int axis = (int)a->axis, end = a->flattens ? x->rank : axis + 1;

    p->outer = (ptrdiff_t)shape_product(x, 0, axis);
    p->len = (ptrdiff_t)shape_product(x, axis, end);
    p->inner = (ptrdiff_t)shape_product(x, end, x->rank);
}

static const struct field fields[] = {
    PARAM_SIZE(resc_softmax, outer), PARAM_SIZE(resc_softmax, len),
    PARAM_SIZE(resc_softmax, inner),
};

static const struct params params = {
    "resc_softmax", sizeof(struct resc_softmax), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_softmax p = { 0 };

    fill(n, &p);
    if (is_log(n))
        resc_log_softmax_f32(&p, in[0], out[0]);
    else
        resc_softmax_f32(&p, in[0], out[0]);
}

static void print(const struct node *n, FILE *out)
{
    const struct softmax_attr *a = n->attr;

    print_ints(out, "axis", &a->axis, 1);
    if (a->flattens)
        fputs(" flattened", out);
}

static const struct kernel kernels[] = {
    { .fn = "resc_softmax_f32", .file = "softmax_f32.c", .in_place = 1 << 0 },
};

static const struct kernel log_kernels[] = {
    { .fn = "resc_log_softmax_f32", .file = "log_softmax_f32.c", .in_place = 1 << 0 },
};

#define SOFTMAX(sym, onnx, first, last, parser, rows) \
    const struct op op_##sym = { \
        .name = onnx, .since = first, .until = last, \
        .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, \
        .attr_size = sizeof(struct softmax_attr), \
        .parse = parser, .infer = infer, .eval = eval, .params = &params, .print = print, \
        .kernels = rows, .n_kernels = COUNT(rows), \
    };
SOFTMAX(softmax_6, "Softmax", 6, 12, parse_6, kernels)
SOFTMAX(softmax, "Softmax", 13, OPSET_MAX, parse, kernels)
SOFTMAX(log_softmax_6, "LogSoftmax", 6, 12, parse_6, log_kernels)
SOFTMAX(log_softmax, "LogSoftmax", 13, OPSET_MAX, parse, log_kernels)
