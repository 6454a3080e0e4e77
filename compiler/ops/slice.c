// SPDX-License-Identifier: Apache-2.0
/* slice - Slice with its ranges as attributes (opset 6) and as inputs (opset 10). */
#include "ops/slice.h"

#include "ops/move.h"

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct slice_attr *a = n->attr;

    a->n_starts = attr_ints(attrs, "starts", a->starts, MAX_RANK);
    a->n_ends = attr_ints(attrs, "ends", a->ends, MAX_RANK);
    a->n_axes = attr_ints(attrs, "axes", a->axes, MAX_RANK);
    return true;
}

static int64_t clamp(int64_t v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

/* Counts what start:end:step takes of `dim` elements, the ONNX way: negative
 * positions count from the end, then both are clamped. */
static int64_t take(int64_t *start, int64_t end, int64_t step, int64_t dim)
{
    const int64_t lo = step < 0 ? -1 : 0, hi = step < 0 ? dim - 1 : dim;
    const int64_t first = clamp(*start < 0 ? *start + dim : *start, 0, hi < 0 ? 0 : hi);
    const int64_t last = clamp(end < 0 ? end + dim : end, lo, hi);
    const int64_t span = step < 0 ? first - last : last - first;
    const uint64_t size = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;

    *start = first;
    return span <= 0 || dim == 0 ? 0 : (int64_t)((uint64_t)(span - 1) / size) + 1;
}

static bool infer_ranges(struct node *n, struct diag *d)
{
    struct slice_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct slice_attr all = { .n_starts = x->rank, .n_steps = x->rank };
    struct shape s = *x;
    bool named[MAX_RANK];

    if (a->n_ends != a->n_starts || (a->n_axes && a->n_axes != a->n_starts) ||
        (a->n_steps && a->n_steps != a->n_starts))
        return node_error(d, n, "%d starts, %d ends, %d axes and %d steps: expected equally many",
                          a->n_starts, a->n_ends, a->n_axes, a->n_steps);
    for (int i = 0; a->n_axes == 0 && i < a->n_starts; i++)
        a->axes[i] = i;
    if (!need_axes(n, a->axes, a->n_starts, x->rank, named, d))
        return false;
    for (int i = 0; i < x->rank; i++)
        all.steps[i] = 1;
    for (int i = 0; i < a->n_starts; i++) {
        const int axis = (int)(a->axes[i] < 0 ? a->axes[i] + x->rank : a->axes[i]);
        const int64_t step = a->n_steps ? a->steps[i] : 1;

        if (step == 0)
            return node_error(d, n, "the step along axis %d is 0", axis);
        all.starts[axis] = a->starts[i];
        s.dim[axis] = take(&all.starts[axis], a->ends[i], step, x->dim[axis]);
        /* A step that is never made may be too long to count with. */
        all.steps[axis] = s.dim[axis] > 1 ? step : 1;
    }
    *a = all;
    return set_output(n, 0, n->in[0]->type, s, d);
}

static bool infer_6(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    if (!need_movable(n, 0, d) || !infer_ranges(n, d))
        return false;
    n->op = &op_slice;
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct slice_attr *a = n->attr;

    if (!need_movable(n, 0, d))
        return false;
    a->n_starts = need_ints(g, n, 1, a->starts, MAX_RANK, d);
    a->n_ends = need_ints(g, n, 2, a->ends, MAX_RANK, d);
    if (node_in(n, 3))
        a->n_axes = need_ints(g, n, 3, a->axes, MAX_RANK, d);
    if (node_in(n, 4))
        a->n_steps = need_ints(g, n, 4, a->steps, MAX_RANK, d);
    if (a->n_starts < 0 || a->n_ends < 0 || a->n_axes < 0 || a->n_steps < 0 ||
        !infer_ranges(n, d))
        return false;
    node_drop_inputs(g, n, 1);
    return true;
}

static void fill(const struct node *n, void *params)
{
    const struct slice_attr *a = n->attr;
    int64_t stride[MAX_RANK], step[MAX_RANK], first = 0;

    shape_strides(&n->in[0]->shape, stride);
    for (int i = 0; i < n->out[0]->shape.rank; i++) {
        first += a->starts[i] * stride[i];
        step[i] = a->steps[i] * stride[i];
    }
    copy_nd_fill(params, n, first, step);
}

static const struct params params = {
    "resc_copy_nd", sizeof(struct resc_copy_nd), copy_nd_fields, N_COPY_ND_FIELDS, fill, NULL,
};

static void print(const struct node *n, FILE *out)
{
    const struct slice_attr *a = n->attr;

    print_ints(out, "starts", a->starts, a->n_starts);
    print_ints(out, "steps", a->steps, a->n_steps);
}

const struct op op_slice_6 = {
    .name = "Slice", .since = 6, .until = 9,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct slice_attr),
    .parse = parse_6, .infer = infer_6, .eval = copy_nd_eval, .params = &params, .print = print,
    .kernels = copy_nd_kernels, .n_kernels = 1,
};

const struct op op_slice = {
    .name = "Slice", .since = 10, .until = OPSET_MAX,
    .min_in = 3, .max_in = 5, .n_kernel_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct slice_attr),
    .infer = infer, .eval = copy_nd_eval, .params = &params, .print = print,
    .kernels = copy_nd_kernels, .n_kernels = 1,
};
