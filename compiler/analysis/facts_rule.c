// SPDX-License-Identifier: Apache-2.0
/* facts_rule - what an operator makes of the facts about its inputs. */
#include "analysis/facts_rule.h"

#include "base/arena.h"
#include "base/count.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/gemm.h"
#include "ops/op.h"
#include "ops/pad.h"
#include "ops/pool.h"

#include <math.h>

typedef struct fact rule(const struct facts *f, const struct node *n);

/* in[i] as out[0] sees it */
static struct fact operand(const struct facts *f, const struct node *n, int i)
{
    return fact_of(f, n->in[i], &n->out[0]->shape);
}

static struct fact own(const struct facts *f, const struct value *v)
{
    return fact_of(f, v, &v->shape);
}

/* A number that was computed: 0 is known only where nothing was rounded to it. */
static float unless_zero(float x)
{
    return x == 0.0f ? NAN : x;
}

static bool is_zero(const struct fact *x, int64_t channel)
{
    return x->channel && x->channel[channel] == 0.0f;
}

/* The sum of what w[0, step, ...] times a channel is: 0, since one or the other is. */
static bool adds_nothing(const float *w, int64_t n, int64_t step, bool channel_is_zero)
{
    for (int64_t i = 0; i < n; i++)
        if (channel_is_zero ? !isfinite(w[i * step]) : w[i * step] != 0.0f)
            return false;
    return true;
}

struct fact fact_before_add(const struct facts *f, const struct node *n)
{
    const struct value *w = n->in[CONV_W], *b = node_in(n, CONV_B);
    const struct fact x = own(f, n->in[CONV_X]);
    const int64_t oc = w->shape.dim[0], ic = w->shape.dim[1];
    const int64_t per_group = oc / ((const struct conv_attr *)n->attr)->group;
    const int64_t taps = shape_product(&w->shape, 2, w->shape.rank);
    float *channel = fact_channels(f, &n->out[0]->shape);
    struct fact y = fact_unknown;

    if (!value_is_weights(w) || (b && !value_is_weights(b)))
        return y;
    for (int64_t o = 0; o < oc; o++) {
        const float *filter = (const float *)w->data + o * ic * taps;
        int64_t i = 0;

        while (i < ic && adds_nothing(filter + i * taps, taps, 1,
                                      is_zero(&x, o / per_group * ic + i)))
            i++;
        if (i == ic)
            channel[o] = b ? ((const float *)b->data)[o] : 0.0f;
    }
    y.channel = channel;
    return fact_sound(f, &n->out[0]->shape, y);
}

/* A sum of which one term is 0, or both are as every kernel has them; else it may be of
 * another sign than it looks, where the terms cancel. */
static float known_sum(float a, float b, bool rounded)
{
    if (a == 0.0f || b == 0.0f)
        return a == 0.0f ? b : a;
    return rounded ? NAN : unless_zero(a + b);
}

/* a + b, where both are known. */
static struct fact sum_of(const struct facts *f, const struct shape *s, const struct fact *a,
                          const struct fact *b)
{
    struct fact y = { a->lo + b->lo, a->hi + b->hi, NULL, a->rounded || b->rounded };
    float *channel = a->channel && b->channel ? fact_channels(f, s) : NULL;

    for (int64_t c = 0; channel && c < s->dim[1]; c++)
        channel[c] = known_sum(a->channel[c], b->channel[c], y.rounded);
    y.channel = channel;
    return y;
}

static struct fact of_conv(const struct facts *f, const struct node *n)
{
    const struct fact y = fact_before_add(f, n);

    if (!node_in(n, CONV_ADD))
        return y;
    const struct fact addend = own(f, n->in[CONV_ADD]);

    return sum_of(f, &n->out[0]->shape, &y, &addend);
}

