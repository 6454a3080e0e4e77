// SPDX-License-Identifier: Apache-2.0
/* gen_plant - zeros where training leaves some, which exact rewrites look for: whole
 * layers, filters, columns; 1x1 filters that only scale. */
#include "gen.h"

#include <math.h>

enum { ALL, FILTERS, COLUMNS, DIAGONAL, IDENTITY };

/* w: [n filters][ic][taps] */
static void plant(struct gen *g, int64_t kind, float *w, int64_t n, int64_t ic, int64_t taps)
{
    const uint64_t gone = (uint64_t)between(g, 1, 255);
    const float one = kind == IDENTITY ? 1.0f : 0.0f;

    for (int64_t i = 0; i < n * ic * taps; i++) {
        const int64_t o = i / taps / ic, c = i / taps % ic;

        if (kind == ALL || (kind == FILTERS && gone >> o % 8 & 1) ||
            (kind == COLUMNS && gone >> c % 8 & 1) || (kind >= DIAGONAL && o % ic != c))
            w[i] = 0.0f;
        else if (one != 0.0f)
            w[i] = one;
    }
}

struct operand planted_weights(struct gen *g, struct shape s, double limit, bool whole)
{
    const int64_t taps = shape_product(&s, 2, s.rank);
    const bool square = taps == 1 && s.dim[0] == s.dim[1];
    const int64_t kind = square ? one_of(g, FILTERS, DIAGONAL, IDENTITY) :
                                  one_of(g, ALL, FILTERS, FILTERS, COLUMNS);
    float *data = arena_new_n(g->a, float, shape_len(&s) + 1);

    for (int64_t i = 0; i < shape_len(&s); i++)
        data[i] = whole ? (float)between(g, -2, 2) : (float)rng_real(&g->rng, -limit, limit);
    plant(g, kind, data, s.dim[0], s.dim[1], taps);
    return constant_of(g, DT_F32, s, data, -fmax(limit, 1), fmax(limit, 1), whole);
}

/* Of `n` numbers all, or some, are 0. */
struct operand planted_list(struct gen *g, int64_t n, double lo, double hi, bool whole)
{
    float *data = arena_new_n(g->a, float, n + 1);

    for (int64_t i = 0; i < n; i++)
        data[i] = whole ? (float)between(g, (int64_t)lo, (int64_t)hi)
                        : (float)rng_real(&g->rng, lo, hi);
    plant(g, chance(g, 60) ? ALL : FILTERS, data, n, 1, 1);
    return constant_of(g, DT_F32, shape_of(n), data, fmin(lo, 0), hi, whole);
}

/* y, or what one or two linear 1x1 convolutions make of it. */
struct operand pointwise(struct gen *g, struct operand y)
{
    const int n = chance(g, 50) ? 2 : 1;

    for (int i = 0; i < n; i++) {
        const int64_t ic = y.s.dim[1], oc = chance(g, 60) ? ic : one_of(g, 1, 2, 4, 8, 16);
        struct shape ws = { .rank = y.s.rank, .dim = { oc, ic, 1, 1 } }, s = y.s;
        const double fan_in = (double)ic, limit = (double)(float)(1 / sqrt(fan_in));
        struct operand z;

        s.dim[1] = oc;
        if (shape_len(&s) > LEN_MAX || oc * ic > WEIGHTS_MAX ||
            g->macs + (double)shape_len(&s) * fan_in > MACS_MAX)
            return y;
        y = keep_small(g, y);
        const struct operand w = n == 1 ? planted_weights(g, ws, limit, false)
                                        : constant_f32(g, ws, -limit, limit, false);

        g->macs += (double)shape_len(&s) * fan_in;
        z = shaped(&y, s);
        z.hi = magnitude(&y) * magnitude(&w) * fan_in;
        z.lo = -z.hi;
        z.whole = false;
        y = NODE(g, "Conv", "", z, y, w);
    }
    return y;
}
