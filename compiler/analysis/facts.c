// SPDX-License-Identifier: Apache-2.0
#include "analysis/facts.h"

#include "analysis/facts_rule.h"
#include "base/arena.h"
#include "ops/clip.h"
#include "ops/op.h"
#include "ops/unary.h"

#include <float.h>
#include <math.h>

const struct fact fact_unknown = { -INFINITY, INFINITY, NULL, false };

float *fact_channels(const struct facts *f, const struct shape *s)
{
    float *channel;

    if (s->rank < 2)
        return NULL;
    channel = arena_new_n(f->arena, float, s->dim[1]);
    for (int64_t c = 0; c < s->dim[1]; c++)
        channel[c] = NAN;
    return channel;
}

/* Of the elements of `v`, a constant that is broadcast to s. */
static struct fact of_constant(const struct facts *f, const struct value *v, const struct shape *s)
{
    const float *data = v->data;
    const int64_t len = shape_len(&v->shape);
    const int axis = 1 - (s->rank - v->shape.rank); /* that of the channels; it may have none */
    const bool has_axis = axis >= 0 && axis < v->shape.rank;
    const int64_t n = has_axis ? v->shape.dim[axis] : 1;
    const int64_t inner = has_axis ? shape_product(&v->shape, axis + 1, v->shape.rank) : len;
    struct fact x = { INFINITY, -INFINITY, NULL, false };
    float *channel = fact_channels(f, s);

    if (v->type != DT_F32 || !len || v->shape.rank > s->rank)
        return fact_unknown;
    for (int64_t i = 0; i < len; i++) {
        const int64_t c = i / inner % n;

        if (!isfinite(data[i]))
            return fact_unknown;
        x.lo = fminf(x.lo, data[i]);
        x.hi = fmaxf(x.hi, data[i]);
        if (channel && c < s->dim[1])
            channel[c] = i / inner == c && i % inner == 0 ? data[i] :
                         channel[c] == data[i] ? channel[c] : NAN;
    }
    for (int64_t c = 1; channel && n == 1 && c < s->dim[1]; c++)
        channel[c] = channel[0];
    x.channel = channel;
    return x;
}

struct fact fact_of(const struct facts *f, const struct value *v, const struct shape *s)
{
    struct fact x;
    float *channel;

    if (v->data)
        return of_constant(f, v, s);
    if (v->id >= f->n)
        return fact_unknown;
    x = f->of[v->id];
    if (!x.channel || (v->shape.rank == s->rank && v->shape.dim[1] == s->dim[1]))
        return x;
    channel = v->shape.rank == s->rank ? fact_channels(f, s) : NULL;
    for (int64_t c = 0; channel && c < s->dim[1]; c++)
        channel[c] = x.channel[0];
    x.channel = channel;
    return x;
}

bool fact_is_zero(const struct fact *x, const struct shape *s)
{
    if (x->lo == 0.0f && x->hi == 0.0f)
        return true;
    if (!x->channel)
        return false;
    for (int64_t c = 0; c < s->dim[1]; c++)
        if (x->channel[c] != 0.0f)
            return false;
    return true;
}

struct act act_of_node(const struct node *n)
{
    const struct act none = { ACT_NONE, 0.0f, 0.0f };

    if (!n->out[0] || n->out[0]->type != DT_F32)
        return none;
    if (n->op == &op_unary_RELU)
        return (struct act){ ACT_RELU, 0.0f, 0.0f };
    if (n->op == &op_unary_LEAKY_RELU)
        return (struct act){ ACT_LEAKY_RELU, ((const struct unary_attr *)n->attr)->alpha, 0.0f };
    if (n->op == &op_clip && n->n_in == 1) {
        const struct clip_attr *a = n->attr;

        return (struct act){ ACT_CLIP, a->lo, a->hi };
    }
    return none;
}

bool act_is_idle(const struct act *act, const struct fact *before)
{
    switch (act->kind) {
    case ACT_NONE:
        break;
    case ACT_RELU:
    case ACT_LEAKY_RELU:
        return before->lo >= 0.0f;
    case ACT_CLIP:
        return (act->lo <= -FLT_MAX || before->lo >= act->lo) &&
               (act->hi >= FLT_MAX || before->hi <= act->hi);
    }
    return true;
}

static float activated(const struct act *act, float x)
{
    switch (act->kind) {
    case ACT_NONE:
        break;
    case ACT_RELU:
        return x < 0.0f ? 0.0f : x;
    case ACT_CLIP:
        x = x < act->lo ? act->lo : x;
        return x > act->hi ? act->hi : x;
    case ACT_LEAKY_RELU:
        return x < 0.0f ? x * act->lo : x;
    }
    return x;
}

struct fact fact_sound(const struct facts *f, const struct shape *s, struct fact x)
{
    bool known = false, positive = true, negative = true;
    float *channel = x.channel ? fact_channels(f, s) : NULL;

    for (int64_t c = 0; channel && c < s->dim[1]; c++) {
        channel[c] = isfinite(x.channel[c]) ? x.channel[c] : NAN;
        known = known || !isnan(channel[c]);
        positive = positive && channel[c] >= 0.0f;
        negative = negative && channel[c] <= 0.0f;
    }
    x.channel = known ? channel : NULL;
    x.lo = known && positive && !(x.lo >= 0.0f) ? 0.0f : isnan(x.lo) ? -INFINITY : x.lo;
    x.hi = known && negative && !(x.hi <= 0.0f) ? 0.0f : isnan(x.hi) ? INFINITY : x.hi;
    return x;
}

static struct fact after_act(const struct facts *f, const struct shape *s, const struct act *act,
                             struct fact x)
{
    const float *before = x.channel;

    if (before) {
        float *channel = fact_channels(f, s);

        for (int64_t c = 0; channel && c < s->dim[1]; c++)
            channel[c] = activated(act, before[c]);
        x.channel = channel;
    }
    if (act->kind == ACT_LEAKY_RELU && !(x.lo >= 0.0f)) {
        x.lo = -INFINITY, x.hi = INFINITY;
        return x;
    }
    x.lo = activated(act, x.lo); /* an activation grows with x */
    x.hi = activated(act, x.hi);
    return x;
}

struct fact fact_before_act(const struct facts *f, const struct node *n)
{
    const struct shape *s = &n->out[0]->shape;

    return act_of_node(n).kind == ACT_NONE ? fact_sound(f, s, fact_by_rule(f, n)) :
                                             fact_of(f, n->in[0], s);
}

struct facts *facts_of(struct arena *a, const struct graph *g)
{
    struct facts *f = arena_new_n(a, struct facts, 1);

    *f = (struct facts){ a, g->n_values, arena_new_n(a, struct fact, g->n_values + 1) };
    for (int i = 0; i < g->n_values; i++)
        f->of[i] = fact_unknown;
    graph_foreach_node(n, g) {
        const struct value *v = n->out[0];
        struct act act = act_of_node(n);

        if (!v || v->type != DT_F32)
            continue;
        const struct fact x = fact_before_act(f, n);

        act = act.kind == ACT_NONE ? n->act : act;
        f->of[v->id] = fact_sound(f, &v->shape, after_act(f, &v->shape, &act, x));
    }
    return f;
}
