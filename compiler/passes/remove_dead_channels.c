// SPDX-License-Identifier: Apache-2.0
/* remove_dead_channels - channels that tell nothing are not computed, nor read.
 *
 *     %4 = Conv(%0, %w, %b)  f32[1,64,8,8]   =>    %4 = Conv(%0, %w', %b')  f32[1,52,8,8]
 *     %5 = Relu(%4)                                %5 = Relu(%4)
 *     %6 = Conv(%5, %v, %c)                        %6 = Conv(%5, %v', %c')
 *
 * where 12 filters of %w are 0, so that their channels are what the bias says.  All values
 * that a channel goes through lose it (passes/ties.h): from the filters that make it to the
 * columns of the weights that read it.
 *
 * Only if each Conv and Gemm that reads the channel does without it: because it is 0 there,
 * or another constant, which then goes into the bias (not through padding, where it would be
 * 0 instead), or because all weights that it meets are 0.  Weights that are dropped must be
 * finite, since NaN * 0 is not 0.  One channel of each class always stays. */
#include "analysis/facts.h"
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/gemm.h"
#include "ops/op.h"
#include "passes/affine.h"
#include "passes/pass.h"
#include "passes/ties.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What is to be dropped of a class. */
struct drop {
    const struct tie_class *of;
    bool *unit;      /* [of->channels] */
    int64_t n;       /* of them */
    bool is_read;    /* by a Conv or a Gemm */
};

/* The weights of a Conv or a Gemm as a matrix: tap t of output o and input c is
 * data[o * out_step + c * in_step + t]. */
struct matrix {
    const float *data;
    int64_t n_out, out_step, in_step, taps;
};

static struct matrix matrix_of(const struct node *n)
{
    const struct shape *s = &n->in[1]->shape;
    const int64_t taps = shape_product(s, 2, s->rank);
    const bool by_row = n->op == &op_conv || ((const struct gemm_attr *)n->attr)->trans_b;

    return by_row ? (struct matrix){ n->in[1]->data, s->dim[0], s->dim[1] * taps, taps, taps } :
                    (struct matrix){ n->in[1]->data, s->dim[1], 1, s->dim[1], 1 };
}

/* The channels of v in each unit. */
static int64_t unit_size(const struct drop *d, const struct value *v)
{
    return v->shape.dim[1] / d->of->channels;
}

static bool has_padding(const struct node *n)
{
    if (n->op != &op_conv)
        return false;
    const struct window *w = &((const struct conv_attr *)n->attr)->win;

    return w->pad[0] > 0 || w->pad[1] > 0 || w->pad[2] > 0 || w->pad[3] > 0;
}

static bool is_zero(float w)
{
    return w == 0.0f;
}

static bool is_finite(float w)
{
    return isfinite(w);
}

/* Channel c of in[0] meets no other weights. */
static bool meets_only(const struct matrix *m, int64_t c, bool (*such)(float w))
{
    for (int64_t o = 0; o < m->n_out; o++)
        for (int64_t t = 0; t < m->taps; t++)
            if (!such(m->data[o * m->out_step + c * m->in_step + t]))
                return false;
    return true;
}

/* n computes the same without channel c of x = in[0], but for a bias. */
static bool spares(const struct node *n, const struct fact *x, const struct matrix *m, int64_t c)
{
    const float is = x->channel ? x->channel[c] : NAN;

    if (meets_only(m, c, is_zero))
        return true;
    if (isnan(is) || (is != 0.0f && has_padding(n)))
        return false;
    return meets_only(m, c, is_finite);
}

static struct fact fact_of_input(const struct facts *f, const struct node *n)
{
    return fact_of(f, n->in[0], &n->in[0]->shape);
}

/* Leaves in d->unit what n can do without. */
static void ask(const struct facts *f, const struct node *n, struct drop *d)
{
    const struct fact x = fact_of_input(f, n);
    const struct matrix m = matrix_of(n);
    const int64_t size = unit_size(d, n->in[0]);

    d->is_read = true;
    for (int64_t u = 0; u < d->of->channels; u++)
        for (int64_t c = u * size; d->unit[u] && c < (u + 1) * size; c++)
            d->unit[u] = spares(n, &x, &m, c);
}

