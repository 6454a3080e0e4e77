// SPDX-License-Identifier: Apache-2.0
/* pad - Pad with pads as attribute (opset 6) and as inputs (opset 11). */
#include "ops/pad.h"

#include "ops/move.h"

#include <inttypes.h>
#include <string.h>

static const char *const mode_names[] = { "constant", "reflect", "edge", "wrap" };
static const char *const c_mode_names[] = {
    "RESC_PAD_CONSTANT", "RESC_PAD_REFLECT", "RESC_PAD_EDGE", "RESC_PAD_WRAP",
};

static bool parse_mode(struct node *n, struct attr_list *attrs)
{
    struct pad_attr *a = n->attr;
    const char *mode = attr_string(attrs, "mode", "constant");

    for (int i = 0; i < COUNT(mode_names); i++)
        if (strcmp(mode, mode_names[i]) == 0 && (i != PAD_WRAP || attrs->opset >= 19)) {
            a->mode = (enum pad_mode)i;
            return true;
        }
    return node_error(attrs->diag, n, "mode \"%s\" is not one of constant, reflect, edge, wrap",
                      mode);
}

/* Of the attribute as many as there are are kept: their number is checked with
 * the input's rank. */
static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct pad_attr *a = n->attr;
    int64_t pads[2 * MAX_RANK];
    const int n_pads = attr_ints(attrs, "pads", pads, 2 * MAX_RANK);

    if (!attr_has(attrs, "pads") || n_pads % 2)
        return node_error(attrs->diag, n, "attribute 'pads' is missing or of odd length");
    a->n_given = n_pads / 2;
    memcpy(a->begin, pads, (size_t)a->n_given * sizeof(*pads));
    memcpy(a->end, pads + a->n_given, (size_t)a->n_given * sizeof(*pads));
    a->value = (double)attr_float(attrs, "value", 0.0f);
    return parse_mode(n, attrs);
}

static bool set_shape(struct node *n, struct diag *d)
{
    const struct pad_attr *a = n->attr;
    struct shape s = n->in[0]->shape;

    for (int i = 0; i < s.rank; i++) {
        const int64_t b = a->begin[i], e = a->end[i], dim = s.dim[i];
        const bool in_range = b >= -dim && e >= -dim && b <= SHAPE_LEN_MAX && e <= SHAPE_LEN_MAX;
        const int64_t kept = in_range ? dim + (b < 0 ? b : 0) + (e < 0 ? e : 0) : -1;

        if (kept < 0)
            return node_error(d, n, "pads %" PRId64 " and %" PRId64 " along axis %d, which has %"
                              PRId64 " elements", b, e, i, dim);
        if (kept == 0 && (b > 0 || e > 0) && a->mode != PAD_CONSTANT)
            return node_error(d, n, "mode \"%s\" along axis %d, which has no elements",
                              mode_names[a->mode], i);
        s.dim[i] = dim + b + e;
    }
    return set_output(n, 0, n->in[0]->type, s, d);
}

static bool need_padded_type(const struct node *n, struct diag *d)
{
    if (!dtype_runs(n->in[0]->type))
        return node_error(d, n, "input 0 '%s' is %s, which cannot be padded", n->in[0]->name,
                          dtype_name(n->in[0]->type));
    return true;
}

static bool infer_6(struct graph *g, struct node *n, struct diag *d)
{
    const struct pad_attr *a = n->attr;

    (void)g;
    if (a->n_given != n->in[0]->shape.rank)
        return node_error(d, n, "%d pads for %d dimensions", 2 * a->n_given,
                          n->in[0]->shape.rank);
    n->op = &op_pad;
    return need_padded_type(n, d) && set_shape(n, d);
}