static struct fact of_gemm(const struct facts *f, const struct node *n)
{
    const struct gemm_attr *a = n->attr;
    const struct value *b = n->in[GEMM_B];
    const struct shape *s = &n->out[0]->shape;
    const struct fact x = a->trans_a ? fact_unknown : own(f, n->in[GEMM_A]);
    const struct fact c = node_in(n, GEMM_C) ? operand(f, n, GEMM_C) : fact_unknown;
    const int64_t columns = b->shape.dim[1], inner = b->shape.dim[a->trans_b];
    struct fact y = fact_unknown;
    float *channel = fact_channels(f, s);

    if (!value_is_weights(b) || !isfinite(a->alpha) || !isfinite(a->beta))
        return y;
    for (int64_t j = 0; j < s->dim[1]; j++) {
        int64_t k = 0;

        while (k < inner && adds_nothing((const float *)b->data +
                                         (a->trans_b ? j * columns + k : k * columns + j), 1, 0,
                                         is_zero(&x, k)))
            k++;
        if (k < inner)
            continue;
        if (!node_in(n, GEMM_C) || is_zero(&c, j))
            channel[j] = 0.0f;
        else if (c.channel)
            channel[j] = unless_zero(a->beta * c.channel[j]);
    }
    y.channel = channel;
    y.rounded = c.rounded;
    return y;
}

static struct fact of_scale_shift(const struct facts *f, const struct node *n)
{
    const struct value *scale = n->in[SCALE_SHIFT_SCALE], *shift = n->in[SCALE_SHIFT_SHIFT];
    const struct fact x = own(f, n->in[SCALE_SHIFT_X]);
    const struct shape *s = &n->out[0]->shape;
    struct fact y = fact_unknown;
    float *channel = fact_channels(f, s);
    bool positive = x.lo >= 0.0f;

    if (!value_is_weights(scale) || !value_is_weights(shift))
        return y;
    for (int64_t c = 0; c < s->dim[1]; c++) {
        const float by = ((const float *)scale->data)[c], plus = ((const float *)shift->data)[c];

        positive = positive && by >= 0.0f && plus >= 0.0f;
        if (adds_nothing(&by, 1, 1, is_zero(&x, c)))
            channel[c] = plus;
        else if (x.channel) /* kernels may round the product, or not */
            channel[c] = known_sum(unless_zero(x.channel[c] * by), plus, true);
    }
    y.channel = channel;
    y.rounded = true;
    y.lo = positive ? 0.0f : y.lo;
    return y;
}

static struct fact of_sum(const struct facts *f, const struct node *n)
{
    struct fact y = operand(f, n, 0);

    for (int i = 1; i < n->n_in; i++) {
        const struct fact x = operand(f, n, i);

        y = sum_of(f, &n->out[0]->shape, &y, &x);
    }
    return y;
}

static struct fact of_product(const struct facts *f, const struct node *n)
{
    const struct fact a = operand(f, n, 0), b = operand(f, n, 1);
    const struct shape *s = &n->out[0]->shape;
    struct fact y = fact_unknown;
    float *channel = fact_channels(f, s);

    for (int64_t c = 0; channel && c < s->dim[1]; c++) {
        if (is_zero(&a, c) || is_zero(&b, c))
            channel[c] = 0.0f;
        else if (a.channel && b.channel)
            channel[c] = unless_zero(a.channel[c] * b.channel[c]);
    }
    y.channel = channel;
    y.rounded = a.rounded || b.rounded;
    y.lo = a.lo >= 0.0f && b.lo >= 0.0f ? 0.0f : y.lo;
    return y;
}

/* The larger, or (sign -1) the smaller, of each two. */
static struct fact of_larger(const struct facts *f, const struct node *n, float sign)
{
    struct fact y = operand(f, n, 0);

    for (int i = 1; i < n->n_in; i++) {
        const struct fact x = operand(f, n, i);
        const struct shape *s = &n->out[0]->shape;
        float *channel = x.channel && y.channel ? fact_channels(f, s) : NULL;

        for (int64_t c = 0; channel && c < s->dim[1]; c++)
            if (!isnan(x.channel[c]) && !isnan(y.channel[c]))
                channel[c] = sign * fmaxf(sign * x.channel[c], sign * y.channel[c]);
        y = (struct fact){ sign * fmaxf(sign * x.lo, sign * y.lo),
                           sign * fmaxf(sign * x.hi, sign * y.hi), channel,
                           x.rounded || y.rounded };
    }
    return y;
}

