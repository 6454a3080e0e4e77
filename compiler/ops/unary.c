// SPDX-License-Identifier: Apache-2.0
/* unary - the element-wise operators of one input: the rows of runtime/unary.def. */
#include "ops/unary.h"

#include "ops/blocks.h"
#include "ops/common.h"

static const char *const names[] = {
#define UNARY(sym, onnx, since, until, alpha, beta, y) "RESC_UNARY_" #sym,
#include "unary.def"
#undef UNARY
};

enum resc_unary_op unary_which(const struct node *n)
{
#define UNARY(sym, onnx, since, until, alpha, beta, y) \
    if (n->op == &op_unary_##sym) \
        return RESC_UNARY_##sym;
#include "unary.def"
#undef UNARY
    return RESC_UNARY_RELU;
}

static bool parse(struct node *n, struct attr_list *attrs)
{
    static const float defaults[][2] = {
#define UNARY(sym, onnx, since, until, alpha, beta, y) { alpha, beta },
#include "unary.def"
#undef UNARY
    };
    const float *dflt = defaults[unary_which(n)];
    struct unary_attr *a = n->attr;

    /* A row without such an attribute has 0 for its default: do not ask for it,
     * so that one in the file is reported as unknown. */
    a->alpha = dflt[0] != 0.0f ? attr_float(attrs, "alpha", dflt[0]) : 0.0f;
    a->beta = dflt[1] != 0.0f ? attr_float(attrs, "beta", dflt[1]) : 0.0f;
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const enum dtype t = n->in[0]->type;
    const bool negates = unary_which(n) == RESC_UNARY_NEG && (t == DT_I64 || t == DT_I32);

    (void)g;
    return (negates || need_type(n, 0, DT_F32, d)) && set_output(n, 0, t, n->in[0]->shape, d);
}

static void fill(const struct node *n, void *params)
{
    struct resc_unary *p = params;
    const struct unary_attr *a = n->attr;

    p->op = unary_which(n);
    p->len = (ptrdiff_t)shape_len(&n->out[0]->shape);
    p->alpha = a->alpha;
    p->beta = a->beta;
}

static const struct field fields[] = {
    PARAM_ENUM(resc_unary, op, names), PARAM_SIZE(resc_unary, len),
    PARAM_FLOAT(resc_unary, alpha), PARAM_FLOAT(resc_unary, beta), BLOCKS_FIELDS(resc_unary),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    blocks_place(n, in, out, &((struct resc_unary *)params)->map);
}

static const struct params params = {
    "resc_unary", sizeof(struct resc_unary), fields, COUNT(fields), fill, place,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_unary p = { 0 };

    fill(n, &p);
    if (match_i64(n))
        resc_neg_i64(&p, in[0], out[0]);
    else if (match_i32(n))
        resc_neg_i32(&p, in[0], out[0]);
    else
        resc_unary_f32(&p, in[0], out[0]);
}

static void print(const struct node *n, FILE *out)
{
    const struct unary_attr *a = n->attr;

    if (a->alpha != 0.0f)
        fprintf(out, " alpha=%g", (double)a->alpha);
    if (a->beta != 0.0f)
        fprintf(out, " beta=%g", (double)a->beta);
}

/* infer() lets integers by for Neg only. */
static const struct kernel kernels[] = {
    { .fn = "resc_neg_i64", .file = "neg_i64.c", .match = match_i64, .in_place = 1 << 0 },
    { .fn = "resc_neg_i32", .file = "neg_i32.c", .match = match_i32, .in_place = 1 << 0 },
    { .fn = "resc_unary_f32_c16", .file = "unary_f32_c16.c", .family = FAMILY_NATIVE,
      .match = blocks_unary, .in_place = 1 << 0, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_unary_f32", .file = "unary_f32.c", .match = match_f32, .in_place = 1 << 0 },
};

#define UNARY(sym, onnx, first, last, alpha, beta, y) \
    const struct op op_unary_##sym = { \
        .name = onnx, .since = first, .until = last, \
        .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1, \
        .attr_size = sizeof(struct unary_attr), \
        .parse = parse, .infer = infer, .eval = eval, .bound = unary_bound, .params = &params, \
        .print = print, \
        .kernels = kernels, .n_kernels = COUNT(kernels), \
    };
#include "unary.def"
#undef UNARY
