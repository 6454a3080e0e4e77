// SPDX-License-Identifier: Apache-2.0
/* subject_pool - the shapes that pooling is checked with. */
#include "subjects.h"

#include "ops/common.h"
#include "ops/pool.h"

#include <math.h>
#include <stdlib.h>

struct pool_case {
    int n, c, ih, iw, oh, ow, kh, kw, sh, sw, dh, dw, pt, pl, pb, pr;
};

static const struct pool_case cases[] = {
    /* n, c, ih, iw, oh, ow, kh, kw, sh, sw, dh, dw, pt, pl, pb, pr */
    { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 },
    { 2, 3, 8, 8, 4, 4, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0 },
    { 1, 4, 14, 14, 7, 7, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1 },
    { 1, 2, 9, 7, 9, 7, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
    { 1, 2, 9, 7, 4, 5, 3, 2, 2, 1, 1, 3, 0, 1, 1, 0 },      /* dilated, asymmetrical */
    { 1, 2, 5, 5, 3, 3, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0 },      /* ceil_mode: sticks out */
    { 1, 2, 4, 4, 2, 2, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0 },
    { 1, 1, 2, 2, 1, 1, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0 },
    { 1, 2, 2, 2, 6, 7, 1, 2, 1, 1, 1, 1, 2, 3, 2, 3 },      /* windows fully in the padding */
    { 1, 2, 3, 3, 2, 2, 2, 2, 4, 4, 1, 1, 2, 2, 2, 2 },
    { 1, 3, 1, 50, 1, 16, 1, 5, 1, 3, 1, 1, 0, 1, 0, 1 },    /* 1-D */
    { 1, 2, 3, 1200, 1, 399, 3, 5, 3, 3, 1, 1, 0, 1, 0, 1 }, /* a row in several parts */
    { 1, 1, 2, 900, 1, 301, 2, 2, 1, 1, 1, 599, 0, 0, 0, 0 },
    { 1, 1, 2, 900, 1, 389, 2, 2, 1, 1, 1, 511, 0, 0, 0, 0 },
    { 1, 5, 7, 7, 1, 1, 7, 7, 1, 1, 1, 1, 0, 0, 0, 0 },
    { 0, 3, 4, 4, 2, 2, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0 },
    /* timing */
    { 1, 64, 112, 112, 56, 56, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1 },
    { 1, 64, 56, 56, 28, 28, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0 },
    { 1, 192, 28, 28, 28, 28, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
};
enum { N_BENCHES = 3, N_CASES = COUNT(cases) };

static int out_size(int in, int begin, int end, int kernel, int stride, int dilation)
{
    const int slack = in + begin + end - (kernel - 1) * dilation - 1;

    return slack < 0 ? 0 : slack / stride + 1;
}

/* Many pixels of few channels, or the other way round. */
static struct pool_case random_case(struct rng *r)
{
    const bool wide = rng_between(r, 0, 1);
    struct pool_case c;

    do {
        c = (struct pool_case){ .n = rng_between(r, 1, 2), .c = rng_between(r, 1, wide ? 4 : 40) };
        c.ih = rng_between(r, 1, 14), c.iw = rng_between(r, 1, wide ? 60 : 15);
        c.kh = rng_between(r, 1, 4), c.kw = rng_between(r, 1, 6);
        c.sh = rng_between(r, 1, 3), c.sw = rng_between(r, 1, 3);
        c.dh = rng_between(r, 1, 2), c.dw = rng_between(r, 1, 3);
        c.pt = rng_between(r, 0, 3), c.pl = rng_between(r, 0, 4);
        c.pb = rng_between(r, 0, 3), c.pr = rng_between(r, 0, 4);
        c.oh = out_size(c.ih, c.pt, c.pb, c.kh, c.sh, c.dh);
        c.ow = out_size(c.iw, c.pl, c.pr, c.kw, c.sw, c.dw);
    } while (c.oh < 1 || c.ow < 1);
    if (rng_between(r, 0, 1)) /* as ceil_mode may */
        c.oh++, c.ow++;
    return c;
}

static struct node *build_pool(struct graph *g, const struct op *op, int shape, struct rng *r)
{
    const struct pool_case c = shape < N_CASES ? cases[shape] : random_case(r);
    struct value *in[] = { subject_value(g, "x", shape_of(c.n, c.c, c.ih, c.iw)) };
    struct value *out = subject_value(g, "y", shape_of(c.n, c.c, c.oh, c.ow));
    struct node *n = graph_append(g, op, "pool", 1, in, 1, &out);

    *ATTR(pool_attr, n) = (struct pool_attr){
        .win = { .spatial = 2, .kernel = { c.kh, c.kw }, .stride = { c.sh, c.sw },
                 .dilation = { c.dh, c.dw }, .pad = { c.pt, c.pl, c.pb, c.pr } },
        .count_include_pad = op == &op_average_pool && rng_between(r, 0, 1),
    };
    return n;
}

static struct node *build_max(struct graph *g, int shape, const struct kernel *aim,
                              struct rng *r)
{
    (void)aim;
    struct node *n = build_pool(g, &op_max_pool, shape, r);
    struct value *out[] = { n->out[0], subject_value(g, "indices", n->out[0]->shape) };

    if (shape < N_CASES || rng_between(r, 0, 2))
        return n;
    const struct pool_attr attr = *ATTR(pool_attr, n);

    out[0] = subject_value(g, "y", out[0]->shape);
    n = graph_append(g, &op_max_pool, "pool", 1, n->in, 2, out);
    *ATTR(pool_attr, n) = attr;
    ATTR(pool_attr, n)->by_columns = rng_between(r, 0, 1);
    return n;
}

static struct node *build_average(struct graph *g, int shape, const struct kernel *aim,
                                  struct rng *r)
{
    (void)aim;
    return build_pool(g, &op_average_pool, shape, r);
}

static double terms(const struct node *n)
{
    const struct window *w = &ATTR(pool_attr, n)->win;

    return (double)w->kernel[0] * (double)w->kernel[1];
}

static void define_max(const void *params, const float *const in[SUBJECT_INPUTS], float *y)
{
    resc_maxpool2d_f32_ref(params, in[0], y);
}

/* The element of x that `index` stands for. */
static float indexed(const struct resc_pool2d *p, const float *x, int64_t index)
{
    const int64_t area = (int64_t)p->ih * p->iw, plane = index / area, in = index % area;

    if (index < 0)
        return -INFINITY;
    return p->by_columns ? x[plane * area + in % p->ih * p->iw + in / p->ih] : x[index];
}

/* A wrong index shows as a wrong element of y. */
static void call_resc_maxpool2d_f32_indices(const void *params,
                                            const float *const in[SUBJECT_INPUTS], float *y,
                                            void *scratch)
{
    const struct resc_pool2d *p = params;
    const ptrdiff_t len = (ptrdiff_t)p->planes * p->oh * p->ow;
    int64_t *indices = malloc((size_t)len * sizeof(*indices) + 1);

    (void)scratch;
    if (!indices)
        abort();
    resc_maxpool2d_f32_indices(p, in[0], y, indices);
    for (ptrdiff_t i = 0; i < len; i++) {
        const float x = indexed(p, in[0], indices[i]);

        if (x != y[i] && !(isnan(x) && isnan(y[i])))
            y[i] = 12345.0f;
    }
    free(indices);
}

KERNEL_CALL(resc_maxpool2d_f32_rows, in[0], y)
KERNEL_CALL(resc_maxpool2d_f32_ref, in[0], y)
KERNEL_CALL(resc_maxpool2d_f32_c16, in[0], y)
KERNEL_CALL(resc_avgpool2d_f32_c16, in[0], y)
KERNEL_CALL(resc_avgpool2d_f32_rows, in[0], y)
KERNEL_CALL(resc_avgpool2d_f32_ref, in[0], y)

static const struct kernel_call max_calls[] = {
    { "resc_maxpool2d_f32_indices", call_resc_maxpool2d_f32_indices },
    { "resc_maxpool2d_f32_rows", call_resc_maxpool2d_f32_rows },
    KERNEL_ROW(resc_maxpool2d_f32_ref), KERNEL_ROW(resc_maxpool2d_f32_c16),
};

const struct subject subject_max_pool = {
    .op = &op_max_pool, .build = build_max, .n_shapes = N_CASES - N_BENCHES,
    .n_benches = N_BENCHES, .specials = true, .define = define_max,
    .calls = max_calls, .n_calls = COUNT(max_calls),
};

static const struct kernel_call average_calls[] = {
    { "resc_avgpool2d_f32_rows", call_resc_avgpool2d_f32_rows },
    KERNEL_ROW(resc_avgpool2d_f32_ref), KERNEL_ROW(resc_avgpool2d_f32_c16),
};

const struct subject subject_average_pool = {
    .op = &op_average_pool, .build = build_average, .n_shapes = N_CASES - N_BENCHES,
    .n_benches = N_BENCHES, .terms = terms,
    .calls = average_calls, .n_calls = COUNT(average_calls),
};

static const int global_cases[][3] = { /* n, c, len */
    { 1, 1, 1 }, { 2, 3, 5 }, { 1, 4, 49 }, { 2, 2, 1000 }, { 0, 3, 4 }, { 1, 0, 4 },
    { 1, 2048, 49 }, /* timing */
};
enum { N_GLOBAL = COUNT(global_cases) };

static struct node *build_global(struct graph *g, const struct op *op, int shape, struct rng *r)
{
    const int n = shape < N_GLOBAL ? global_cases[shape][0] : rng_between(r, 1, 3);
    const int c = shape < N_GLOBAL ? global_cases[shape][1] : rng_between(r, 1, 40);
    const int len = shape < N_GLOBAL ? global_cases[shape][2] : rng_between(r, 1, 100);
    const int h = shape < N_GLOBAL ? 1 : rng_between(r, 0, 4); /* 0: of rank 3 */
    const struct shape x = h ? shape_of(n, c, h, len) : shape_of(n, c, len);
    struct value *in[] = { subject_value(g, "x", x) };
    struct value *out = subject_value(g, "y", h ? shape_of(n, c, 1, 1) : shape_of(n, c, 1));

    return graph_append(g, op, "pool", 1, in, 1, &out);
}

static struct node *build_global_max(struct graph *g, int shape, const struct kernel *aim,
                                     struct rng *r)
{
    (void)aim;
    return build_global(g, &op_global_max_pool, shape, r);
}

static struct node *build_global_average(struct graph *g, int shape, const struct kernel *aim,
                                         struct rng *r)
{
    (void)aim;
    return build_global(g, &op_global_average_pool, shape, r);
}

static void define_global_max(const void *params, const float *const in[SUBJECT_INPUTS], float *y)
{
    const struct resc_global_pool *p = params;

    for (ptrdiff_t i = 0; i < p->planes * p->len; i++) {
        const float v = in[0][i];

        if (i % p->len == 0)
            y[i / p->len] = v;
        else if (v > y[i / p->len] || isnan(v))
            y[i / p->len] = v;
    }
}

static void define_global_average(const void *params, const float *const in[SUBJECT_INPUTS],
                                  float *y)
{
    const struct resc_global_pool *p = params;

    for (ptrdiff_t i = 0; i < p->planes; i++) {
        double sum = 0.0;

        for (ptrdiff_t k = 0; k < p->len; k++)
            sum += (double)in[0][i * p->len + k];
        y[i] = (float)(sum / (double)p->len);
    }
}

KERNEL_CALL(resc_global_maxpool_f32, in[0], y)
KERNEL_CALL(resc_global_avgpool_f32, in[0], y)
KERNEL_CALL(resc_global_maxpool_f32_c16, in[0], y)
KERNEL_CALL(resc_global_avgpool_f32_c16, in[0], y)

static const struct kernel_call global_max_calls[] = {
    KERNEL_ROW(resc_global_maxpool_f32), KERNEL_ROW(resc_global_maxpool_f32_c16),
};

const struct subject subject_global_max_pool = {
    .op = &op_global_max_pool, .build = build_global_max, .n_shapes = N_GLOBAL - 1,
    .n_benches = 1, .specials = true, .define = define_global_max,
    .calls = global_max_calls, .n_calls = COUNT(global_max_calls),
};

static double one_rounding(const struct node *n)
{
    (void)n;
    return 0.0;
}

static const struct kernel_call global_average_calls[] = {
    KERNEL_ROW(resc_global_avgpool_f32), KERNEL_ROW(resc_global_avgpool_f32_c16),
};

const struct subject subject_global_average_pool = {
    .op = &op_global_average_pool, .build = build_global_average, .n_shapes = N_GLOBAL - 1,
    .n_benches = 1, .terms = one_rounding, .define = define_global_average,
    .calls = global_average_calls, .n_calls = COUNT(global_average_calls),
};
