// SPDX-License-Identifier: Apache-2.0
/* call - brings a trial's data into the form that a kernel takes, and holds
 * what it made of them against the trial's. */
#include "trial.h"

#include "base/arena.h"
#include "ops/window.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const struct kernel_call *call_find(const struct subject *s, const struct kernel *k)
{
    for (int i = 0; i < s->n_calls; i++)
        if (strcmp(s->calls[i].fn, k->fn) == 0)
            return &s->calls[i];
    return NULL;
}

bool call_matches(const struct trial *t, const struct kernel *k)
{
    return !k->match || k->match(t->n);
}

static struct resc_halo random_halo(struct rng *r)
{
    struct resc_halo halo = { 0 };
    int *const sides[] = { &halo.top, &halo.left, &halo.bottom, &halo.right };

    if (rng_between(r, 0, 1))
        for (int i = 0; i < 4; i++)
            *sides[i] = rng_between(r, 0, 3);
    return halo;
}

static struct resc_halo add_halos(struct resc_halo a, struct resc_halo b)
{
    return (struct resc_halo){ a.top + b.top, a.left + b.left, a.bottom + b.bottom,
                               a.right + b.right };
}

/* Where everything lies. */
static void choose_layouts(struct call *c, struct trial *t, int in_place, struct rng *r)
{
    const struct kernel *k = c->k;
    const struct resc_halo usual = { 1, 1, 1, 1 };

    for (int i = 0; i < t->n->n_in; i++) {
        const struct value *v = t->n->in[i];

        if (!v || v->data || k->in != LAYOUT_C16)
            continue;
        c->layout[i].kind = LAYOUT_C16;
        c->layout[i].halo = k->halo ? k->halo(t->n, i) : (struct resc_halo){ 0 };
        if (r)
            c->layout[i].halo = add_halos(c->layout[i].halo, random_halo(r));
    }
    if (k->out == LAYOUT_C16)
        c->out = (struct layout){ LAYOUT_C16, r ? random_halo(r) : usual };
    if (in_place >= 0 && k->out == LAYOUT_C16)
        c->out.halo = c->layout[in_place].halo;
}

/* The channels, the height and width, and the halo of a value in blocks. */
struct blocks {
    int64_t images, c, blocks, h, w, top, left, height, width;
};

static struct blocks blocks_of(const struct value *v, const struct layout *l)
{
    int64_t hw[2];

    window_spatial(&v->shape, hw);
    return (struct blocks){
        v->shape.dim[0], v->shape.dim[1], resc_c16_blocks((ptrdiff_t)v->shape.dim[1]),
        hw[0], hw[1], l->halo.top, l->halo.left,
        l->halo.top + hw[0] + l->halo.bottom, l->halo.left + hw[1] + l->halo.right,
    };
}

enum lane { LANE_ELEMENT, LANE_TAIL, LANE_HALO };

/* What the float at `at` is. */
static enum lane lane_at(const struct blocks *b, int64_t at)
{
    const int64_t lane = at % RESC_LANES, x = at / RESC_LANES % b->width - b->left;
    const int64_t y = at / RESC_LANES / b->width % b->height - b->top;
    const int64_t block = at / RESC_LANES / b->width / b->height % b->blocks;

    if (x < 0 || x >= b->w || y < 0 || y >= b->h)
        return LANE_HALO;
    return block * RESC_LANES + lane < b->c ? LANE_ELEMENT : LANE_TAIL;
}

/* Lanes without a channel: any finite numbers. */
static void fill_tails(const struct value *v, const struct layout *l, struct buffer *to,
                       struct rng *r)
{
    static const float numbers[] = { 0.0f, 0.0f, 1.0f, -1.0f, 3.0f, -4.0f, 1e15f, -1e15f };
    const struct blocks b = blocks_of(v, l);

    for (size_t i = 0; b.c % RESC_LANES && i < to->len; i++)
        if (lane_at(&b, (int64_t)i) == LANE_TAIL)
            to->data[i] = numbers[rng_between(r, 0, 7)];
}

static struct buffer laid_out(const struct value *v, const struct layout *l,
                              const struct buffer *from, struct rng *r)
{
    const size_t skew = l->kind == LAYOUT_NCHW && !v->data && r ? (size_t)rng_between(r, 0, 15) : 0;
    struct buffer b = buffer_new(layout_size(v, l) / sizeof(float), skew);

    if (b.len)
        layout_from_nchw(v, l, from->data, b.data);
    if (l->kind == LAYOUT_C16 && r)
        fill_tails(v, l, &b, r);
    return b;
}

static struct buffer copy_of(const struct buffer *b)
{
    struct buffer copy = buffer_new(b->len, 0);

