// SPDX-License-Identifier: Apache-2.0
/* batch_norm - BatchNormalization at inference, and ScaleShift, what is left
 * of it once the statistics are known. */
#include "ops/batch_norm.h"

#include "base/diag.h"
#include "ops/blocks.h"
#include "ops/common.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct batch_norm_attr *a = n->attr;

    a->epsilon = attr_float(attrs, "epsilon", 1e-5f);
    attr_ignore(attrs, "momentum");
    /* spatial=0 asks for statistics of every pixel.  MXNet's exporter writes it
     * with statistics a channel, and means those: the shapes tell, in infer. */
    attr_ignore(attrs, "spatial");
    const bool training = attrs->opset < 7 ? !attr_int(attrs, "is_test", 0)
                                           : attr_int(attrs, "training_mode", 0) != 0;

    if (training && !attrs->bad) {
        node_error(attrs->diag, n, "%s: normalisation by the statistics of the batch is not "
                   "supported", attrs->opset < 7 ? "is_test=0" : "training_mode=1");
        diag_hint(attrs->diag, "export the model for inference: in PyTorch, model.eval()");
        return false;
    }
    return true;
}

/* x as [n, c, len]. */
static int64_t channels(const struct shape *x)
{
    return x->rank > 1 ? x->dim[1] : 1;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const struct shape *x = &n->in[BN_X]->shape;
    char text[SHAPE_TEXT_MAX];

    (void)g;
    for (int i = 1; i < n->n_out; i++)
        if (n->out[i])
            return node_error(d, n, "output %d '%s' (statistics, for training) is not supported",
                              i, n->out[i]->name);
    if (!need_rank(n, BN_X, 1, MAX_RANK, d))
        return false;
    for (int i = 0; i < n->n_in; i++) {
        const struct shape *s = &n->in[i]->shape;

        if (!need_type(n, i, DT_F32, d))
            return false;
        if (i != BN_X && (s->rank != 1 || s->dim[0] != channels(x)))
            return node_error(d, n, "input %d '%s' has shape %s, expected one value a channel: "
                              "[%" PRId64 "]", i, n->in[i]->name, shape_text(s, text),
                              channels(x));
    }
    return set_output(n, 0, DT_F32, *x, d);
}

static int64_t images(const struct shape *x)
{
    return x->rank > 0 ? x->dim[0] : 1;
}

static int64_t channel_len(const struct shape *x)
{
    return x->rank > 2 ? shape_product(x, 2, x->rank) : 1;
}

static void fill(const struct node *n, void *to)
{
    struct resc_batch_norm *p = to;
    const struct shape *x = &n->in[BN_X]->shape;

    p->n = (int)images(x);
    p->c = (int)channels(x);
    p->len = (ptrdiff_t)channel_len(x);
    p->epsilon = ATTR(batch_norm_attr, n)->epsilon;
}

static const struct field fields[] = {
    PARAM_INT(resc_batch_norm, n), PARAM_INT(resc_batch_norm, c),
    PARAM_SIZE(resc_batch_norm, len), PARAM_FLOAT(resc_batch_norm, epsilon),
};

static const struct params params = {
    "resc_batch_norm", sizeof(struct resc_batch_norm), fields, COUNT(fields), fill, NULL,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_batch_norm p = { 0 };

    fill(n, &p);
    resc_batch_norm_f32_ref(&p, in[BN_X], in[BN_SCALE], in[BN_B], in[BN_MEAN], in[BN_VAR], out[0]);
}

