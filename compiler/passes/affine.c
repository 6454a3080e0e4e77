// SPDX-License-Identifier: Apache-2.0
#include "passes/affine.h"

#include "base/arena.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/gemm.h"
#include "ops/op.h"

#include <math.h>

bool affine_of_batch_norm(struct graph *g, const struct node *bn, struct affine *out)
{
    const float *p[5] = { NULL };
    const struct batch_norm_attr *attr = bn->attr;

    for (int i = BN_SCALE; i <= BN_VAR; i++) {
        if (!bn->in[i]->data || bn->in[i]->type != DT_F32)
            return false;
        p[i] = bn->in[i]->data;
    }
    out->n = shape_len(&bn->in[BN_SCALE]->shape);
    out->scale = arena_new_n(g->arena, double, out->n);
    out->shift = arena_new_n(g->arena, double, out->n);
    for (int64_t c = 0; c < out->n; c++) {
        const double scale =
            (double)p[BN_SCALE][c] / sqrt((double)p[BN_VAR][c] + (double)attr->epsilon);

        out->scale[c] = scale;
        out->shift[c] = (double)p[BN_B][c] - (double)p[BN_MEAN][c] * scale;
    }
    return true;
}

struct value *affine_constant(struct graph *g, const char *name, struct shape s,
                              const double *of)
{
    const int64_t len = shape_len(&s);
    float *data = arena_new_n(g->arena, float, len);

    for (int64_t i = 0; i < len; i++) {
        data[i] = (float)of[i];
        if (!isfinite(data[i]))
            return NULL;
    }
    return graph_add_constant(g, name, DT_F32, s, data);
}

const char *affine_bias_name(struct graph *g, const struct node *n, const struct value *old)
{
    return old ? old->name
               : arena_printf(g->arena, "%s_bias", *n->name ? n->name : n->out[0]->name);
}

/* NULL: a result is not finite. */
static float *scaled_weights(struct graph *g, const struct value *w, const struct affine *f)
{
    const int64_t len = shape_len(&w->shape);
    const int64_t filter = len / f->n;
    const float *old = w->data;
    float *data = arena_new_n(g->arena, float, len);

    for (int64_t i = 0; i < len; i++) {
        data[i] = (float)((double)old[i] * f->scale[i / filter]);
        if (!isfinite(data[i]))
            return NULL;
    }
    return data;
}

static struct value *conv_bias(struct graph *g, const struct node *conv, const struct affine *f)
{
    const struct value *b = node_in(conv, CONV_B);
    const float *old = b ? b->data : NULL;
    double *bias = arena_new_n(g->arena, double, f->n);

    for (int64_t c = 0; c < f->n; c++)
        bias[c] = (old ? (double)old[c] : 0.0) * (f->scale ? f->scale[c] : 1.0) +
                  (f->shift ? f->shift[c] : 0.0);
    return affine_constant(g, affine_bias_name(g, conv, b), shape_of(f->n), bias);
}

/* beta * C * scale + shift, [N], or [M,N] if C differs from row to row. */
static struct value *gemm_c(struct graph *g, const struct node *gemm, const struct affine *f)
{
    const struct gemm_attr *attr = gemm->attr;
    const struct value *c = node_in(gemm, GEMM_C);
    const bool by_row = c && c->shape.rank == 2 && c->shape.dim[0] > 1;
    const struct shape to = by_row ? gemm->out[0]->shape : shape_of(f->n);
    const int64_t len = shape_len(&to);
    const float *old = c ? c->data : NULL;
    int64_t row = 0, column = 0;
    double *sum = arena_new_n(g->arena, double, len);

    if (c && c->shape.rank > 0)
        column = c->shape.dim[c->shape.rank - 1] > 1;
    if (by_row)
        row = c->shape.dim[1];
    for (int64_t i = 0; i < len; i++) {
        const int64_t at = i % f->n;
        const double was = old ? (double)old[i / f->n * row + at * column] : 0.0;

        sum[i] = (double)attr->beta * was * (f->scale ? f->scale[at] : 1.0) + f->shift[at];
    }
    return affine_constant(g, affine_bias_name(g, gemm, c), to, sum);
}

struct value *affine_bias(struct graph *g, const struct node *n, const struct affine *f)
{
    return n->op == &op_conv ? conv_bias(g, n, f) : gemm_c(g, n, f);
}

bool affine_into_conv(struct graph *g, struct node *conv, const struct affine *f)
{
    const struct value *w = conv->in[CONV_W], *b = node_in(conv, CONV_B);
    float *weights = NULL;
    struct value *bias = NULL;

    if (conv->act.kind != ACT_NONE || node_in(conv, CONV_ADD))
        return false;
    if (!value_is_weights(w) || (b && !value_is_weights(b)))
        return false;
    if (w->shape.dim[0] != f->n || !f->n)
        return false;
    if (f->scale && !(weights = scaled_weights(g, w, f)))
        return false;
    if ((b || f->shift) && !(bias = affine_bias(g, conv, f)))
        return false;
    if (weights)
        node_set_input(g, conv, CONV_W,
                       graph_add_constant(g, w->name, DT_F32, w->shape, weights));
    if (bias)
        node_set_input(g, conv, CONV_B, bias);
    return true;
}

bool affine_into_scale_shift(struct graph *g, struct node *n, const struct affine *f)
{
    const struct value *scale = n->in[SCALE_SHIFT_SCALE], *shift = n->in[SCALE_SHIFT_SHIFT];
    double *to[2] = { arena_new_n(g->arena, double, f->n), arena_new_n(g->arena, double, f->n) };

    if (n->act.kind != ACT_NONE || !value_is_weights(scale) || !value_is_weights(shift))
        return false;
    for (int64_t c = 0; c < f->n; c++) {
        const double by = f->scale ? f->scale[c] : 1.0;

        to[0][c] = (double)((const float *)scale->data)[c] * by;
        to[1][c] = (double)((const float *)shift->data)[c] * by + (f->shift ? f->shift[c] : 0.0);
    }
    struct value *new_scale = affine_constant(g, scale->name, scale->shape, to[0]);
    struct value *new_shift = affine_constant(g, shift->name, shift->shape, to[1]);

    if (!new_scale || !new_shift)
        return false;
    node_set_input(g, n, SCALE_SHIFT_SCALE, new_scale);
    node_set_input(g, n, SCALE_SHIFT_SHIFT, new_shift);
    return true;
}
