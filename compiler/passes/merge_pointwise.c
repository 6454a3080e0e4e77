// SPDX-License-Identifier: Apache-2.0
/* merge_pointwise - two linear 1x1 convolutions in a row are one.
 *
 *     %4 = Conv(%3, %v, %a)  f32[1,64,8,8]   =>    %5 = Conv(%3, %u, %c)  f32[1,16,8,8]
 *     %5 = Conv(%4, %w, %b)  f32[1,16,8,8]
 *
 * With u = w * v, the product of two matrices, and c = w * a + b, in double and rounded
 * once; strides multiply.
 *
 * Only if both have 1x1 kernels, one group and no padding; all weights and biases are
 * constant and the results finite; the first has neither an activation nor a fused residual;
 * the second is the one reader of %4, which is not a graph output; one takes fewer
 * multiply-adds than two; and g->fold allows the product. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "passes/affine.h"
#include "passes/pass.h"

static const char why[] =
    "two 1x1 convolutions with nothing between them are one, with the product of their weights";

static const struct window *window_of(const struct node *conv)
{
    return &((const struct conv_attr *)conv->attr)->win;
}

static bool is_pointwise(const struct node *n)
{
    const struct window *w = window_of(n);

    for (int i = 0; i < 4; i++)
        if (w->pad[i] || w->kernel[i % 2] != 1)
            return false;
    return ((const struct conv_attr *)n->attr)->group == 1 && value_is_weights(n->in[CONV_W]) &&
           (!node_in(n, CONV_B) || value_is_weights(n->in[CONV_B]));
}

/* The Conv that n may take over, or NULL. */
static struct node *first_of(const struct node *n)
{
    struct node *first = n->in[CONV_X]->producer;

    if (!first || first->op != &op_conv || value_only_user(n->in[CONV_X]) != n)
        return NULL;
    if (first->act.kind != ACT_NONE || node_in(first, CONV_ADD))
        return NULL;
    return is_pointwise(first) && is_pointwise(n) ? first : NULL;
}

static bool saves_work(const struct node *first, const struct node *n)
{
    const double pixels = (double)shape_len(&n->out[0]->shape);

    return pixels * (double)first->in[CONV_W]->shape.dim[1] < op_conv.macs(first) + op_conv.macs(n);
}

/* w [rows, inner] times v [inner, columns], in double. */
static double *product(struct graph *g, const float *w, const float *v, int64_t rows,
                       int64_t inner, int64_t columns)
{
    double *to = arena_new_n(g->arena, double, rows * columns);

    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < inner; i++)
            for (int64_t c = 0; c < columns; c++)
                to[r * columns + c] += (double)w[r * inner + i] * (double)v[i * columns + c];
    return to;
}

static struct value *merged_weights(struct graph *g, const struct value *w, const struct value *v)
{
    struct shape s = w->shape;

    s.dim[1] = v->shape.dim[1];
    return affine_constant(g, w->name, s, product(g, w->data, v->data, s.dim[0], w->shape.dim[1],
                                                  s.dim[1]));
}

/* w * a + b, where either of a and b may be missing. */
static struct value *merged_bias(struct graph *g, const struct node *n, const struct value *a)
{
    const struct value *w = n->in[CONV_W], *b = node_in(n, CONV_B);
    const int64_t rows = w->shape.dim[0];
    double *to = a ? product(g, w->data, a->data, rows, w->shape.dim[1], 1) :
                     arena_new_n(g->arena, double, rows);

    for (int64_t r = 0; b && r < rows; r++)
        to[r] += (double)((const float *)b->data)[r];
    return affine_constant(g, affine_bias_name(g, n, b), shape_of(rows), to);
}

static bool merge(struct graph *g, struct node *n)
{
    struct node *first = first_of(n);

    if (!first || !saves_work(first, n))
        return false;
    const struct value *w = n->in[CONV_W], *v = first->in[CONV_W], *a = node_in(first, CONV_B);
    const double size = (double)w->shape.dim[0] * (double)v->shape.dim[1];
    struct window *to = &((struct conv_attr *)n->attr)->win;

    if (!fold_afford(g, size * sizeof(float), size * (double)w->shape.dim[1]))
        return false;
    struct value *weights = merged_weights(g, w, v);
    struct value *bias = a || node_in(n, CONV_B) ? merged_bias(g, n, a) : NULL;

    if (!weights || (!bias && (a || node_in(n, CONV_B))))
        return false;
    for (int i = 0; i < 2; i++)
        to->stride[i] *= window_of(first)->stride[i];
    node_set_input(g, n, CONV_X, first->in[CONV_X]);
    node_set_input(g, n, CONV_W, weights);
    if (bias)
        node_set_input(g, n, CONV_B, bias);
    n->origin = arena_printf(g->arena, "%s + %s", first->origin, n->origin);
    graph_remove(g, first);
    rewrite_log(g, first, REWRITE_ROUNDED, why);
    return true;
}

bool pass_merge_pointwise(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g)
        if (n->op == &op_conv && merge(g, n))
            changed = true;
    return changed;
}
