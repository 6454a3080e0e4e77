// SPDX-License-Identifier: Apache-2.0
/* subject_product - the shapes that Gemm and MatMul are checked with. */
#include "subjects.h"

#include "ops/common.h"
#include "ops/gemm.h"

typedef struct value *input_fn(struct graph *g, const char *name, struct shape s);

enum c_form { C_FULL, C_ROW, C_COLUMN, C_SCALAR, C_LIST, N_C_FORMS };

struct gemm_case {
    int m, n, k, trans_a, trans_b;
    float alpha, beta;
    enum c_form c;
};

static const struct gemm_case gemm_cases[] = {
    { 1, 1, 1, 0, 0, 1.0f, 1.0f, C_FULL },
    { 3, 5, 4, 0, 0, 1.0f, 1.0f, C_LIST },
    { 3, 5, 4, 1, 0, 0.5f, 2.0f, C_FULL },
    { 3, 5, 4, 0, 1, 2.0f, -0.5f, C_ROW },
    { 3, 5, 4, 1, 1, -1.0f, 1.0f, C_COLUMN },
    { 17, 33, 65, 0, 1, 1.0f, 0.0f, C_SCALAR },
    { 1, 40, 100, 0, 1, 1.0f, 1.0f, C_LIST }, /* a product with a vector, every way round */
    { 1, 40, 100, 0, 0, 2.0f, 0.5f, C_LIST },
    { 1, 40, 100, 1, 1, 2.0f, 1.0f, C_FULL },
    { 1, 40, 100, 1, 0, 1.0f, 1.0f, C_SCALAR },
    { 40, 1, 100, 0, 0, 1.0f, 1.0f, C_FULL },
    { 40, 1, 100, 0, 1, 0.5f, 1.0f, C_LIST },
    { 40, 1, 100, 1, 0, 1.0f, 2.0f, C_COLUMN },
    { 40, 1, 100, 1, 1, 1.0f, 1.0f, C_ROW },
    { 0, 3, 4, 0, 0, 1.0f, 1.0f, C_LIST },    /* nothing to do, or to add up */
    { 3, 0, 4, 0, 0, 1.0f, 1.0f, C_LIST },
    { 3, 4, 0, 0, 1, 1.0f, 2.0f, C_LIST },
    /* timing */
    { 1, 1000, 2048, 0, 1, 1.0f, 1.0f, C_LIST },
    { 1, 1000, 512, 0, 0, 1.0f, 1.0f, C_LIST },
    { 64, 512, 512, 0, 1, 1.0f, 1.0f, C_LIST },
};
enum { N_GEMM_BENCHES = 3, N_GEMM = COUNT(gemm_cases) };

static struct gemm_case random_gemm(struct rng *r)
{
    static const float factors[] = { 1.0f, 1.0f, 2.0f, -0.5f, 0.0f };

    return (struct gemm_case){
        rng_between(r, 1, 40), rng_between(r, 1, 40), rng_between(r, 1, 90),
        rng_between(r, 0, 1), rng_between(r, 0, 1),
        factors[rng_between(r, 0, 4)], factors[rng_between(r, 0, 4)],
        (enum c_form)rng_between(r, 0, N_C_FORMS - 1),
    };
}

static struct shape c_shape(const struct gemm_case *c)
{
    switch (c->c) {
    case C_FULL:
        return shape_of(c->m, c->n);
    case C_ROW:
        return shape_of(1, c->n);
    case C_COLUMN:
        return shape_of(c->m, 1);
    case C_LIST:
        return shape_of(c->n);
    default:
        return shape_scalar();
    }
}

static bool is_native(const struct kernel *aim)
{
    return aim && aim->family == FAMILY_NATIVE;
}

static struct node *build_gemm(struct graph *g, int shape, const struct kernel *aim, struct rng *r)
{
    struct gemm_case c = shape < N_GEMM ? gemm_cases[shape] : random_gemm(r);
    input_fn *const weights = shape < N_GEMM || is_native(aim) || rng_between(r, 0, 1)
                            ? subject_constant : subject_value;

    if (is_native(aim) && !rng_one_in(r, 8)) { /* as the last layer of a network */
        c.trans_a = 0;
        c.c = c.c == C_SCALAR ? C_SCALAR : C_LIST;
    }
    struct value *in[] = {
        subject_value(g, "a", c.trans_a ? shape_of(c.k, c.m) : shape_of(c.m, c.k)),
        weights(g, "b", c.trans_b ? shape_of(c.n, c.k) : shape_of(c.k, c.n)),
        weights(g, "c", c_shape(&c)),
    };
    struct value *out = subject_value(g, "y", shape_of(c.m, c.n));
    struct node *n = graph_append(g, &op_gemm, "gemm", 3, in, 1, &out);

    *ATTR(gemm_attr, n) = (struct gemm_attr){ c.alpha, c.beta, c.trans_a, c.trans_b };
    return n;
}