/* `n`, of those in the class, is a Conv or Gemm that reads it. */
static bool reads(const struct ties *t, const struct tie_class *c, const struct node *n)
{
    return tie_role(n) == TIE_MIXES && tie_class_of(t, n->in[0]) == c;
}

static bool makes(const struct ties *t, const struct tie_class *c, const struct node *n)
{
    return tie_role(n) == TIE_MIXES && tie_class_of(t, n->out[0]) == c;
}

static struct drop find_drop(struct arena *a, const struct facts *f, const struct ties *t,
                             const struct tie_class *c)
{
    struct drop d = { .of = c, .unit = arena_new_n(a, bool, c->channels) };

    memset(d.unit, true, (size_t)c->channels * sizeof(*d.unit));
    for (const struct tied_node *i = c->nodes; i; i = i->next)
        if (reads(t, c, i->node))
            ask(f, i->node, &d);
    for (int64_t u = 0; u < c->channels; u++)
        d.n += d.unit[u];
    if (d.n == c->channels) {
        d.unit[0] = false;
        d.n--;
    }
    return d;
}

/* What the dropped channels add to each output of n; NULL: nothing. */
static double *addends(struct arena *a, const struct facts *f, const struct node *n,
                       const struct drop *d)
{
    const struct fact x = fact_of_input(f, n);
    const struct matrix m = matrix_of(n);
    const double alpha = n->op == &op_gemm ? ((const struct gemm_attr *)n->attr)->alpha : 1.0;
    double *sum = NULL;

    for (int64_t c = 0; x.channel && c < n->in[0]->shape.dim[1]; c++) {
        if (!d->unit[c / unit_size(d, n->in[0])] || isnan(x.channel[c]) || x.channel[c] == 0.0f ||
            meets_only(&m, c, is_zero))
            continue;
        if (!sum)
            sum = arena_new_n(a, double, m.n_out);
        for (int64_t o = 0; o < m.n_out; o++)
            for (int64_t k = 0; k < m.taps; k++)
                sum[o] += alpha * (double)x.channel[c] *
                          (double)m.data[o * m.out_step + c * m.in_step + k];
    }
    return sum;
}

/* The new biases of what reads the class, by the place in its list; NULL where it stays.
 * False: one is not finite. */
static bool find_biases(struct graph *g, const struct facts *f, const struct ties *t,
                        const struct drop *d, struct value **bias, bool *any)
{
    int at = 0;

    *any = false;
    for (const struct tied_node *i = d->of->nodes; i; i = i->next, at++) {
        struct affine shift = { 0 };

        if (!reads(t, d->of, i->node) || !(shift.shift = addends(g->arena, f, i->node, d)))
            continue;
        shift.n = matrix_of(i->node).n_out;
        bias[at] = affine_bias(g, i->node, &shift);
        if (!bias[at])
            return false;
        *any = true;
    }
    return true;
}

/* in[i], a constant, without what is dropped along `axis`, if it has all channels there. */
static void cut_constant(struct graph *g, struct node *n, int i, int axis, const struct drop *d,
                         int64_t channels)
{
    const struct value *v = node_in(n, i);

    if (!v || !v->data || axis < 0 || axis >= v->shape.rank || v->shape.dim[axis] != channels)
        return;
    const size_t row = (size_t)shape_product(&v->shape, axis + 1, v->shape.rank) * sizeof(float);
    const int64_t size = channels / d->of->channels, n_rows = shape_product(&v->shape, 0, axis + 1);
    struct shape s = v->shape;

    s.dim[axis] -= d->n * size;
    char *to = arena_alloc_n(g->arena, (size_t)shape_len(&s), sizeof(float));
    const char *from = v->data;
    struct value *by = graph_add_constant(g, v->name, v->type, s, to);

    for (int64_t r = 0; r < n_rows; r++) {
        if (d->unit[r % channels / size])
            continue;
        memcpy(to, from + (size_t)r * row, row);
        to += row;
    }
    node_set_input(g, n, i, by);
}