    if (b->len)
        memcpy(copy.data, b->data, b->len * sizeof(float));
    return copy;
}

/* What a value of this shape takes at most if channels are filled up to whole blocks. */
static int64_t filled_up(const struct shape *s)
{
    int64_t len = 1;

    for (int i = 0; i < s->rank; i++)
        len *= i < 2 ? (s->dim[i] + 15) / 16 * 16 : s->dim[i];
    return len;
}

static void pack(struct call *c, struct trial *t)
{
    struct value *in[SUBJECT_INPUTS] = { NULL };

    memcpy(in, t->n->in, (size_t)t->n->n_in * sizeof(*in));
    if (c->k->pack)
        c->k->pack(t->g, t->n, in);
    for (int i = 0; i < t->n->n_in; i++) {
        if (!in[i] || !in[i]->data)
            continue;
        assert(i != 1 || c->k->flags & KERNEL_GROWS || /* 1: the weights */
               shape_len(&in[i]->shape) <= filled_up(&t->n->in[i]->shape));
        c->in[i] = buffer_new(value_size(in[i]) / sizeof(float), 0);
        if (c->in[i].len)
            memcpy(c->in[i].data, in[i]->data, c->in[i].len * sizeof(float));
    }
}

static void fill_params(struct call *c, const struct trial *t)
{
    const struct params *params = t->n->op->params;
    const struct layout *in[SUBJECT_INPUTS] = { NULL };

    if (!params)
        return;
    params->fill(t->n, c->params);
    if (!params->place || (c->k->in != LAYOUT_C16 && c->k->out != LAYOUT_C16))
        return;
    for (int i = 0; i < t->n->n_in; i++)
        in[i] = t->n->in[i] ? &c->layout[i] : NULL;
    params->place(t->n, in, &c->out, c->params);
}

void call_start(struct call *c, struct trial *t, const struct kernel *k, int in_place,
                struct rng *r)
{
    *c = (struct call){ .k = k, .fn = call_find(t->s, k) };
    choose_layouts(c, t, in_place, r);
    fill_params(c, t);
    pack(c, t);
    for (int i = 0; i < t->n->n_in; i++) {
        if (!t->n->in[i])
            continue;
        if (!t->n->in[i]->data)
            c->in[i] = laid_out(t->n->in[i], &c->layout[i], &t->in[i], r);
        c->copy[i] = copy_of(&c->in[i]);
        c->arg[i] = c->in[i].data;
    }
    if (in_place >= 0) {
        c->y = laid_out(t->n->in[in_place], &c->layout[in_place], &t->in[in_place], r);
        c->arg[in_place] = c->y.data;
    } else {
        const size_t skew = k->out == LAYOUT_NCHW && r ? (size_t)rng_between(r, 0, 15) : 0;

        c->y = buffer_new(layout_size(t->n->out[0], &c->out) / sizeof(float), skew);
    }
    c->scratch = buffer_new(k->scratch ? k->scratch(t->n) / sizeof(float) : 0, 0);
}

void call_run(struct call *c)
{
    c->fn->call(c->params, c->arg, c->y.data, c->scratch.len ? c->scratch.data : NULL);
}

void call_end(struct call *c)
{
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        buffer_free(&c->in[i]);
        buffer_free(&c->copy[i]);
    }
    buffer_free(&c->y);
    buffer_free(&c->scratch);
}

static bool same(float a, float b)
{
    return a == b || (isnan(a) && isnan(b));
}

static double terms_of(const struct trial *t)
{
    return t->s->terms ? t->s->terms(t->n) : 0.0;
}

/* NaNs must be there, and may be elsewhere. */
static bool only_nan_spreads(const struct trial *t, const struct call *c, float y, float wanted)
{
    if (t->kind != NANS)
        return false;
    return isnan(y) || (!isnan(wanted) && c->k->flags & KERNEL_WINOGRAD);
}

static void compare_elements(struct trial *t, const struct call *c, int in_place, const float *y)
{
    for (size_t i = 0; i < t->wanted.len; i++) {
        const float wanted = t->wanted.data[i];

        if (same(y[i], wanted) || only_nan_spreads(t, c, y[i], wanted))
            continue;
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "element %zu is %.9g, wanted %.9g\n", i, (double)y[i], (double)wanted);
        return;
    }
}

