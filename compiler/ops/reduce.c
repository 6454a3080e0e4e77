// SPDX-License-Identifier: Apache-2.0
/* reduce - ReduceSum and ReduceMean, with the axes as attribute and as input. */
#include "ops/common.h"

struct reduce_attr {
    int64_t axes[MAX_RANK]; /* before infer */
    int n_axes;
    bool keepdims;
    bool noop;              /* no axes: none is reduced, instead of all */
    bool reduced[MAX_RANK]; /* after infer, by dimension of the input */
};

static enum resc_reduce_op which(const struct node *n)
{
    return n->op == &op_reduce_mean || n->op == &op_reduce_mean_6 ? RESC_REDUCE_MEAN
                                                                   : RESC_REDUCE_SUM;
}

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct reduce_attr *a = n->attr;

    a->n_axes = attr_ints(attrs, "axes", a->axes, MAX_RANK);
    a->keepdims = attr_int(attrs, "keepdims", 1) != 0;
    return true;
}

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct reduce_attr *a = n->attr;

    a->keepdims = attr_int(attrs, "keepdims", 1) != 0;
    a->noop = attr_int(attrs, "noop_with_empty_axes", 0) != 0;
    return true;
}

static bool need_reducible(const struct node *n, struct diag *d)
{
    return which(n) == RESC_REDUCE_MEAN ? need_type(n, 0, DT_F32, d) : need_number(n, 0, d);
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct reduce_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct shape s = { 0 };

    if (!need_reducible(n, d))
        return false;
    if (node_in(n, 1))
        a->n_axes = need_ints(g, n, 1, a->axes, MAX_RANK, d);
    if (a->n_axes < 0 || !need_axes(n, a->axes, a->n_axes, x->rank, a->reduced, d))
        return false;
    node_drop_inputs(g, n, 1);
    for (int i = 0; i < x->rank; i++) {
        if (a->n_axes == 0)
            a->reduced[i] = !a->noop;
        if (!a->reduced[i])
            s.dim[s.rank++] = x->dim[i];
        else if (a->keepdims)
            s.dim[s.rank++] = 1;
    }
    n->op = which(n) == RESC_REDUCE_MEAN ? &op_reduce_mean : &op_reduce_sum;
    return set_output(n, 0, n->in[0]->type, s, d);
}

/* Neighbouring dimensions of one kind become one, so that four of each do;
 * they are set at the end, where the loops are innermost. */
static void fill(const struct node *n, void *params)
{
    struct resc_reduce *p = params;
    const struct reduce_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    ptrdiff_t step = 1;
    int next[2] = { 3, 3 }, last = -1; /* place of the next, by kind; kind of the last one */

    p->op = which(n);
    for (int i = 0; i < 4; i++)
        p->keep[i] = p->red[i] = 1;
    for (int i = x->rank - 1; i >= 0; i--) {
        const ptrdiff_t dim = (ptrdiff_t)x->dim[i];
        const int kind = a->reduced[i];
        ptrdiff_t *dims = kind ? p->red : p->keep;

        if (dim == 1)
            continue;
        if (kind == last) {
            dims[next[kind] + 1] *= dim;
        } else {
            dims[next[kind]] = dim;
            (kind ? p->red_step : p->keep_step)[next[kind]] = step;
            next[kind]--;
        }
        last = kind;
        step *= dim;
    }
}

static const char *const names[] = { "RESC_REDUCE_SUM", "RESC_REDUCE_MEAN" };

static const struct field fields[] = {
    PARAM_ENUM(resc_reduce, op, names), PARAM_SIZES(resc_reduce, keep),
    PARAM_SIZES(resc_reduce, keep_step), PARAM_SIZES(resc_reduce, red),
    PARAM_SIZES(resc_reduce, red_step),
};

static const struct params params = {
    "resc_reduce", sizeof(struct resc_reduce), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_reduce p = { 0 };

    fill(n, &p);
    if (match_f32(n))
        resc_reduce_f32(&p, in[0], out[0]);
    else if (match_i64(n))
        resc_reduce_i64(&p, in[0], out[0]);
    else
        resc_reduce_i32(&p, in[0], out[0]);
}

/* The kernel adds up in double precision. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    (void)k;
    return bound_sum(n, NULL, bound_in_double((double)shape_len(&n->in[0]->shape)), b);
}

static void print(const struct node *n, FILE *out)
{
    const struct reduce_attr *a = n->attr;
    int64_t axes[MAX_RANK];
    int n_axes = 0;

    for (int i = 0; i < n->in[0]->shape.rank; i++)
        if (a->reduced[i])
            axes[n_axes++] = i;
    print_ints(out, "axes", axes, n_axes);
    fprintf(out, " keepdims=%d", a->keepdims);
}

static const struct kernel kernels[] = {
    { .fn = "resc_reduce_i64", .file = "reduce_i64.c", .match = match_i64 },
    { .fn = "resc_reduce_i32", .file = "reduce_i32.c", .match = match_i32 },
    { .fn = "resc_reduce_f32", .file = "reduce_f32.c", .match = match_f32 },
};

#define REDUCE(sym, onnx, first, last, inputs_max, parser) \
    const struct op op_##sym = { \
        .name = onnx, .since = first, .until = last, \
        .min_in = 1, .max_in = inputs_max, .n_kernel_in = 1, .min_out = 1, .max_out = 1, \
        .attr_size = sizeof(struct reduce_attr), \
        .parse = parser, .infer = infer, .eval = eval, .bound = bound, .params = &params, \
        .print = print, \
        .kernels = kernels, .n_kernels = COUNT(kernels), \
    };
REDUCE(reduce_sum_6, "ReduceSum", 6, 12, 1, parse_6)
REDUCE(reduce_sum, "ReduceSum", 13, OPSET_MAX, 2, parse)
REDUCE(reduce_mean_6, "ReduceMean", 6, 17, 1, parse_6)
REDUCE(reduce_mean, "ReduceMean", 18, OPSET_MAX, 2, parse)