/* The constants of a node that keeps channels: one a channel, or broadcast to out[0]. */
static void cut_operands(struct graph *g, struct node *n, const struct drop *d)
{
    const struct shape *y = &n->out[0]->shape;

    for (int i = 0; i < n->n_in; i++) {
        const bool is_list = n->op == &op_scale_shift || (n->op == &op_conv && i != CONV_ADD);

        if (n->in[i])
            cut_constant(g, n, i, is_list ? 0 : 1 - (y->rank - n->in[i]->shape.rank), d,
                         y->dim[1]);
    }
    if (n->op == &op_conv)
        ((struct conv_attr *)n->attr)->group -= d->n * unit_size(d, n->in[CONV_X]);
}

/* The filters, and the biases, that made the channels. */
static void cut_outputs(struct graph *g, struct node *n, const struct drop *d)
{
    const int64_t channels = n->out[0]->shape.dim[1];
    const bool is_gemm = n->op == &op_gemm;
    const int axis = is_gemm && !((const struct gemm_attr *)n->attr)->trans_b;
    const struct value *bias = node_in(n, 2);

    cut_constant(g, n, 1, axis, d, channels);
    if (bias)
        cut_constant(g, n, 2, bias->shape.rank - 1, d, channels);
    if (!is_gemm)
        cut_constant(g, n, CONV_ADD, 1, d, channels);
}

static void cut_inputs(struct graph *g, struct node *n, const struct drop *d, struct value *bias)
{
    const bool by_row = n->op == &op_conv || ((const struct gemm_attr *)n->attr)->trans_b;

    cut_constant(g, n, 1, by_row, d, n->in[0]->shape.dim[1]);
    if (!bias)
        return;
    node_set_input(g, n, 2, bias);
    if (n->op == &op_gemm)
        ((struct gemm_attr *)n->attr)->beta = 1.0f;
}

static int n_nodes(const struct tie_class *c)
{
    int n = 0;

    for (const struct tied_node *i = c->nodes; i; i = i->next)
        n++;
    return n;
}

static bool remove_from(struct arena *a, struct graph *g, const struct facts *f,
                        const struct ties *t, const struct tie_class *c)
{
    const struct drop d = find_drop(a, f, t, c);
    struct value **bias = arena_new_n(a, struct value *, n_nodes(c) + 1);
    const struct node *maker = NULL;
    bool rounds;
    int at = 0;

    if (!d.n || !d.is_read || !find_biases(g, f, t, &d, bias, &rounds))
        return false;
    for (const struct tied_node *i = c->nodes; i; i = i->next, at++) {
        const bool is_reader = reads(t, c, i->node), is_maker = makes(t, c, i->node);

        if (is_reader)
            cut_inputs(g, i->node, &d, bias[at]);
        if (is_maker)
            cut_outputs(g, i->node, &d);
        if (!is_reader && !is_maker)
            cut_operands(g, i->node, &d);
        maker = is_maker || !maker ? i->node : maker;
    }
    for (const struct tied_value *i = c->values; i; i = i->next)
        i->value->shape.dim[1] -= d.n * unit_size(&d, i->value);
    rewrite_log(g, maker, REWRITE_ROUNDED, /* a kernel may add up what is left in another order */
                arena_printf(g->arena, "%" PRId64 " of its %" PRId64 " channels are 0 for every "
                             "input%s, or meet only weights that are 0", d.n, c->channels,
                             rounds ? ", or a constant that the next bias has now" : ""));
    return true;
}

bool pass_remove_dead_channels(struct graph *g)
{
    struct arena *a = arena_new();
    const struct facts *f = facts_of(a, g);
    const struct ties *t = ties_of(a, g);
    bool changed = false;

    /* From the end: what reads a channel may be gone by then. */
    for (int i = g->n_values - 1; i >= 0; i--) {
        const struct tie_class *c = tie_class_of(t, g->values[i]);

        if (!c->fixed && c->channels > 1 && c->values->value == g->values[i])
            changed |= remove_from(a, g, f, t, c);
    }
    arena_free(a);
    return changed;
}
