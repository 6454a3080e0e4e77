// SPDX-License-Identifier: Apache-2.0
#include "trial.h"

#include "base/arena.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char no_data[1]; /* of a constant between two trials */

static const char *const kind_names[] = { "integers", "reals", "specials", "NaNs" };

struct value *subject_value(struct graph *g, const char *name, struct shape s)
{
    return graph_add_value(g, name, DT_F32, s);
}

struct value *subject_constant(struct graph *g, const char *name, struct shape s)
{
    return graph_add_constant(g, name, DT_F32, s, no_data);
}

static float random_float(struct rng *r, enum data_kind kind, bool constant)
{
    if (kind == REALS)
        return (float)((double)(rng_next(r) >> 40) / 8388608.0 - 1.0);
    if (kind == SPECIALS && rng_one_in(r, 10))
        return rng_between(r, 0, 1) ? NAN : rng_between(r, 0, 1) ? INFINITY : -INFINITY;
    if (kind == NANS && !constant && rng_one_in(r, 50))
        return NAN;
    return (float)rng_between(r, -4, 4);
}

static size_t value_len(const struct value *v)
{
    return (size_t)shape_len(&v->shape);
}

static void reference(const struct trial *t, const struct buffer in[SUBJECT_INPUTS], float *y)
{
    const float *p[SUBJECT_INPUTS] = { NULL };
    const void *vp[SUBJECT_INPUTS] = { NULL };

    for (int i = 0; i < t->n->n_in; i++)
        if (t->n->in[i])
            vp[i] = p[i] = in[i].data;
    if (t->s->define) {
        alignas(max_align_t) unsigned char params[PARAMS_MAX] = { 0 };

        t->n->op->params->fill(t->n, params);
        t->s->define(params, p, y);
    } else {
        t->n->op->eval(t->n, vp, (void *[]){ y });
    }
}

static void make_absolute(struct trial *t)
{
    const struct act act = t->n->act;
    struct buffer in[SUBJECT_INPUTS];

    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        in[i] = buffer_new(t->in[i].len, 0);
        for (size_t k = 0; k < t->in[i].len; k++)
            in[i].data[k] = fabsf(t->in[i].data[k]);
    }
    t->n->act.kind = ACT_NONE;
    reference(t, in, t->absolute.data);
    t->n->act = act;
    for (int i = 0; i < SUBJECT_INPUTS; i++)
        buffer_free(&in[i]);
}

const float *trial_absolute(struct trial *t)
{
    if (!t->absolute.memory) {
        t->absolute = buffer_new(t->wanted.len, 0);
        make_absolute(t);
    }
    return t->absolute.data;
}

const struct bounds *trial_bounds(struct trial *t, const struct kernel *k)
{
    const void **in;

    if (t->bounds_of == k)
        return t->bounded ? &t->b : NULL;
    arena_free(t->bounds);
    t->bounds = arena_new();
    t->bounds_of = k;
    in = arena_new_n(t->bounds, const void *, SUBJECT_INPUTS);
    for (int i = 0; i < t->n->n_in; i++)
        in[i] = t->n->in[i] ? t->in[i].data : NULL;
    t->b = (struct bounds){
        .arena = t->bounds, .in = in, .want = arena_new_n(t->bounds, float, t->wanted.len + 1),
        .bound = arena_new_n(t->bounds, double, t->wanted.len + 1),
    };
    t->n->op->eval(t->n, in, (void *[]){ t->b.want });
    t->bounded = t->n->op->bound && t->n->op->bound(t->n, k, &t->b);
    return t->bounded ? &t->b : NULL;
}

void trial_start(struct trial *t, struct rng *r)
{
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        struct value *v = node_in(t->n, i);
        const bool constant = v && v->data;

        t->in[i] = buffer_new(v ? value_len(v) : 0, 0);
        for (size_t k = 0; k < t->in[i].len; k++)
            t->in[i].data[k] = random_float(r, t->kind, constant);
        if (constant)
            v->data = t->in[i].data;
    }
    t->wanted = buffer_new(value_len(t->n->out[0]), 0);
}

void trial_reference(struct trial *t)
{
    reference(t, t->in, t->wanted.data);
}

void trial_end(struct trial *t)
{
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        if (node_in(t->n, i) && t->n->in[i]->data)
            t->n->in[i]->data = no_data;
        buffer_free(&t->in[i]);
    }
    buffer_free(&t->wanted);
    buffer_free(&t->absolute);
    arena_free(t->bounds);
}

void trial_complain(struct trial *t, const char *fn, int in_place)
{
    char text[SHAPE_TEXT_MAX];

    t->failures++;
    fprintf(stderr, "%s --seed=%" PRIu64 ", shape %d, %s, act=%d", fn, t->seed, t->shape,
            kind_names[t->kind], (int)t->n->act.kind);
    for (int i = 0; i < t->n->n_in; i++)
        fprintf(stderr, " %s", t->n->in[i] ? shape_text(&t->n->in[i]->shape, text) : "-");
    fprintf(stderr, " ->  %s", shape_text(&t->n->out[0]->shape, text));
    if (t->n->op->print)
        t->n->op->print(t->n, stderr);
    if (in_place >= 0)
        fprintf(stderr, ", over input %d", in_place);
    fprintf(stderr, ": ");
}
