// SPDX-License-Identifier: Apache-2.0
#include "cli/layers.h"

#include "base/arena.h"
#include "cli/buildrun.h"
#include "cli/trace.h"

#include <math.h>

/* Infinity is where floats end: what rounds to it may be as little as that. */
static double number(float x)
{
    return isinf(x) ? copysign(0x1p128, (double)x) : (double)x;
}

/* How far `got` is from `want`, in bounds.  A bound that is not a number, or infinite, is that
 * of a sum with such terms, of which nothing is proven but that NaN stays NaN. */
static double ratio_of(float got, float want, double bound, double *error)
{
    *error = 0;
    if (got == want || (isnan(got) && isnan(want)))
        return 0;
    *error = isnan(got) || isnan(want) ? INFINITY : fabs(number(got) - number(want));
    if (!isfinite(bound))
        return isnan(want) ? INFINITY : 1;
    return *error / bound; /* of 0: infinity */
}

static void judge_floats(struct layer *l, const float *got, const float *want,
                         const double *bound, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double error;
        const double ratio = ratio_of(got[i], want[i], bound ? bound[i] : 0, &error);

        if (error == 0 || (l->error > 0 && !(ratio > l->ratio)))
            continue;
        l->error = error;
        l->bound = bound ? bound[i] : 0;
        l->ratio = ratio;
    }
    l->verdict = l->error == 0 ? STEP_EXACT : l->ratio <= 1 ? STEP_WITHIN : STEP_OFF;
}

/* Without a bound, or of no floats. */
static void judge_tensor(struct layer *l, const struct tensor *got, const struct tensor *want,
                         struct tolerance t)
{
    const struct comparison c = compare(got, want, t);

    l->error = c.max_abs;
    l->bound = want->type == DT_F32 ? t.atol + t.rtol * c.max_want : 0;
    if (want->type == DT_F32) {
        l->ratio = l->error / l->bound;
        l->verdict = l->error <= l->bound ? STEP_NO_BOUND : STEP_OFF;
        return;
    }
    l->ratio = c.n_off ? INFINITY : 0;
    l->verdict = c.n_off ? STEP_OFF : STEP_EXACT;
}

/* The outputs of step `s`, made from what the program had: by node->out, in `a`. */
static void **wanted(struct arena *a, const struct node *n, const void *const *got,
                     const void **in)
{
    void **out = arena_new_n(a, void *, n->n_out + 1);

    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i] ? got[n->in[i]->id] : NULL;
    for (int k = 0; k < n->n_out; k++)
        if (n->out[k])
            out[k] = arena_alloc(a, value_size(n->out[k]) + 1);
    n->op->eval(n, in, out);
    return out;
}

static void judge_step(const struct step *s, const void *const *got, struct tolerance t,
                       struct layer *first)
{
    const struct node *n = s->node;
    struct arena *a = arena_new();
    const void **in = arena_new_n(a, const void *, n->n_in + 1);
    void **out = wanted(a, n, got, in);
    struct layer *l = first;

    for (int k = 0; k < n->n_out; k++) {
        const struct value *v = n->out[k];

        if (!v)
            continue;
        const int64_t len = shape_len(&v->shape);
        const struct tensor g = { v->name, v->type, v->shape, got[v->id] };
        const struct tensor w = { v->name, v->type, v->shape, out[k] };
        struct bounds b = { .arena = a, .in = in, .want = out[k] };

        if (k == 0 && v->type == DT_F32 && n->op->bound)
            b.bound = arena_new_n(a, double, len + 1);
        if (v->type != DT_F32 || (b.bound && !n->op->bound(n, s->kernel, &b)))
            judge_tensor(l, &g, &w, t);
        else
            judge_floats(l, got[v->id], out[k], b.bound, len);
        l++;
    }
    arena_free(a);
}

static int count_outputs(const struct plan *p)
{
    int n = 0;

    for (int s = 0; s < p->n_steps; s++)
        n += p->steps[s].node->n_out;
    return n;
}

bool layers_compare(struct arena *a, const struct compiled *made, const struct tensor *inputs,
                    const char *trace, struct tolerance t, struct layers *out, struct diag *d)
{
    const struct plan *p = made->plan;
    const void **got = trace_values(a, made, inputs, trace, d);

    if (!got)
        return false;
    const void **run = graph_values(a, made->graph, inputs);

    *out = (struct layers){
        .layer = arena_new_n(a, struct layer, count_outputs(p) + 1), .first_off = -1,
    };
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *n = p->steps[s].node;
        struct layer *first = &out->layer[out->n];

        for (int k = 0; k < n->n_out; k++) {
            const struct value *v = n->out[k];

            if (!v)
                continue;
            const struct tensor g = { v->name, v->type, v->shape, got[v->id] };
            const struct tensor w = { v->name, v->type, v->shape, run[v->id] };

            out->layer[out->n++] = (struct layer){ .step = s, .value = v,
                                                   .run = compare(&g, &w, t) };
        }
        judge_step(&p->steps[s], got, t, first);
        for (const struct layer *l = first; l < &out->layer[out->n]; l++)
            if (l->verdict == STEP_OFF && out->first_off < 0)
                out->first_off = (int)(l - out->layer);
    }
    return true;
}