static bool read_value(struct graph *g, struct node *n, struct diag *d)
{
    struct pad_attr *a = n->attr;

    a->value = 0.0;
    if (!node_in(n, 2) || a->mode != PAD_CONSTANT || shape_len(&n->in[2]->shape) == 0)
        return true;
    const void *data = need_constant(g, n, 2, d);

    if (!data || !need_type(n, 2, n->in[0]->type, d))
        return false;
    switch (n->in[2]->type) {
    case DT_F32:
        a->value = (double)*(const float *)data;
        break;
    case DT_I64: {
        const int64_t v = *(const int64_t *)data;

        if (v < -((int64_t)1 << 53) || v > (int64_t)1 << 53)
            return node_error(d, n, "pad value %" PRId64 " is too large", v);
        a->value = (double)v;
        break;
    }
    case DT_I32:
        a->value = *(const int32_t *)data;
        break;
    case DT_I8:
        a->value = *(const int8_t *)data;
        break;
    default:
        a->value = *(const uint8_t *)data;
    }
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct pad_attr *a = n->attr;
    const int rank = n->in[0]->shape.rank;
    int64_t pads[2 * MAX_RANK], axes[MAX_RANK];
    bool named[MAX_RANK];
    int n_axes = rank;

    if (!need_padded_type(n, d))
        return false;
    for (int i = 0; i < rank; i++)
        axes[i] = i;
    if (node_in(n, 3))
        n_axes = need_ints(g, n, 3, axes, MAX_RANK, d);
    if (n_axes < 0 || !need_axes(n, axes, n_axes, rank, named, d))
        return false;
    const int n_pads = need_ints(g, n, 1, pads, 2 * MAX_RANK, d);

    if (n_pads < 0)
        return false;
    if (n_pads != 2 * n_axes)
        return node_error(d, n, "%d pads for %d axes", n_pads, n_axes);
    for (int i = 0; i < n_axes; i++) {
        const int64_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];

        a->begin[axis] = pads[i];
        a->end[axis] = pads[n_axes + i];
    }
    if (!read_value(g, n, d) || !set_shape(n, d))
        return false;
    node_drop_inputs(g, n, 1);
    return true;
}

static void fill(const struct node *n, void *params)
{
    struct resc_pad *p = params;
    const struct pad_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape, *y = &n->out[0]->shape;

    p->mode = (enum resc_pad_mode)a->mode;
    p->rank = x->rank ? x->rank : 1;
    p->in[0] = p->len[0] = p->out[0] = 1; /* a scalar is padded as a list of one */
    p->size = (ptrdiff_t)dtype_size(n->in[0]->type);
    p->is_float = n->in[0]->type == DT_F32;
    if (p->is_float)
        p->float_value = (float)a->value;
    else
        p->int_value = (ptrdiff_t)a->value;
    for (int i = 0; i < x->rank; i++) {
        const int64_t b = a->begin[i], e = a->end[i];

        p->in[i] = (ptrdiff_t)x->dim[i];
        p->first[i] = (ptrdiff_t)(b < 0 ? -b : 0);
        p->len[i] = (ptrdiff_t)(x->dim[i] + (b < 0 ? b : 0) + (e < 0 ? e : 0));
        p->before[i] = (ptrdiff_t)(b > 0 ? b : 0);
        p->out[i] = (ptrdiff_t)y->dim[i];
    }
}

static const struct field fields[] = {
    PARAM_ENUM(resc_pad, mode, c_mode_names), PARAM_INT(resc_pad, rank),
    PARAM_SIZES(resc_pad, in), PARAM_SIZES(resc_pad, first),
    PARAM_SIZES(resc_pad, len), PARAM_SIZES(resc_pad, before),
    PARAM_SIZES(resc_pad, out), PARAM_SIZE(resc_pad, size),
    PARAM_FLOAT(resc_pad, float_value), PARAM_SIZE(resc_pad, int_value),
    PARAM_INT(resc_pad, is_float),
};

static const struct params params = {
    "resc_pad", sizeof(struct resc_pad), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_pad p = { 0 };

    fill(n, &p);
    resc_pad_nd(&p, in[0], out[0]);
}

static void print(const struct node *n, FILE *out)
{
    const struct pad_attr *a = n->attr;
    const int rank = n->in[0]->shape.rank;

    fprintf(out, " mode=%s", mode_names[a->mode]);
    print_ints(out, "begin", a->begin, rank);
    print_ints(out, "end", a->end, rank);
    if (a->value != 0.0)
        fprintf(out, " value=%g", a->value);
}

static const struct kernel kernels[] = {
    { .fn = "resc_pad_nd", .file = "pad_nd.c" },
};

const struct op op_pad_6 = {
    .name = "Pad", .since = 6, .until = 10,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct pad_attr),
    .parse = parse_6, .infer = infer_6, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};

const struct op op_pad = {
    .name = "Pad", .since = 11, .until = OPSET_MAX,
    .min_in = 2, .max_in = 4, .n_kernel_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct pad_attr),
    .parse = parse_mode, .infer = infer, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
