// SPDX-License-Identifier: Apache-2.0
#include "analysis/signal_push.h"

#include "base/arena.h"
#include "ops/batch_norm.h"
#include "ops/op.h"

#include <math.h>
#include <string.h>

static const double SMALL = 1e-3; /* change to signal, where an operator bends */
static const double LARGE = 1e6;  /* change to offset, where it does not: rounding of the offset
                                   * does not show in the difference then */
static const double HUGE_STEP = 1e37; /* the largest change, below the largest float */
static const double TINY = 1e-30; /* the least change, far above the smallest float */
/* To f(x): a change in front that is below the one, of which less than the other is left, is
 * lost in rounding. */
static const double LOST_IN = 1e-5, LOST_OUT = 1e-4;

double rms_of(const float *x, int64_t n)
{
    double sum = 0;
    int64_t finite = 0;

    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            sum += (double)x[i] * (double)x[i];
            finite++;
        }
    return finite ? sqrt(sum / (double)finite) : 0;
}

const struct tangent *tangent_find(const struct cell *c, int probe)
{
    for (int i = 0; i < c->n_tangents; i++)
        if (c->tangents[i].probe == probe)
            return &c->tangents[i];
    return NULL;
}

void tangent_add(struct cell *c, struct tangent t)
{
    if (!(c->n_tangents & (c->n_tangents - 1))) /* a power of two, or none */
        c->tangents = arena_grow(c->arena, c->tangents, (size_t)c->n_tangents,
                                 2 * (size_t)c->n_tangents + 1, sizeof *c->tangents);
    c->tangents[c->n_tangents++] = t;
}

void *new_elements(struct arena *a, const struct value *v)
{
    return arena_alloc(a, value_size(v) + 1);
}

/* The outputs, with in[i] replaced by `instead`. */
static void evaluate(const struct step *k, int i, const void *instead, void **out)
{
    const void *kept = k->in[i];

    k->in[i] = instead;
    k->n->op->eval(k->n, k->in, out);
    k->in[i] = kept;
}

static void **new_outputs(const struct step *k)
{
    void **out = arena_new_n(k->arena, void *, k->n->n_out + 1);

    for (int o = 0; o < k->n->n_out; o++)
        if (k->n->out[o])
            out[o] = new_elements(k->arena, k->n->out[o]);
    return out;
}

/* sum += (changed - base) * factor; what is no number in one of them does not count. */
static void add_difference(const struct step *k, void *const *base, double factor)
{
    for (int o = 0; o < k->n->n_out; o++) {
        if (!is_float(k->n->out[o]))
            continue;
        const float *x = base[o], *y = k->changed[o];
        const int64_t n = shape_len(&k->n->out[o]->shape);

        for (int64_t i = 0; i < n; i++)
            if (isfinite(x[i]) && isfinite(y[i]))
                k->sum[o][i] += ((double)y[i] - (double)x[i]) * factor;
    }
}

/* in[i] is x + h * t, with x NULL: h * t. */
static const float *moved(const struct step *k, int i, const float *x, double h, const float *t)
{
    const struct value *v = k->n->in[i];
    const int64_t n = shape_len(&v->shape);

    if (!k->moved[i])
        k->moved[i] = new_elements(k->arena, v);
    for (int64_t e = 0; e < n; e++)
        k->moved[i][e] = (float)((x ? (double)x[e] : 0.0) + h * (double)t[e]);
    return k->moved[i];
}

/* What of the probe is in in[i]; NULL: nothing. */
static const struct tangent *arriving(const struct step *k, int i, int probe)
{
    return is_float(k->n->in[i]) ? tangent_find(&k->cell[k->n->in[i]->id], probe) : NULL;
}

static void clear_change(const struct step *k)
{
    for (int o = 0; o < k->n->n_out; o++)
        if (is_float(k->n->out[o]))
            memset(k->sum[o], 0, (size_t)shape_len(&k->n->out[o]->shape) * sizeof(double));
}