static double gemm_terms(const struct node *n)
{
    return (double)n->in[GEMM_A]->shape.dim[!ATTR(gemm_attr, n)->trans_a] + 2.0;
}

KERNEL_CALL(resc_gemm_f32_blas, in[0], in[1], in[2], y)
KERNEL_CALL(resc_gemm_f32_ref, in[0], in[1], in[2], y)
KERNEL_CALL(resc_gemm_f32_native, in[0], in[1], in[2], y)

static const struct kernel_call gemm_calls[] = {
    KERNEL_ROW(resc_gemm_f32_blas), KERNEL_ROW(resc_gemm_f32_ref),
    KERNEL_ROW(resc_gemm_f32_native),
};

const struct subject subject_gemm = {
    .op = &op_gemm, .build = build_gemm, .n_shapes = N_GEMM - N_GEMM_BENCHES,
    .n_benches = N_GEMM_BENCHES, .optional = 1u << GEMM_C, .terms = gemm_terms,
    .calls = gemm_calls, .n_calls = COUNT(gemm_calls),
};

struct mat_mul_case {
    int a_rank, b_rank;
    int a[4], b[4];
};

static const struct mat_mul_case mat_mul_cases[] = {
    { 2, 2, { 3, 4 }, { 4, 5 } },
    { 1, 1, { 7 }, { 7 } },
    { 1, 2, { 7 }, { 7, 3 } },
    { 2, 1, { 3, 7 }, { 7 } },
    { 1, 3, { 4 }, { 2, 4, 3 } },
    { 4, 1, { 2, 3, 5, 4 }, { 4 } },
    { 3, 2, { 5, 3, 4 }, { 4, 6 } },                   /* one B for all */
    { 2, 3, { 3, 4 }, { 5, 4, 6 } },                   /* one A for all */
    { 4, 4, { 2, 1, 3, 4 }, { 1, 3, 4, 2 } },          /* each repeats along the other */
    { 4, 3, { 2, 3, 5, 4 }, { 3, 4, 2 } },
    { 3, 4, { 1, 3, 4 }, { 2, 3, 4, 2 } },
    { 3, 3, { 0, 3, 4 }, { 1, 4, 2 } },
    { 2, 2, { 3, 0 }, { 0, 2 } },
    { 3, 3, { 12, 64, 32 }, { 12, 32, 64 } },          /* timing */
};
enum { N_MAT_MUL = COUNT(mat_mul_cases) };

static struct mat_mul_case random_mat_mul(struct rng *r)
{
    const int k = rng_between(r, 1, 20), batch = rng_between(r, 1, 3);
    const int a_one = rng_between(r, 0, 1), b_one = rng_between(r, 0, 1);

    return (struct mat_mul_case){
        3, rng_between(r, 0, 2) ? 2 : 3, { a_one ? 1 : batch, rng_between(r, 1, 20), k },
        { b_one ? 1 : batch, k, rng_between(r, 1, 20) },
    };
}

static struct shape list_shape(int rank, const int *dim)
{
    struct shape s = { .rank = rank };

    for (int i = 0; i < rank; i++)
        s.dim[i] = dim[i];
    return s;
}

/* infer() gives the result's shape. */
static struct node *build_mat_mul(struct graph *g, int shape, const struct kernel *aim,
                                  struct rng *r)
{
    const struct mat_mul_case c = shape < N_MAT_MUL ? mat_mul_cases[shape] : random_mat_mul(r);
    input_fn *const weights = shape < N_MAT_MUL || is_native(aim) || rng_between(r, 0, 1)
                            ? subject_constant : subject_value;
    const int skip = 3 - c.b_rank > 0 && shape >= N_MAT_MUL ? 1 : 0; /* random, of rank 2 */
    struct value *in[] = {
        subject_value(g, "a", list_shape(c.a_rank, c.a)),
        weights(g, "b", list_shape(c.b_rank, c.b + skip)),
    };
    struct value *out = subject_value(g, "y", shape_scalar());
    struct node *n = graph_append(g, &op_mat_mul, "matmul", 2, in, 1, &out);

    op_mat_mul.infer(g, n, NULL);
    return n;
}

static double mat_mul_terms(const struct node *n)
{
    return (double)n->in[0]->shape.dim[n->in[0]->shape.rank - 1];
}

KERNEL_CALL(resc_matmul_f32_blas, in[0], in[1], y)
KERNEL_CALL(resc_matmul_f32_ref, in[0], in[1], y)
KERNEL_CALL(resc_matmul_f32_native, in[0], in[1], y)

static const struct kernel_call mat_mul_calls[] = {
    KERNEL_ROW(resc_matmul_f32_blas), KERNEL_ROW(resc_matmul_f32_ref),
    KERNEL_ROW(resc_matmul_f32_native),
};

const struct subject subject_mat_mul = {
    .op = &op_mat_mul, .build = build_mat_mul, .n_shapes = N_MAT_MUL - 1, .n_benches = 1,
    .terms = mat_mul_terms, .calls = mat_mul_calls, .n_calls = COUNT(mat_mul_calls),
};