static struct fact of_max(const struct facts *f, const struct node *n)
{
    return of_larger(f, n, 1.0f);
}

static struct fact of_min(const struct facts *f, const struct node *n)
{
    return of_larger(f, n, -1.0f);
}

/* What changes no element that is at least 0, and which is 0 at 0. */
static struct fact of_half_identity(const struct facts *f, const struct node *n)
{
    struct fact x = operand(f, n, 0);
    float *channel = x.channel ? fact_channels(f, &n->out[0]->shape) : NULL;

    for (int64_t c = 0; channel && c < n->out[0]->shape.dim[1]; c++)
        channel[c] = x.channel[c] >= 0.0f ? x.channel[c] : NAN;
    x.channel = channel;
    return x.lo >= 0.0f ? x : (struct fact){ -INFINITY, INFINITY, channel, x.rounded };
}

/* 0 at 0, and of the sign of its operand. */
static struct fact of_odd(const struct facts *f, const struct node *n)
{
    const struct fact x = operand(f, n, 0);
    float *channel = x.channel ? fact_channels(f, &n->out[0]->shape) : NULL;

    for (int64_t c = 0; channel && c < n->out[0]->shape.dim[1]; c++)
        channel[c] = x.channel[c] == 0.0f ? 0.0f : NAN;
    return (struct fact){ x.lo >= 0.0f ? 0.0f : -INFINITY, x.hi <= 0.0f ? 0.0f : INFINITY,
                          channel, false };
}

static struct fact of_positive(const struct facts *f, const struct node *n)
{
    (void)f, (void)n;
    return (struct fact){ 0.0f, INFINITY, NULL, false };
}

/* An average is rounded: of its bounds only the sign stays. */
static struct fact averaged(struct fact x)
{
    x.rounded = true;
    x.lo = x.lo >= 0.0f ? 0.0f : -INFINITY;
    x.hi = x.hi <= 0.0f ? 0.0f : INFINITY;
    return x;
}

/* Each window has an element that is not padding, which sticks out by less than a window. */
static bool windows_cover(const struct window *w)
{
    for (int i = 0; i < 4; i++)
        if (w->dilation[i % 2] != 1 || w->pad[i] >= w->kernel[i % 2])
            return false;
    return true;
}

static struct fact of_max_pool(const struct facts *f, const struct node *n)
{
    const struct pool_attr *a = n->attr;

    return windows_cover(&a->win) ? own(f, n->in[0]) : fact_unknown;
}

/* Padding that counts is 0. */
static struct fact of_average_pool(const struct facts *f, const struct node *n)
{
    const struct pool_attr *a = n->attr;
    const int64_t *pad = a->win.pad;
    const bool with_zeros = a->count_include_pad && (a->win.ceil_mode || pad[0] || pad[1] ||
                                                     pad[2] || pad[3]);
    struct fact x = averaged(own(f, n->in[0]));
    float *channel = x.channel ? fact_channels(f, &n->out[0]->shape) : NULL;

    if (!windows_cover(&a->win))
        return fact_unknown;
    for (int64_t c = 0; channel && c < n->out[0]->shape.dim[1]; c++)
        channel[c] = with_zeros && x.channel[c] != 0.0f ? NAN : x.channel[c];
    x.channel = channel;
    return x;
}

static struct fact of_global_max_pool(const struct facts *f, const struct node *n)
{
    return own(f, n->in[0]);
}

static struct fact of_global_average_pool(const struct facts *f, const struct node *n)
{
    return averaged(own(f, n->in[0]));
}

/* Elements of in[0] and no others, anywhere. */
static struct fact of_move(const struct facts *f, const struct node *n)
{
    struct fact x = own(f, n->in[0]);

