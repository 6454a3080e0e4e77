// SPDX-License-Identifier: Apache-2.0
/* clip - Clip with the bounds as attributes (opset 6) and as inputs (opset 11). */
#include "ops/clip.h"

#include "ops/blocks.h"
#include "ops/common.h"

#include <float.h>

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct clip_attr *a = n->attr;

    a->lo = attr_float(attrs, "min", -FLT_MAX);
    a->hi = attr_float(attrs, "max", FLT_MAX);
    return true;
}

static bool infer_6(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    n->op = &op_clip;
    return need_type(n, 0, DT_F32, d) && set_output(n, 0, DT_F32, n->in[0]->shape, d);
}

/* Bound i, one element of the input's type, if it is there. */
static bool read_bound(struct graph *g, struct node *n, int i, float *f32, int64_t *i64,
                       struct diag *d)
{
    if (!node_in(n, i))
        return true;
    const void *data = need_constant(g, n, i, d);

    if (!data || !need_type(n, i, n->in[0]->type, d))
        return false;
    if (shape_len(&n->in[i]->shape) != 1)
        return node_error(d, n, "input %d '%s' is not one element", i, n->in[i]->name);
    if (n->in[0]->type == DT_F32)
        *f32 = *(const float *)data;
    else
        *i64 = int_at(n->in[0]->type, data, 0);
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct clip_attr *a = n->attr;
    const struct value *x = n->in[0];
    const enum dtype t = x->type;

    *a = (struct clip_attr){ -FLT_MAX, FLT_MAX, INT64_MIN, INT64_MAX };
    if (t != DT_F32 && !((t == DT_I64 || t == DT_I32) && x->data))
        return node_error(d, n, "input 0 '%s' is %s, expected f32%s", x->name, dtype_name(t),
                          t == DT_I64 || t == DT_I32 ? " at run time" : "");
    if (!read_bound(g, n, 1, &a->lo, &a->int_lo, d) || !read_bound(g, n, 2, &a->hi, &a->int_hi, d))
        return false;
    node_drop_inputs(g, n, 1);
    if (!set_output(n, 0, t, x->shape, d))
        return false;
    if (t != DT_F32)
        evaluate_now(g, n);
    return true;
}

static void fill(const struct node *n, void *params)
{
    struct resc_clip *p = params;
    const struct clip_attr *a = n->attr;

    p->len = (ptrdiff_t)shape_len(&n->out[0]->shape);
    p->lo = a->lo;
    p->hi = a->hi;
}

static const struct field fields[] = {
    PARAM_SIZE(resc_clip, len), PARAM_FLOAT(resc_clip, lo), PARAM_FLOAT(resc_clip, hi),
    BLOCKS_FIELDS(resc_clip),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    blocks_place(n, in, out, &((struct resc_clip *)params)->map);
}

static const struct params params = {
    "resc_clip", sizeof(struct resc_clip), fields, COUNT(fields), fill, place,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    const struct clip_attr *a = n->attr;
    struct resc_clip p = { 0 };

    fill(n, &p);
    if (n->in[0]->type == DT_F32) {
        resc_clip_f32(&p, in[0], out[0]);
        return;
    }
    for (ptrdiff_t i = 0; i < p.len; i++) {
        int64_t v = int_at(n->in[0]->type, in[0], i);

        v = v < a->int_lo ? a->int_lo : v;
        v = v > a->int_hi ? a->int_hi : v;
        if (n->in[0]->type == DT_I64)
            ((int64_t *)out[0])[i] = v;
        else
            ((int32_t *)out[0])[i] = (int32_t)v;
    }
}

static void print(const struct node *n, FILE *out)
{
    const struct clip_attr *a = n->attr;

    fprintf(out, " min=%g max=%g", (double)a->lo, (double)a->hi);
}

static const struct kernel kernels[] = {
    { .fn = "resc_clip_f32_c16", .file = "clip_f32_c16.c", .family = FAMILY_NATIVE,
      .match = blocks_unary, .in_place = 1 << 0, .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_clip_f32", .file = "clip_f32.c", .in_place = 1 << 0 },
};

const struct op op_clip_6 = {
    .name = "Clip", .since = 6, .until = 10,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct clip_attr),
    .parse = parse_6, .infer = infer_6, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};

const struct op op_clip = {
    .name = "Clip", .since = 11, .until = OPSET_MAX,
    .min_in = 1, .max_in = 3, .n_kernel_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct clip_attr),
    .infer = infer, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