/* What the certificate of `verify --layers` relies on. */
static void compare_bounds(struct trial *t, const struct call *c, int in_place, const float *y)
{
    const struct bounds *b = trial_bounds(t, c->k);

    if (!b) {
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "there is no bound of its rounding\n");
        return;
    }
    for (size_t i = 0; i < t->wanted.len; i++) {
        const float wanted = t->s->define ? t->wanted.data[i] : b->want[i];
        const double error = fabs((double)y[i] - (double)wanted);

        if (same(y[i], wanted))
            continue;
        if (error <= b->bound[i]) {
            t->nearest = fmax(t->nearest, error / b->bound[i]);
            continue;
        }
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "element %zu is %.9g, wanted %.9g within %.3g\n", i, (double)y[i],
                (double)wanted, b->bound[i]);
        return;
    }
}

static double mean_square(const struct buffer *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < b->len; i++)
        sum += (double)b->data[i] * (double)b->data[i];
    return b->len ? sum / (double)b->len : 0.0;
}

/* The L2 norm of the error against that of the results.  Where they happen to
 * cancel or are cut by the activation: of sums of such terms with random signs;
 * and where windows lie beyond the input: of one term.  No NaN passes. */
static void compare_norms(struct trial *t, const struct call *c, int in_place, const float *y)
{
    const float *absolute = trial_absolute(t);
    const double one_term = mean_square(&t->in[0]) * mean_square(&t->in[1]);
    double error = 0.0, norm = 0.0, typical = 0.0;

    for (size_t i = 0; i < t->wanted.len; i++) {
        const double off = (double)y[i] - (double)t->wanted.data[i];

        error += off * off;
        norm += (double)t->wanted.data[i] * (double)t->wanted.data[i];
        typical += one_term + (double)absolute[i] * (double)absolute[i] / (terms_of(t) + 1.0);
    }
    norm = sqrt(norm > typical ? norm : typical);
    if (sqrt(error) <= 2e-5 * norm)
        return;
    trial_complain(t, c->k->fn, in_place);
    fprintf(stderr, "the error's L2 norm is %.3g of %.3g\n", sqrt(error), norm);
}

static void check_around(struct trial *t, const struct call *c, int in_place)
{
    const struct blocks b = blocks_of(t->n->out[0], &c->out);

    for (size_t i = 0; i < c->y.len; i++) {
        const enum lane lane = lane_at(&b, (int64_t)i);
        const char *what = lane == LANE_HALO && !(c->y.data[i] == 0.0f) ? "the halo"
                         : lane == LANE_TAIL && t->kind != NANS && !isfinite(c->y.data[i])
                         ? "a lane beyond the channels" : NULL;

        if (!what)
            continue;
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "%s holds %g, at float %zu; halo %d,%d,%d,%d\n", what,
                (double)c->y.data[i], i, c->out.halo.top, c->out.halo.left, c->out.halo.bottom,
                c->out.halo.right);
        return;
    }
}

static void check_memory(struct trial *t, const struct call *c, int in_place)
{
    if (!buffer_intact(&c->y)) {
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "wrote beside the output\n");
    }
    if (!buffer_intact(&c->scratch)) {
        trial_complain(t, c->k->fn, in_place);
        fprintf(stderr, "wrote beside the scratch of %zu floats\n", c->scratch.len);
    }
    for (int i = 0; i < t->n->n_in; i++)
        if (t->n->in[i] && (!buffer_intact(&c->in[i]) || !buffer_same(&c->in[i], &c->copy[i]))) {
            trial_complain(t, c->k->fn, in_place);
            fprintf(stderr, "changed input %d\n", i);
        }
}

/* FNV-1a, of bits; a NaN is one NaN. */
static void digest_add(uint64_t *digest, const float *y, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint32_t bits;

        memcpy(&bits, &y[i], sizeof bits);
        *digest = (*digest ^ (isnan(y[i]) ? 0x7fc00000u : bits)) * 1099511628211u;
    }
}

void check_call(struct trial *t, const struct kernel *k, int in_place, struct rng *r)
{
    struct call c;
    struct buffer y = buffer_new(t->wanted.len, 0);

    call_start(&c, t, k, in_place, r);
    call_run(&c);
    if (y.len)
        layout_to_nchw(t->n->out[0], &c.out, c.y.data, y.data);
    if (t->digest)
        digest_add(t->digest, y.data, y.len);
    if (t->kind == REALS && t->n->op->bound)
        compare_bounds(t, &c, in_place, y.data);
    if (k->flags & KERNEL_WINOGRAD && t->kind != NANS)
        compare_norms(t, &c, in_place, y.data);
    else if (t->kind != REALS || !t->s->terms)
        compare_elements(t, &c, in_place, y.data);
    if (k->out == LAYOUT_C16)
        check_around(t, &c, in_place);
    check_memory(t, &c, in_place);
    call_end(&c);
    buffer_free(&y);
}
