// SPDX-License-Identifier: Apache-2.0
#include "ops/bound.h"

#include "base/arena.h"
#include "ops/op.h"

#include <float.h>
#include <math.h>

double bound_gamma(double n)
{
    return n * ROUNDING_UNIT / (1.0 - n * ROUNDING_UNIT);
}

static const void *absolute(const struct value *v, const float *x, struct arena *a)
{
    const int64_t len = shape_len(&v->shape);
    float *to = arena_new_n(a, float, len + 1);

    for (int64_t i = 0; i < len; i++)
        to[i] = fabsf(x[i]);
    return to;
}

bool bound_sum(const struct node *n, void *attr, double roundings, const struct bounds *b)
{
    const int64_t len = shape_len(&n->out[0]->shape);
    const void **in = arena_new_n(b->arena, const void *, n->n_in + 1);
    float *sum = arena_new_n(b->arena, float, len + 1);
    struct node positive = *n;

    if (roundings > ROUNDINGS_MAX)
        return false;
    positive.act.kind = ACT_NONE;
    if (attr)
        positive.attr = attr;
    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i] ? absolute(n->in[i], b->in[i], b->arena) : NULL;
    n->op->eval(&positive, in, (void *[]){ sum });
    for (int64_t i = 0; i < len; i++)
        b->bound[i] = bound_gamma(roundings + BOUND_ALSO) * ((double)sum[i] + (double)FLT_MIN);
    bound_act(n, b);
    return true;
}

/* Relu and Clip are exact, and no steeper than 1.  LeakyRelu multiplies, and so does what made
 * the wanted result: a rounding each. */
void bound_act(const struct node *n, const struct bounds *b)
{
    const int64_t len = shape_len(&n->out[0]->shape);
    const double slope = fmax(1.0, fabs((double)n->act.lo));

    if (n->act.kind != ACT_LEAKY_RELU)
        return;
    for (int64_t i = 0; i < len; i++)
        b->bound[i] = slope * b->bound[i] * (1.0 + 2.0 * ROUNDING_UNIT) +
                      bound_gamma(3) * (fabs((double)b->want[i]) + (double)FLT_MIN);
}

void bound_set(const struct bounds *b, int64_t i, double exact, double bound)
{
    b->want[i] = (float)exact;
    b->bound[i] = bound + bound_gamma(2) * (fabs(exact) + (double)FLT_MIN);
}