/* The kernel computes in double precision, as eval: a rounding to
 * float32, and less than 2^-40 of the terms for the others. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const float *x = b->in[BN_X], *scale = b->in[BN_SCALE], *shift = b->in[BN_B];
    const float *mean = b->in[BN_MEAN], *var = b->in[BN_VAR];
    const struct shape *s = &n->in[BN_X]->shape;
    const int64_t len = channel_len(s);

    (void)k;
    for (int64_t i = 0; i < shape_len(s); i++) {
        const int64_t c = i / len % channels(s);
        const double factor = (double)scale[c] /
                              sqrt((double)var[c] + (double)ATTR(batch_norm_attr, n)->epsilon);
        const double exact = ((double)x[i] - (double)mean[c]) * factor + (double)shift[c];
        const double terms = (fabs((double)x[i]) + fabs((double)mean[c])) * fabs(factor) +
                             fabs((double)shift[c]);

        bound_set(b, i, exact, bound_gamma(2) * fabs(exact) + 0x1p-40 * terms);
    }
    return true;
}

static void print(const struct node *n, FILE *out)
{
    fprintf(out, " epsilon=%g", (double)ATTR(batch_norm_attr, n)->epsilon);
}

static const struct kernel kernels[] = {
    { .fn = "resc_batch_norm_f32_ref", .file = "batch_norm_f32_ref.c", .in_place = 1u << BN_X },
};

const struct op op_batch_norm = {
    .name = "BatchNormalization", .since = 6, .until = OPSET_MAX,
    .min_in = 5, .max_in = 5, .min_out = 1, .max_out = 5, .flags = OP_AFFINE,
    .attr_size = sizeof(struct batch_norm_attr),
    .parse = parse, .infer = infer, .eval = eval, .bound = bound, .params = &params,
    .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};

static bool scale_shift_infer(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    return set_output(n, 0, DT_F32, n->in[SCALE_SHIFT_X]->shape, d);
}

static void scale_shift_fill(const struct node *n, void *to)
{
    struct resc_scale_shift *p = to;
    const struct shape *x = &n->in[SCALE_SHIFT_X]->shape;

    p->n = (int)images(x);
    p->c = (int)channels(x);
    p->len = (ptrdiff_t)channel_len(x);
    p->act = act_params(n);
}

static const struct field scale_shift_fields[] = {
    PARAM_INT(resc_scale_shift, n), PARAM_INT(resc_scale_shift, c),
    PARAM_SIZE(resc_scale_shift, len), PARAM_ACT(resc_scale_shift, act),
    BLOCKS_FIELDS(resc_scale_shift),
};

static void scale_shift_place(const struct node *n, const struct layout *const *in,
                              const struct layout *out, void *to)
{
    struct resc_c16_map *m = &((struct resc_scale_shift *)to)->map;

    blocks_place(n, in, out, m);
    m->b = (struct resc_c16_operand){ .kind = RESC_C16_CHANNEL, .block = RESC_LANES };
}

static bool scale_shift_blocks(const struct node *n)
{
    return blocks_unary(n) && n->in[SCALE_SHIFT_SCALE]->data && n->in[SCALE_SHIFT_SHIFT]->data;
}

/* scale and shift, filled up to whole blocks */
static void scale_shift_pack(struct graph *g, const struct node *n, struct value **in)
{
    for (int i = SCALE_SHIFT_SCALE; i <= SCALE_SHIFT_SHIFT; i++)
        in[i] = blocks_fill_up(g, n->in[i]);
}

static const struct params scale_shift_params = {
    "resc_scale_shift", sizeof(struct resc_scale_shift), scale_shift_fields,
    COUNT(scale_shift_fields), scale_shift_fill, scale_shift_place,
};

static void scale_shift_eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_scale_shift p = { 0 };

    scale_shift_fill(n, &p);
    resc_scale_shift_f32(&p, in[SCALE_SHIFT_X], in[SCALE_SHIFT_SCALE], in[SCALE_SHIFT_SHIFT],
                         out[0]);
}

/* A product and a sum, of which eval rounds each. */
static bool scale_shift_bound(const struct node *n, const struct kernel *k,
                              const struct bounds *b)
{
    const float *x = b->in[SCALE_SHIFT_X], *scale = b->in[SCALE_SHIFT_SCALE];
    const float *shift = b->in[SCALE_SHIFT_SHIFT];
    const struct shape *s = &n->in[SCALE_SHIFT_X]->shape;
    const int64_t len = channel_len(s);

    (void)k;
    for (int64_t i = 0; i < shape_len(s); i++) {
        const int64_t c = i / len % channels(s);
        const double product = (double)x[i] * (double)scale[c];

        bound_set(b, i, product + (double)shift[c],
                  bound_gamma(2) * (fabs(product) + fabs((double)shift[c]) + (double)FLT_MIN));
        b->want[i] = resc_act_f32(act_params(n), b->want[i]);
    }
    bound_act(n, b);
    return true;
}

static const struct kernel scale_shift_kernels[] = {
    { .fn = "resc_scale_shift_f32_c16", .file = "scale_shift_f32_c16.c", .family = FAMILY_NATIVE,
      .match = scale_shift_blocks, .in_place = 1u << SCALE_SHIFT_X, .in = LAYOUT_C16,
      .out = LAYOUT_C16, .pack = scale_shift_pack },
    { .fn = "resc_scale_shift_f32", .file = "scale_shift_f32.c",
      .in_place = 1u << SCALE_SHIFT_X },
};

const struct op op_scale_shift = {
    .name = "ScaleShift", .since = 6, .until = OPSET_MAX,
    .min_in = 3, .max_in = 3, .min_out = 1, .max_out = 1,
    .flags = OP_INTERNAL | OP_FUSES_ACT | OP_WEIGHTS,
    .infer = scale_shift_infer, .eval = scale_shift_eval, .bound = scale_shift_bound,
    .params = &scale_shift_params,
    .kernels = scale_shift_kernels, .n_kernels = COUNT(scale_shift_kernels),
};
