// SPDX-License-Identifier: Apache-2.0
/* lrn - LRN, local response normalisation across channels. */
#include "ops/common.h"

#include <inttypes.h>

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
        return node_error(attrs->diag, n, "size=%" PRId64 ": expected at least 1", a->size);
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
    .parse = parse, .infer = infer, .eval = eval, .eval_work = eval_work, .params = &params,
    .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
