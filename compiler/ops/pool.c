// SPDX-License-Identifier: Apache-2.0
/* pool - MaxPool and AveragePool in one and two dimensions. */
#include "ops/pool.h"

#include "ops/common.h"

#include <inttypes.h>

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct pool_attr *a = n->attr;
    const bool average = n->op == &op_average_pool;
    const int64_t order = average ? 0 : attr_int(attrs, "storage_order", 0);

    if (order != 0 && order != 1)
        return node_error(attrs->diag, n, "storage_order=%" PRId64 ": expected 0 or 1", order);
    a->by_columns = order == 1;
    if (average)
        a->count_include_pad = attr_int(attrs, "count_include_pad", 0) != 0;
    if (!window_parse(&a->win, attrs, true))
        return false;
    if (a->win.kernel[0] == 0 && !attrs->bad)
        return node_error(attrs->diag, n, "attribute 'kernel_shape' is missing");
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct pool_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    int64_t out[2];

    (void)g;
    if (n->n_out > 1 && !n->out[1])
        n->n_out = 1; /* one output and two are different kernels */
    return need_type(n, 0, DT_F32, d) && window_infer(&a->win, n, x, out, d) &&
           set_output(n, 0, DT_F32, window_output(x, x->dim[1], out), d) &&
           set_output(n, 1, DT_I64, window_output(x, x->dim[1], out), d);
}

static bool has_indices(const struct node *n)
{
    return n->n_out > 1;
}

static void fill(const struct node *n, void *params)
{
    struct resc_pool2d *p = params;
    const struct pool_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    int64_t in[2], out[2];

    window_spatial(x, in);
    window_spatial(&n->out[0]->shape, out);
    p->planes = (int)(x->dim[0] * x->dim[1]);
    p->ih = (int)in[0], p->iw = (int)in[1];
    p->oh = (int)out[0], p->ow = (int)out[1];
    p->kh = (int)a->win.kernel[0], p->kw = (int)a->win.kernel[1];
    p->sh = (int)a->win.stride[0], p->sw = (int)a->win.stride[1];
    p->dh = (int)a->win.dilation[0], p->dw = (int)a->win.dilation[1];
    p->pt = (int)a->win.pad[0], p->pl = (int)a->win.pad[1];
    p->pb = (int)a->win.pad[2], p->pr = (int)a->win.pad[3];
    p->count_pad = a->count_include_pad;
    p->by_columns = a->by_columns && has_indices(n);
}

static const struct field fields[] = {
    PARAM_INT(resc_pool2d, planes), PARAM_INT(resc_pool2d, ih), PARAM_INT(resc_pool2d, iw),
    PARAM_INT(resc_pool2d, oh), PARAM_INT(resc_pool2d, ow), PARAM_INT(resc_pool2d, kh),
    PARAM_INT(resc_pool2d, kw), PARAM_INT(resc_pool2d, sh), PARAM_INT(resc_pool2d, sw),
    PARAM_INT(resc_pool2d, dh), PARAM_INT(resc_pool2d, dw), PARAM_INT(resc_pool2d, pt),
    PARAM_INT(resc_pool2d, pl), PARAM_INT(resc_pool2d, pb), PARAM_INT(resc_pool2d, pr),
    PARAM_INT(resc_pool2d, count_pad), PARAM_INT(resc_pool2d, by_columns),
    PARAM_HALO(resc_pool2d, x_halo), PARAM_HALO(resc_pool2d, y_halo),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    struct resc_pool2d *p = params;
    const struct shape *x = &n->in[0]->shape;

    p->planes = (int)(x->dim[0] * resc_c16_blocks((ptrdiff_t)x->dim[1]));
    p->x_halo = in[0]->halo;
    p->y_halo = out->halo;
}

static const struct params params = {
    "resc_pool2d", sizeof(struct resc_pool2d), fields, COUNT(fields), fill, place,
};

static void eval_max(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_pool2d p = { 0 };

    fill(n, &p);
    if (has_indices(n))
        resc_maxpool2d_f32_indices(&p, in[0], out[0], out[1]);
    else
        resc_maxpool2d_f32_ref(&p, in[0], out[0]);
}

