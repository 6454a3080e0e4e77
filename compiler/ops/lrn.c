// SPDX-License-Identifier: Apache-2.0
/* lrn - LRN, local response normalisation across channels. */
#include "ops/common.h"

#include <inttypes.h>
#include <math.h>

struct lrn_attr {
    float alpha, beta, bias;
    int64_t size; /* channels */
};

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct lrn_attr *a = n->attr;

    a->alpha = attr_float(attrs, "alpha", 1e-4f);
    a->beta = attr_float(attrs, "beta", 0.75f);
    a->bias = attr_float(attrs, "bias", 1.0f);
    if (!attr_has(attrs, "size"))
        return node_error(attrs->diag, n, "attribute 'size' is missing");
    a->size = attr_int(attrs, "size", 1);
    if (a->size < 1 || a->size > INT32_MAX)
        return node_error(attrs->diag, n, "size=%" PRId64 ": expected 1 to %d", a->size,
                          INT32_MAX);
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    return need_type(n, 0, DT_F32, d) && need_rank(n, 0, 2, MAX_RANK, d) &&
           set_output(n, 0, DT_F32, n->in[0]->shape, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_lrn *p = params;
    const struct lrn_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;

    p->n = (int)x->dim[0];
    p->c = (int)x->dim[1];
    p->len = (ptrdiff_t)shape_product(x, 2, x->rank);
    p->size = (int)a->size;
    p->alpha = a->alpha, p->beta = a->beta, p->bias = a->bias;
}

static const struct field fields[] = {
    PARAM_INT(resc_lrn, n), PARAM_INT(resc_lrn, c), PARAM_SIZE(resc_lrn, len),
    PARAM_INT(resc_lrn, size), PARAM_FLOAT(resc_lrn, alpha), PARAM_FLOAT(resc_lrn, beta),
    PARAM_FLOAT(resc_lrn, bias),
};

static const struct params params = {
    "resc_lrn", sizeof(struct resc_lrn), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_lrn p = { 0 };

    fill(n, &p);
    resc_lrn_f32_ref(&p, in[0], out[0]);
}

/* What the power is taken of, for an element of channel c; *terms: the same sum over absolute
 * values. */
static double base_of(const struct resc_lrn *p, const float *x, int64_t c, double *terms)
{
    const int64_t below = (p->size - 1) / 2, above = p->size / 2;
    const double factor = (double)p->alpha / p->size;
    double sum = 0;

    for (int64_t k = c > below ? -below : -c; k <= above && c + k < p->c; k++)
        sum += (double)x[k * p->len] * (double)x[k * p->len];
    *terms = fabs((double)p->bias) + fabs(factor) * sum;
    return (double)p->bias + factor * sum;
}

/* The kernel computes in double precision, as eval: a rounding to
 * float32, and those of double precision in the base, to which the power is beta times as
 * sensitive. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const float *x = b->in[0];
    struct resc_lrn p = { 0 };

    (void)k;
    fill(n, &p);
    for (int64_t i = 0; i < shape_len(&n->in[0]->shape); i++) {
        double terms;
        const double base = base_of(&p, x + i, i / p.len % p.c, &terms);
        const double exact = (double)x[i] / pow(base, (double)p.beta);
        const double ours = 0x1p-50 * (1 + fabs((double)p.beta) * (p.size + 4) * terms / fabs(base));

        bound_set(b, i, exact, (bound_gamma(2) + ours) * fabs(exact));
    }
    return true;
}

static void print(const struct node *n, FILE *out)
{
    const struct lrn_attr *a = n->attr;

    fprintf(out, " size=%" PRId64 " alpha=%g beta=%g bias=%g", a->size, (double)a->alpha,
            (double)a->beta, (double)a->bias);
}

static const struct kernel kernels[] = {
    { .fn = "resc_lrn_f32_ref", .file = "lrn_f32_ref.c" },
};

static double eval_work(const struct node *n)
{
    const int64_t size = ATTR(lrn_attr, n)->size, channels = n->in[0]->shape.dim[1];

    return (double)shape_len(&n->out[0]->shape) * (double)(size < channels ? size : channels);
}

const struct op op_lrn = {
    .name = "LRN", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, .attr_size = sizeof(struct lrn_attr),
    .parse = parse, .infer = infer, .eval = eval, .bound = bound, .eval_work = eval_work,
    .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
