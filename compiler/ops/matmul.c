// SPDX-License-Identifier: Apache-2.0
/* matmul - MatMul, which is numpy's: the last two dimensions are matrices, the
 * others are broadcast; a 1-D operand is a row on the left, a column on the
 * right, and its dimension is missing from the result. */
#include "base/arena.h"
#include "ops/common.h"

enum { A, B };

/* Both operands with at least two dimensions. */
static void matrices(const struct node *n, struct shape *a, struct shape *b)
{
    *a = n->in[A]->shape;
    *b = n->in[B]->shape;
    if (a->rank == 1)
        *a = shape_of(1, a->dim[0]);
    if (b->rank == 1)
        *b = shape_of(b->dim[0], 1);
}

static struct shape batch_of(const struct shape *s)
{
    return shape_from((size_t)s->rank - 2, s->dim);
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    char at[SHAPE_TEXT_MAX], bt[SHAPE_TEXT_MAX];
    struct shape a, b, y;

    (void)g;
    for (int i = A; i <= B; i++)
        if (!need_type(n, i, DT_F32, d) || !need_rank(n, i, 1, MAX_RANK, d))
            return false;
    matrices(n, &a, &b);
    const struct shape batch_a = batch_of(&a), batch_b = batch_of(&b);

    if (a.dim[a.rank - 1] != b.dim[b.rank - 2])
        return node_error(d, n, "cannot multiply %s by %s: the inner dimensions differ",
                          shape_text(&n->in[A]->shape, at), shape_text(&n->in[B]->shape, bt));
    if (!shape_broadcast(&batch_a, &batch_b, &y))
        return node_error(d, n, "cannot multiply %s by %s: the outer dimensions do not broadcast",
                          shape_text(&n->in[A]->shape, at), shape_text(&n->in[B]->shape, bt));
    if (n->in[A]->shape.rank > 1)
        y.dim[y.rank++] = a.dim[a.rank - 2];
    if (n->in[B]->shape.rank > 1)
        y.dim[y.rank++] = b.dim[b.rank - 1];
    return set_output(n, 0, DT_F32, y, d);
}

/* Strides of the batch in elements, where `matrix` is the length of one matrix. */
static void batch_strides(const struct shape *s, const struct shape *batch, int64_t matrix,
                          ptrdiff_t *stride)
{
    const struct shape own = batch_of(s);
    int64_t v[MAX_RANK];

    shape_broadcast_strides(&own, batch, v);
    for (int i = 0; i < batch->rank; i++)
        stride[i] = (ptrdiff_t)(v[i] * matrix);
}

static void fill(const struct node *n, void *params)
{
    struct resc_matmul *p = params;
    struct shape a, b, batch;

    matrices(n, &a, &b);
    const struct shape batch_a = batch_of(&a), batch_b = batch_of(&b);
    const int64_t m = a.dim[a.rank - 2], k = a.dim[a.rank - 1], cols = b.dim[b.rank - 1];

    p->k = (int)k;
    p->n = (int)cols;
    if (shape_product(&batch_b, 0, batch_b.rank) == 1 && batch_a.rank >= batch_b.rank) {
        /* One B for all of A: one product of a taller A. */
        p->m = (int)(shape_product(&batch_a, 0, batch_a.rank) * m);
        return;
    }
    p->m = (int)m;
    shape_broadcast(&batch_a, &batch_b, &batch);
    p->rank = batch.rank;
    for (int i = 0; i < batch.rank; i++)
        p->dim[i] = (ptrdiff_t)batch.dim[i];
    batch_strides(&a, &batch, m * k, p->a_stride);
    batch_strides(&b, &batch, k * cols, p->b_stride);
}

static const struct field fields[] = {
    PARAM_INT(resc_matmul, m), PARAM_INT(resc_matmul, n), PARAM_INT(resc_matmul, k),
    PARAM_INT(resc_matmul, rank), PARAM_SIZES(resc_matmul, dim),
    PARAM_SIZES(resc_matmul, a_stride),
    PARAM_SIZES(resc_matmul, b_stride),
};

static const struct params params = {
    "resc_matmul", sizeof(struct resc_matmul), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_matmul p = { 0 };

    fill(n, &p);
    resc_matmul_f32_ref(&p, in[A], in[B], out[0]);
}

static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const struct shape *a = &n->in[A]->shape;
    const double terms = (double)a->dim[a->rank - 1];

    return bound_sum(n, NULL, k->family == FAMILY_REF ? bound_in_double(terms) : terms, b);
}

static double macs(const struct node *n)
{
    const struct shape *a = &n->in[A]->shape;

    return (double)shape_len(&n->out[0]->shape) * (double)a->dim[a->rank - 1];
}

/* One constant matrix for all of A, and columns enough for a block. */
static bool packs(const struct node *n)
{
    struct resc_matmul p = { 0 };

    fill(n, &p);
    return p.rank == 0 && p.k > 0 && p.n > 1 && n->in[B]->data && !n->in[A]->data;
}

static void pack(struct graph *g, const struct node *n, struct value **in)
{
    const float *b = in[B]->data;
    struct resc_matmul p = { 0 };

    fill(n, &p);
    const struct shape s = shape_of(resc_c16_blocks(p.n), p.k, RESC_LANES);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));

    for (int64_t k = 0; k < p.k; k++)
        for (int64_t j = 0; j < p.n; j++)
            to[(j / RESC_LANES * p.k + k) * RESC_LANES + j % RESC_LANES] = b[k * p.n + j];
    in[B] = graph_add_constant(g, in[B]->name, DT_F32, s, to);
}

static double packed_work(const struct node *n)
{
    struct resc_matmul p = { 0 };

    fill(n, &p);
    return (double)p.m * (double)p.k * (double)(resc_c16_blocks(p.n) * RESC_LANES);
}

static const struct kernel kernels[] = {
    { .fn = "resc_matmul_f32_native", .file = "matmul_f32_native.c", .family = FAMILY_NATIVE,
      .match = packs, .brief = "packed", .pack = pack, .work = packed_work },
    { .fn = "resc_matmul_f32_blas", .file = "matmul_f32_blas.c", .family = FAMILY_BLAS,
      .brief = "BLAS" },
    { .fn = "resc_matmul_f32_ref", .file = "matmul_f32_ref.c", .family = FAMILY_REF },
};

const struct op op_mat_mul = {
    .name = "MatMul", .since = 6, .until = OPSET_MAX,
    .min_in = 2, .max_in = 2, .min_out = 1, .max_out = 1, .flags = OP_WEIGHTS | OP_AFFINE,
    .infer = infer, .eval = eval, .bound = bound, .params = &params, .macs = macs,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
