// SPDX-License-Identifier: Apache-2.0
/* gemm - Gemm. */
#include "ops/gemm.h"

#include "base/arena.h"
#include "ops/common.h"

#include <math.h>

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct gemm_attr *a = n->attr;

    a->alpha = attr_float(attrs, "alpha", 1.0f);
    a->beta = attr_float(attrs, "beta", 1.0f);
    a->trans_a = attr_int(attrs, "transA", 0) != 0;
    a->trans_b = attr_int(attrs, "transB", 0) != 0;
    if (attrs->opset < 7)
        attr_ignore(attrs, "broadcast"); /* later versions broadcast without being told */
    return true;
}

static void sizes(const struct node *n, int64_t *m, int64_t *k, int64_t *n_cols)
{
    const struct gemm_attr *at = n->attr;
    const struct shape *a = &n->in[GEMM_A]->shape, *b = &n->in[GEMM_B]->shape;

    *m = a->dim[at->trans_a];
    *k = a->dim[!at->trans_a];
    *n_cols = b->dim[!at->trans_b];
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const struct gemm_attr *a = n->attr;
    char at[SHAPE_TEXT_MAX], bt[SHAPE_TEXT_MAX];
    int64_t m, k, n_cols;
    struct shape y, fitted;

    (void)g;
    if (!need_types(n, DT_F32, d))
        return false;
    if (!need_rank(n, GEMM_A, 2, 2, d) || !need_rank(n, GEMM_B, 2, 2, d))
        return false;
    sizes(n, &m, &k, &n_cols);
    if (n->in[GEMM_B]->shape.dim[a->trans_b] != k)
        return node_error(d, n, "cannot multiply %s%s by %s%s: the inner dimensions differ",
                          shape_text(&n->in[GEMM_A]->shape, at), a->trans_a ? " transposed" : "",
                          shape_text(&n->in[GEMM_B]->shape, bt), a->trans_b ? " transposed" : "");
    y = shape_of(m, n_cols);
    if (node_in(n, GEMM_C) &&
        (!shape_broadcast(&n->in[GEMM_C]->shape, &y, &fitted) || !shape_equal(&fitted, &y)))
        return node_error(d, n, "C %s does not broadcast to the product's %s",
                          shape_text(&n->in[GEMM_C]->shape, at), shape_text(&y, bt));
    return set_output(n, 0, DT_F32, y, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_gemm *p = params;
    const struct gemm_attr *a = n->attr;
    int64_t m, k, n_cols, stride[MAX_RANK];

    sizes(n, &m, &k, &n_cols);
    p->m = (int)m, p->n = (int)n_cols, p->k = (int)k;
    p->trans_a = a->trans_a, p->trans_b = a->trans_b;
    p->alpha = a->alpha, p->beta = a->beta;
    if (node_in(n, GEMM_C)) {
        shape_broadcast_strides(&n->in[GEMM_C]->shape, &n->out[0]->shape, stride);
        p->c_row = (int)stride[0], p->c_col = (int)stride[1];
    }
    p->act = act_params(n);
}

static const struct field fields[] = {
    PARAM_INT(resc_gemm, m), PARAM_INT(resc_gemm, n), PARAM_INT(resc_gemm, k),
    PARAM_INT(resc_gemm, trans_a), PARAM_INT(resc_gemm, trans_b), PARAM_FLOAT(resc_gemm, alpha),
    PARAM_FLOAT(resc_gemm, beta), PARAM_INT(resc_gemm, c_row), PARAM_INT(resc_gemm, c_col),
    PARAM_ACT(resc_gemm, act),
};

static const struct params params = {
    "resc_gemm", sizeof(struct resc_gemm), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_gemm p = { 0 };

    fill(n, &p);
    resc_gemm_f32_ref(&p, in[GEMM_A], in[GEMM_B], node_in(n, GEMM_C) ? in[GEMM_C] : NULL, out[0]);
}

/* Besides products and sums: alpha, beta, and C. */
static bool bound(const struct node *n, const struct kernel *kernel, const struct bounds *b)
{
    struct gemm_attr positive = *ATTR(gemm_attr, n);
    int64_t m, k, n_cols;

    sizes(n, &m, &k, &n_cols);
    positive.alpha = fabsf(positive.alpha);
    positive.beta = fabsf(positive.beta);
    const double terms = (double)k + 2.0;

    return bound_sum(n, &positive, kernel->family == FAMILY_REF ? bound_in_double(terms) : terms,
                     b);
}

static double macs(const struct node *n)
{
    int64_t m, k, n_cols;

    sizes(n, &m, &k, &n_cols);
    return (double)m * (double)k * (double)n_cols;
}

static void print(const struct node *n, FILE *out)
{
    const struct gemm_attr *a = n->attr;

    if (a->alpha != 1.0f)
        fprintf(out, " alpha=%g", (double)a->alpha);
    if (a->beta != 1.0f)
        fprintf(out, " beta=%g", (double)a->beta);
    if (a->trans_a)
        fprintf(out, " transA");
    if (a->trans_b)
        fprintf(out, " transB");
}

static int64_t blocks_of(int64_t n_cols)
{
    return resc_c16_blocks((ptrdiff_t)n_cols);
}

static bool packs(const struct node *n)
{
    const struct value *c = node_in(n, GEMM_C);
    struct resc_gemm p = { 0 };

    fill(n, &p);
    return !p.trans_a && p.k > 0 && n->in[GEMM_B]->data && (!c || (c->data && p.c_row == 0));
}

/* B as resc_gemm_f32_native takes it, with alpha in it, and beta * C. */
static void pack(struct graph *g, const struct node *n, struct value **in)
{
    const float *b = in[GEMM_B]->data;
    struct resc_gemm p = { 0 };

    fill(n, &p);
    const struct shape s = shape_of(blocks_of(p.n), p.k, RESC_LANES);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));

    for (int64_t j = 0; j < p.n; j++)
        for (int64_t k = 0; k < p.k; k++)
            to[(j / RESC_LANES * p.k + k) * RESC_LANES + j % RESC_LANES] =
                p.alpha * (p.trans_b ? b[j * p.k + k] : b[k * p.n + j]);
    in[GEMM_B] = graph_add_constant(g, in[GEMM_B]->name, DT_F32, s, to);
    if (!node_in(n, GEMM_C))
        return;
    const float *c = in[GEMM_C]->data;
    const struct shape row = shape_of(blocks_of(p.n) * RESC_LANES);
    float *const bias = arena_new_n(g->arena, float, shape_len(&row));

    for (int64_t j = 0; j < p.n; j++)
        bias[j] = p.beta * c[j * p.c_col];
    in[GEMM_C] = graph_add_constant(g, in[GEMM_C]->name, DT_F32, row, bias);
}

static double packed_work(const struct node *n)
{
    int64_t m, k, n_cols;

    sizes(n, &m, &k, &n_cols);
    return (double)m * (double)k * (double)(blocks_of(n_cols) * RESC_LANES);
}

static const struct kernel kernels[] = {
    { .fn = "resc_gemm_f32_native", .file = "gemm_f32_native.c", .family = FAMILY_NATIVE,
      .match = packs, .brief = "packed", .pack = pack, .work = packed_work },
    { .fn = "resc_gemm_f32_blas", .file = "gemm_f32_blas.c", .family = FAMILY_BLAS,
      .brief = "BLAS" },
    { .fn = "resc_gemm_f32_ref", .file = "gemm_f32_ref.c", .family = FAMILY_REF },
};

const struct op op_gemm = {
    .name = "Gemm", .since = 6, .until = OPSET_MAX,
    .min_in = 2, .max_in = 3, .min_out = 1, .max_out = 1,
    .flags = OP_FUSES_ACT | OP_WEIGHTS | OP_AFFINE, .attr_size = sizeof(struct gemm_attr),
    .parse = parse, .infer = infer, .eval = eval, .bound = bound, .params = &params, .macs = macs,
    .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
