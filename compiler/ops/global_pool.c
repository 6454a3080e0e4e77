// SPDX-License-Identifier: Apache-2.0
/* global_pool - GlobalAveragePool and GlobalMaxPool over any number of spatial dimensions. */
#include "ops/common.h"
#include "ops/window.h"

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const struct shape *x = &n->in[0]->shape;
    struct shape y = *x;

    (void)g;
    if (!need_type(n, 0, DT_F32, d) || !need_rank(n, 0, 3, MAX_RANK, d))
        return false;
    for (int i = 2; i < x->rank; i++) {
        char text[SHAPE_TEXT_MAX];

        if (x->dim[i] == 0)
            return node_error(d, n, "input %s has nothing to pool",
                              shape_text(x, text));
        y.dim[i] = 1;
    }
    return set_output(n, 0, DT_F32, y, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_global_pool *p = params;
    const struct shape *x = &n->in[0]->shape;

    p->planes = (int)(x->dim[0] * x->dim[1]);
    p->len = (ptrdiff_t)shape_product(x, 2, x->rank);
}

static const struct field fields[] = {
    PARAM_INT(resc_global_pool, planes), PARAM_SIZE(resc_global_pool, len),
    PARAM_INT(resc_global_pool, h), PARAM_INT(resc_global_pool, w),
    PARAM_HALO(resc_global_pool, x_halo), PARAM_HALO(resc_global_pool, y_halo),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    struct resc_global_pool *p = params;
    const struct shape *x = &n->in[0]->shape;
    int64_t hw[2];

    window_spatial(x, hw);
    p->planes = (int)(x->dim[0] * resc_c16_blocks((ptrdiff_t)x->dim[1]));
    p->h = (int)hw[0], p->w = (int)hw[1];
    p->x_halo = in[0]->halo;
    p->y_halo = out->halo;
}

static bool blocks(const struct node *n)
{
    return layout_can_block(n->in[0]) && layout_can_block(n->out[0]);
}

static const struct params params = {
    "resc_global_pool", sizeof(struct resc_global_pool), fields, COUNT(fields), fill, place,
};

static void eval_max(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_global_pool p = { 0 };

    fill(n, &p);
    resc_global_maxpool_f32(&p, in[0], out[0]);
}

static void eval_average(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_global_pool p = { 0 };

    fill(n, &p);
    resc_global_avgpool_f32(&p, in[0], out[0]);
}

/* Of an average: its sum, and the division.  The kernel that is not in blocks adds up in double
 * precision. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const struct shape *x = &n->in[0]->shape;
    const double terms = (double)shape_product(x, 2, x->rank) + 1.0;

    return bound_sum(n, NULL, k->family == FAMILY_REF ? bound_in_double(terms) : terms, b);
}

static const struct kernel max_kernels[] = {
    { .fn = "resc_global_maxpool_f32_c16", .file = "global_maxpool_f32_c16.c",
      .family = FAMILY_NATIVE, .match = blocks, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_global_maxpool_f32", .file = "global_maxpool_f32.c" },
};

const struct op op_global_max_pool = {
    .name = "GlobalMaxPool", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .infer = infer, .eval = eval_max, .params = &params,
    .kernels = max_kernels, .n_kernels = COUNT(max_kernels),
};

static const struct kernel average_kernels[] = {
    { .fn = "resc_global_avgpool_f32_c16", .file = "global_avgpool_f32_c16.c",
      .family = FAMILY_NATIVE, .match = blocks, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_global_avgpool_f32", .file = "global_avgpool_f32.c" },
};

const struct op op_global_average_pool = {
    .name = "GlobalAveragePool", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .infer = infer, .eval = eval_average, .bound = bound, .params = &params,
    .kernels = average_kernels, .n_kernels = COUNT(average_kernels),
};
