// SPDX-License-Identifier: Apache-2.0
/* softmax - Softmax and LogSoftmax: along one axis from opset 13 on, before
 * that along all dimensions from `axis` on. */
#include "ops/common.h"

#include <float.h>
#include <math.h>

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

/* One row: x[i * step], i < len, written from element `first` on.
 *
 * An exponent t = x - max is rounded, which makes exp(t) (1 + |t| u) of exp(t), and the function
 * adds MATH_ULPS: together rounded(t).  Their sum, made in double precision, is off by the mean
 * of that, weighted with the exponentials; then there are 1 / sum and a product, or log(sum) and
 * two differences.  What is too small for a float is off by MATH_ULPS denormals. */
static double rounded(double t)
{
    return bound_gamma(fmin(fabs(t), 1024) + 2 * MATH_ULPS); /* by then exp(t) is 0 */
}

static void row_bound(const struct node *n, int64_t first, int64_t len, int64_t step,
                      const struct bounds *b)
{
    const float *x = (const float *)b->in[0] + first;
    const double tiny = 4 * MATH_ULPS * ROUNDING_UNIT * (double)FLT_MIN;
    double max = (double)x[0], sum = 0, off = 0;

    for (int64_t i = 0; i < len; i++)
        max = (double)x[i * step] > max ? (double)x[i * step] : max;
    for (int64_t i = 0; i < len; i++) {
        const double t = (double)x[i * step] - max;

        sum += exp(t);
        off += exp(t) * rounded(t) + tiny;
    }
    off = off / sum / (1 - off / sum);
    for (int64_t i = 0; i < len; i++) {
        const double t = (double)x[i * step] - max, y = is_log(n) ? t - log(sum) : exp(t) / sum;
        const double most = is_log(n)
            ? off * (1 + bound_gamma(2)) + bound_gamma(2) * (fabs(t) + fabs(log(sum)) + fabs(y))
            : y * (rounded(t) + off + bound_gamma(3)) * (1 + rounded(t) + off) + tiny;

        bound_set(b, first + i * step, y, most);
    }
}

static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    struct resc_softmax p = { 0 };

    (void)k;
    fill(n, &p);
    for (ptrdiff_t i = 0; i < p.outer && p.len > 0; i++)
        for (ptrdiff_t j = 0; j < p.inner; j++)
            row_bound(n, i * p.len * p.inner + j, p.len, p.inner, b);
    return true;
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
        .parse = parser, .infer = infer, .eval = eval, .bound = bound, .params = &params, \
        .print = print, \
        .kernels = rows, .n_kernels = COUNT(rows), \
    };
SOFTMAX(softmax_6, "Softmax", 6, 12, parse_6, kernels)
SOFTMAX(softmax, "Softmax", 13, OPSET_MAX, parse, kernels)
SOFTMAX(log_softmax_6, "LogSoftmax", 6, 12, parse_6, log_kernels)
SOFTMAX(log_softmax, "LogSoftmax", 13, OPSET_MAX, parse, log_kernels)
