// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include "base/arena.h"
#include "ops/conv.h"
#include "ops/op.h"
#include "rng.h"

#include <math.h>
#include <string.h>

/* NOISE: of the largest element, as sums are off by; a Winograd product of small
 * size is, too.  MARGIN: a program may be so much further off than the noise.
 * FLOOR: of the largest element, if noise moves nothing. */
#define NOISE 1e-6
#define MARGIN 30.0
#define FLOOR 2e-6
enum { ROUNDS = 3 };

/* Sums of integers are exact, but for Winograd's. */
static bool is_exact(const struct node *n, const float *y, int64_t len)
{
    if (n->op == &op_conv) {
        const struct conv_attr *a = n->attr;

        if (a->win.kernel[0] == 3 || a->win.kernel[1] == 3)
            return false;
    }
    for (int64_t i = 0; i < len; i++)
        if (y[i] != rintf(y[i]))
            return false;
    return true;
}

/* Signs stay: a root of something just below 0 is none. */
static void disturb(const struct node *n, float *y, int64_t len, struct rng *r)
{
    double most = 0;

    if (is_exact(n, y, len))
        return;
    for (int64_t i = 0; i < len; i++)
        most = fmax(most, fabs((double)y[i]));
    for (int64_t i = 0; i < len; i++) {
        const double limit = fmin(NOISE * most, fabs((double)y[i]) / 2);

        y[i] = (float)((double)y[i] + rng_real(r, -limit, limit));
    }
}

static void spoil(const struct value *v, void *data)
{
    for (int64_t i = 0; i < shape_len(&v->shape); i++)
        if (v->type == DT_F32)
            ((float *)data)[i] += 1.0f;
        else
            ((char *)data)[i * (int64_t)dtype_size(v->type)] ^= 1;
}

static void run_node(struct arena *a, const struct node *n, const void **data, struct rng *noise,
                     const char *inject)
{
    const void **in = arena_new_n(a, const void *, n->n_in + 1);
    void **out = arena_new_n(a, void *, n->n_out + 1);

    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i] ? data[n->in[i]->id] : NULL;
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            data[n->out[i]->id] = out[i] = arena_alloc(a, value_size(n->out[i]));
    n->op->eval(n, in, out);
    for (int i = 0; i < n->n_out; i++) {
        if (!out[i])
            continue;
        if (inject && strcmp(n->op->name, inject) == 0)
            spoil(n->out[i], out[i]);
        if (noise && n->out[i]->type == DT_F32)
            disturb(n, out[i], shape_len(&n->out[i]->shape), noise);
    }
}

static const void **run(struct arena *a, const struct graph *g, const void *const *inputs,
                        struct rng *noise, const char *inject)
{
    const void **data = arena_new_n(a, const void *, g->n_values + 1);
    const void **out = arena_new_n(a, const void *, g->n_outputs + 1);

    for (int i = 0; i < g->n_values; i++)
        data[i] = g->values[i]->data;
    for (int i = 0; i < g->n_inputs; i++)
        data[g->inputs[i]->id] = inputs[i];
    graph_foreach_node(n, g)
        run_node(a, n, data, noise, inject);
    for (int i = 0; i < g->n_outputs; i++)
        out[i] = data[g->outputs[i]->id];
    return out;
}

static bool all_finite(const float *x, int64_t len, double *most)
{
    *most = 0;
    for (int64_t i = 0; i < len; i++) {
        if (!isfinite(x[i]))
            return false;
        *most = fmax(*most, fabs((double)x[i]));
    }
    return true;
}

/* How far two runs are apart; infinity: integers differ. */
static double distance(const struct value *v, const void *x, const void *y)
{
    double most = 0;

    if (v->type != DT_F32)
        return memcmp(x, y, value_size(v)) == 0 ? 0 : (double)INFINITY;
    for (int64_t i = 0; i < shape_len(&v->shape); i++)
        most = fmax(most, fabs((double)((const float *)x)[i] - (double)((const float *)y)[i]));
    return most;
}

struct reference reference_run(struct arena *a, const struct graph *g, const void *const *inputs,
                               const char *inject)
{
    struct reference r = { .out = run(a, g, inputs, NULL, inject),
                           .tolerance = arena_new_n(a, double, g->n_outputs + 1) };

    for (int k = 0; k < ROUNDS; k++) {
        struct rng noise = { (uint64_t)k + 1 };
        const void **moved = run(a, g, inputs, &noise, inject);

        for (int i = 0; i < g->n_outputs; i++)
            r.tolerance[i] = fmax(r.tolerance[i], distance(g->outputs[i], r.out[i], moved[i]));
    }
    for (int i = 0; i < g->n_outputs; i++) {
        const struct value *v = g->outputs[i];
        double most;

        if (!isfinite(r.tolerance[i]))
            r.unsound = arena_printf(a, "output '%s': integers that depend on rounding", v->name);
        if (v->type != DT_F32)
            continue;
        if (!all_finite(r.out[i], shape_len(&v->shape), &most))
            r.unsound = arena_printf(a, "output '%s' is not finite", v->name);
        r.tolerance[i] = MARGIN * r.tolerance[i] + FLOOR * most;
        if (r.tolerance[i] > 0.1 * fmax(most, 1))
            r.unsound = arena_printf(a, "output '%s': the tolerance is %g of %g", v->name,
                                     r.tolerance[i], most);
    }
    return r;
}