static void eval_average(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_pool2d p = { 0 };

    fill(n, &p);
    resc_avgpool2d_f32_ref(&p, in[0], out[0]);
}

/* Of an average: its sum, and the division.  The definition adds up in double precision. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const struct window *w = &ATTR(pool_attr, n)->win;
    const double terms = (double)w->kernel[0] * (double)w->kernel[1] + 1.0;

    return bound_sum(n, NULL, k->family == FAMILY_REF ? bound_in_double(terms) : terms, b);
}

static void print(const struct node *n, FILE *out)
{
    const struct pool_attr *a = n->attr;

    window_print(&a->win, out);
    if (a->count_include_pad)
        fprintf(out, " count_include_pad");
}

static bool has_no_indices(const struct node *n)
{
    return !has_indices(n);
}

static bool is_narrow(const struct node *n)
{
    const struct window *w = &ATTR(pool_attr, n)->win;

    return !has_indices(n) && (w->kernel[1] - 1) * w->dilation[1] < RESC_MAXPOOL_REACH;
}

/* Each window along one dimension has a tap inside of x. */
static bool all_reach(const struct node *n, int d, int64_t in, int64_t out)
{
    const struct window *w = &ATTR(pool_attr, n)->win;

    for (int64_t i = 0; i < out; i++) {
        int64_t at = i * w->stride[d] - w->pad[d];

        for (int64_t k = 1; k < w->kernel[d] && at < 0; k++)
            at += w->dilation[d];
        if (at < 0 || at >= in)
            return false;
    }
    return true;
}

/* A maximum of nothing is -inf, which lanes beyond the channels must not be. */
static bool blocks(const struct node *n)
{
    int64_t in[2], out[2];

    if (has_indices(n) || !layout_can_block(n->in[0]) || !layout_can_block(n->out[0]))
        return false;
    window_spatial(&n->in[0]->shape, in);
    window_spatial(&n->out[0]->shape, out);
    return n->in[0]->shape.dim[1] % RESC_LANES == 0 ||
           (all_reach(n, 0, in[0], out[0]) && all_reach(n, 1, in[1], out[1]));
}

static const struct kernel max_kernels[] = {
    { .fn = "resc_maxpool2d_f32_c16", .file = "maxpool2d_f32_c16.c", .family = FAMILY_NATIVE,
      .match = blocks, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_maxpool2d_f32_indices", .file = "maxpool2d_f32_indices.c",
      .family = FAMILY_REF, .match = has_indices, .brief = "with indices" },
    { .fn = "resc_maxpool2d_f32_rows", .file = "maxpool2d_f32_rows.c", .family = FAMILY_BLAS,
      .match = is_narrow },
    { .fn = "resc_maxpool2d_f32_ref", .file = "maxpool2d_f32_ref.c", .family = FAMILY_REF,
      .match = has_no_indices },
};

static double eval_work(const struct node *n)
{
    const struct window *w = &ATTR(pool_attr, n)->win;

    return (double)shape_len(&n->out[0]->shape) * (double)w->kernel[0] * (double)w->kernel[1];
}

const struct op op_max_pool = {
    .name = "MaxPool", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 2, .attr_size = sizeof(struct pool_attr),
    .parse = parse, .infer = infer, .eval = eval_max, .eval_work = eval_work, .params = &params,
    .print = print,
    .kernels = max_kernels, .n_kernels = COUNT(max_kernels),
};

static const struct kernel average_kernels[] = {
    { .fn = "resc_avgpool2d_f32_c16", .file = "avgpool2d_f32_c16.c", .family = FAMILY_NATIVE,
      .match = blocks, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_avgpool2d_f32_rows", .file = "avgpool2d_f32_rows.c", .family = FAMILY_BLAS },
    { .fn = "resc_avgpool2d_f32_ref", .file = "avgpool2d_f32_ref.c", .family = FAMILY_REF },
};

const struct op op_average_pool = {
    .name = "AveragePool", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, .attr_size = sizeof(struct pool_attr),
    .parse = parse, .infer = infer, .eval = eval_average, .bound = bound, .eval_work = eval_work,
    .params = &params, .print = print,
    .kernels = average_kernels, .n_kernels = COUNT(average_kernels),
};
