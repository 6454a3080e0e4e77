// SPDX-License-Identifier: Apache-2.0
/* reorder - the same elements in another layout.  The plan puts it between
 * kernels; which way it goes is in its row. */
#include "ops/move.h"
#include "ops/window.h"

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    return need_type(n, 0, DT_F32, d) && need_rank(n, 0, 3, 4, d) &&
           set_output(n, 0, DT_F32, n->in[0]->shape, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_reorder *p = params;
    const struct shape *x = &n->in[0]->shape;
    int64_t hw[2];

    window_spatial(x, hw);
    p->n = (int)x->dim[0], p->c = (int)x->dim[1];
    p->h = (int)hw[0], p->w = (int)hw[1];
}

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    struct resc_reorder *p = params;

    (void)n;
    if (in[0]->kind == LAYOUT_C16)
        p->x_halo = in[0]->halo;
    if (out->kind == LAYOUT_C16)
        p->y_halo = out->halo;
}

static const struct field fields[] = {
    PARAM_INT(resc_reorder, n), PARAM_INT(resc_reorder, c), PARAM_INT(resc_reorder, h),
    PARAM_INT(resc_reorder, w), PARAM_HALO(resc_reorder, x_halo), PARAM_HALO(resc_reorder, y_halo),
};

static const struct params params = {
    "resc_reorder", sizeof(struct resc_reorder), fields, COUNT(fields), fill, place,
};

static const struct kernel kernels[] = {
    { .fn = "resc_reorder_f32_to_c16", .file = "reorder_f32_to_c16.c", .family = FAMILY_NATIVE,
      .in = LAYOUT_NCHW, .out = LAYOUT_C16, .brief = "into blocks of 16 channels" },
    { .fn = "resc_reorder_f32_from_c16", .file = "reorder_f32_from_c16.c",
      .family = FAMILY_NATIVE, .in = LAYOUT_C16, .out = LAYOUT_NCHW,
      .brief = "out of blocks of 16 channels" },
};

const struct op op_reorder = {
    .name = "Reorder", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, .flags = OP_INTERNAL,
    .infer = infer, .eval = copy_eval, .params = &params,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