    x.channel = NULL;
    return x;
}

static struct fact of_expand(const struct facts *f, const struct node *n)
{
    return operand(f, n, 0);
}

static struct fact of_pad(const struct facts *f, const struct node *n)
{
    const struct pad_attr *a = n->attr;
    struct fact x = of_move(f, n);

    if (a->mode == PAD_CONSTANT) {
        x.lo = fminf(x.lo, (float)a->value);
        x.hi = fmaxf(x.hi, (float)a->value);
    }
    return x;
}

/* A channel of the result is known if it lies within one of in[0]. */
static struct fact of_view(const struct facts *f, const struct node *n)
{
    const struct shape *from = &n->in[0]->shape, *to = &n->out[0]->shape;
    struct fact x = own(f, n->in[0]);
    const float *was = x.channel;
    float *channel;

    x.channel = NULL;
    if (!was || to->rank < 2 || from->dim[0] != to->dim[0] || !shape_len(to))
        return x;
    const int64_t inner = shape_product(from, 2, from->rank);
    const int64_t size = shape_product(to, 2, to->rank);

    x.channel = channel = fact_channels(f, to);
    for (int64_t c = 0; c < to->dim[1]; c++)
        if (c * size / inner == ((c + 1) * size - 1) / inner)
            channel[c] = was[c * size / inner];
    return x;
}

/* The one dimension in which the first input is smaller than the result; -1: none. */
static int concat_axis(const struct node *n)
{
    for (int i = 0; i < n->out[0]->shape.rank; i++)
        if (n->in[0]->shape.dim[i] != n->out[0]->shape.dim[i])
            return i;
    return -1;
}

static struct fact of_concat(const struct facts *f, const struct node *n)
{
    struct fact y = { INFINITY, -INFINITY, NULL, false };
    float *channel = concat_axis(n) == 1 ? fact_channels(f, &n->out[0]->shape) : NULL;
    int64_t at = 0;

    for (int i = 0; i < n->n_in; i++) {
        const struct fact x = own(f, n->in[i]);

        y.lo = fminf(y.lo, x.lo);
        y.hi = fmaxf(y.hi, x.hi);
        y.rounded = y.rounded || x.rounded;
        for (int64_t c = 0; channel && c < n->in[i]->shape.dim[1]; c++, at++)
            if (x.channel)
                channel[at] = x.channel[c];
    }
    y.channel = channel;
    return y;
}

static const struct { const struct op *op; rule *rule; } rules[] = {
    { &op_conv, of_conv }, { &op_gemm, of_gemm }, { &op_scale_shift, of_scale_shift },
    { &op_add, of_sum }, { &op_sum, of_sum }, { &op_mul, of_product },
    { &op_max, of_max }, { &op_min, of_min },
    { &op_max_pool, of_max_pool }, { &op_average_pool, of_average_pool },
    { &op_global_max_pool, of_global_max_pool },
    { &op_global_average_pool, of_global_average_pool },
    { &op_p_relu, of_half_identity }, { &op_unary_ELU, of_half_identity },
    { &op_unary_TANH, of_odd }, { &op_unary_ERF, of_odd },
    { &op_unary_SIGMOID, of_positive }, { &op_unary_HARD_SIGMOID, of_positive },
    { &op_unary_EXP, of_positive }, { &op_unary_SQRT, of_positive },
    { &op_softmax, of_positive },
    { &op_concat, of_concat }, { &op_expand, of_expand }, { &op_pad, of_pad },
    { &op_transpose, of_move }, { &op_slice, of_move }, { &op_split, of_move },
};

struct fact fact_by_rule(const struct facts *f, const struct node *n)
{
    if (n->op->flags & OP_VIEW)
        return of_view(f, n);
    for (int i = 0; i < COUNT(rules); i++)
        if (rules[i].op == n->op)
            return rules[i].rule(f, n);
    return fact_unknown;
}