/* f(.., h t, ..) - f(.., 0, ..), one input at a time, each weighed by its scale. */
static void push_affine(struct step *k, int probe, double top)
{
    clear_change(k);
    for (int i = 0; i < k->n->n_in; i++) {
        const struct tangent *t = arriving(k, i, probe);
        double size = 1;

        if (!t)
            continue;
        if (!k->offset[i]) {
            k->offset[i] = new_outputs(k);
            evaluate(k, i, new_elements(k->arena, k->n->in[i]), k->offset[i]);
        }
        for (int o = 0; o < k->n->n_out; o++)
            if (is_float(k->n->out[o]))
                size = fmax(size, rms_of(k->offset[i][o], shape_len(&k->n->out[o]->shape)));
        const double h = fmin(LARGE * size, HUGE_STEP);

        evaluate(k, i, moved(k, i, NULL, h, t->t), k->changed);
        add_difference(k, k->offset[i], pow(10, t->scale - top) / h);
    }
}

/* Of the change in out[o]. */
static double change_rms(const struct step *k, int o)
{
    const int64_t n = shape_len(&k->n->out[o]->shape);
    double squares = 0;

    for (int64_t i = 0; i < n; i++)
        squares += k->sum[o][i] * k->sum[o][i];
    return n ? sqrt(squares / (double)n) : 0;
}

/* (f(x + h t) - f(x)) / h, all inputs at once. */
static void push_by(struct step *k, int probe, double top, double h)
{
    const void **in = arena_new_n(k->arena, const void *, k->n->n_in + 1);

    for (int i = 0; i < k->n->n_in; i++) {
        const struct tangent *t = arriving(k, i, probe);

        in[i] = t ? moved(k, i, k->in[i], h * pow(10, t->scale - top), t->t) : k->in[i];
    }
    k->n->op->eval(k->n, in, k->changed);
    clear_change(k);
    add_difference(k, k->out, 1 / h);
}

static bool is_lost(const struct step *k, double h)
{
    for (int o = 0; o < k->n->n_out; o++) {
        const struct value *v = k->n->out[o];
        const double size = is_float(v) ? rms_of(k->out[o], shape_len(&v->shape)) : 0;

        if (is_float(v) && (h >= LOST_IN * size || h * change_rms(k, o) >= LOST_OUT * size))
            return false;
    }
    return true;
}

/* h t is small beside x, but where f(x) is far from 0 at a small x, as a Sigmoid is, beside 1. */
static void push_bent(struct step *k, int probe, double top)
{
    double h = TINY;

    for (int i = 0; i < k->n->n_in; i++)
        if (arriving(k, i, probe))
            h = fmax(h, SMALL * k->cell[k->n->in[i]->id].rms);
    push_by(k, probe, top, h);
    if (h < SMALL && is_lost(k, h))
        push_by(k, probe, top, SMALL);
}

/* Brings k->sum back to RMS 1 and gives it to the outputs. */
static void keep_tangents(const struct step *k, int probe, double top)
{
    for (int o = 0; o < k->n->n_out; o++) {
        const struct value *v = k->n->out[o];
        const double rms = is_float(v) ? change_rms(k, o) : 0;

        if (!(rms > 0) || !isfinite(rms))
            continue; /* nothing arrives */
        struct cell *c = &k->cell[v->id];
        const int64_t n = shape_len(&v->shape);
        float *t = arena_new_n(c->arena, float, n);

        for (int64_t i = 0; i < n; i++)
            t[i] = (float)(k->sum[o][i] / rms);
        tangent_add(c, (struct tangent){ probe, top + log10(rms), t });
    }
}

static bool is_affine(const struct node *n)
{
    return n->op->flags & OP_AFFINE && (n->op != &op_batch_norm || n->in[BN_VAR]->data);
}

void push_probe(struct step *k, int probe)
{
    double top = -INFINITY;

    for (int i = 0; i < k->n->n_in; i++) {
        const struct tangent *t = arriving(k, i, probe);

        if (t)
            top = fmax(top, t->scale);
    }
    if (top == -INFINITY)
        return;
    if (is_affine(k->n))
        push_affine(k, probe, top);
    else
        push_bent(k, probe, top);
    keep_tangents(k, probe, top);
}

void push_start(struct step *k)
{
    k->n->op->eval(k->n, k->in, k->out);
    k->offset = arena_new_n(k->arena, void **, k->n->n_in + 1);
    k->moved = arena_new_n(k->arena, float *, k->n->n_in + 1);
    k->sum = arena_new_n(k->arena, double *, k->n->n_out + 1);
    k->changed = new_outputs(k);
    for (int o = 0; o < k->n->n_out; o++)
        if (is_float(k->n->out[o]))
            k->sum[o] = arena_new_n(k->arena, double, shape_len(&k->n->out[o]->shape) + 1);
}
