// SPDX-License-Identifier: Apache-2.0
/* gen_take - operands for a node. */
#include "gen.h"

#include <math.h>
#include <string.h>

/* Even, odd, prime, and around the 16 and 32 lanes of blocks and vectors. */
static int64_t random_dim(struct gen *g)
{
    return one_of(g, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 24, 31, 32, 33);
}

struct shape random_shape(struct gen *g, int rank, int64_t len_max)
{
    struct shape s = { .rank = rank };
    int64_t len = 1;

    for (int i = rank - 1; i >= 0; i--) {
        s.dim[i] = random_dim(g);
        while (len * s.dim[i] > len_max)
            s.dim[i] = (s.dim[i] + 1) / 2;
        len *= s.dim[i];
        if (len * 2 > len_max)
            len_max = len;
    }
    return s;
}

/* The factors of `len`, dealt to `rank` dimensions. */
static struct shape factored(struct gen *g, int64_t len, int rank)
{
    struct shape s = { .rank = rank };

    for (int i = 0; i < rank; i++)
        s.dim[i] = 1;
    for (int64_t p = 2; len > 1; p = p * p > len ? len : p + 1)
        for (; len % p == 0; len /= p)
            s.dim[between(g, 0, rank - 1)] *= p;
    return s;
}

struct operand reshaped(struct gen *g, struct operand x, struct shape s)
{
    int64_t dim[MAX_RANK];
    const int64_t len = shape_len(&s);

    memcpy(dim, s.dim, sizeof dim);
    if (len > 0 && s.rank > 0 && chance(g, 40))
        dim[between(g, 0, s.rank - 1)] = -1;
    for (int i = 0; len > 0 && i < s.rank && i < x.s.rank; i++)
        if (x.s.dim[i] == s.dim[i] && dim[i] > 0 && chance(g, 30))
            dim[i] = 0;
    const bool allow_zero = len == 0;

    return NODE(g, "Reshape", allow_zero ? "allowzero=1" : NULL, shaped(&x, s), x,
                constant_i64(g, s.rank, dim));
}

static bool is_int(enum dtype t)
{
    return t == DT_I64 || t == DT_I32;
}

static struct operand fresh(struct gen *g, enum dtype t, struct shape s)
{
    switch (t) {
    case DT_F32:
        return chance(g, 35) ? new_input(g, t, s, -4, 4, true) : new_input(g, t, s, -1, 1, false);
    case DT_BOOL:
        return new_input(g, t, s, 0, 1, true);
    case DT_U8:
        return new_input(g, t, s, 0, 255, true);
    case DT_I8:
        return new_input(g, t, s, -128, 127, true);
    default:
        return new_input(g, t, s, -20, 20, true);
    }
}

/* The latest more often than the others, so that graphs become deep. */
static int find(struct gen *g, enum dtype t, int lo, int hi, bool whole)
{
    int found[VALUES_MAX], n = 0;

    for (int i = 0; i < g->n; i++)
        if (g->v[i].type == t && g->v[i].s.rank >= lo && g->v[i].s.rank <= hi &&
            (!whole || g->v[i].whole))
            found[n++] = i;
    if (n == 0)
        return -1;
    return chance(g, 60) ? found[n - 1] : found[between(g, 0, n - 1)];
}

/* Operators that compute want elements to compute with; moving none is fine. */
static bool is_empty(const struct operand *x)
{
    return shape_len(&x->s) == 0;
}

static bool find_of(struct gen *g, enum dtype t, int lo, int hi, bool whole, struct operand *x)
{
    int i = find(g, t, lo, hi, whole);

    if (i >= 0 && !is_empty(&g->v[i]) && !chance(g, 10)) {
        *x = g->v[i];
        return true;
    }
    if (g->convolutional && chance(g, 80))
        return false;
    i = find(g, t, 0, MAX_RANK, whole);
    if (i < 0 || is_empty(&g->v[i]) || chance(g, 25))
        return false;
    *x = g->v[i];
    if (x->s.rank < lo || x->s.rank > hi)
        *x = reshaped(g, *x, factored(g, shape_len(&x->s), (int)between(g, lo ? lo : 1, hi)));
    return true;
}

struct operand take(struct gen *g, enum dtype t, int lo, int hi)
{
    struct operand x;

    if (g->convolutional && t == DT_F32 && lo <= 4 && hi >= 4)
        return take_image(g);
    if (find_of(g, t, lo, hi, false, &x))
        return x;
    return fresh(g, t, random_shape(g, (int)between(g, lo, hi), chance(g, 80) ? 400 : 3000));
}

struct operand take_any(struct gen *g, int lo, int hi)
{
    static const enum dtype others[] = { DT_I64, DT_I32, DT_U8, DT_I8, DT_BOOL };

    hi = hi > 5 && chance(g, 90) ? 5 : hi;
    if (chance(g, 70))
        return take(g, DT_F32, lo, hi);
    return take(g, others[between(g, 0, COUNT(others) - 1)], lo, hi);
}

struct operand take_whole(struct gen *g, int lo, int hi)
{
    static const enum dtype types[] = { DT_F32, DT_I64, DT_I32 };
    const enum dtype t = types[between(g, 0, COUNT(types) - 1)];
    struct operand x;

    if (find_of(g, t, lo, hi, true, &x))
        return x;
    const struct shape s = random_shape(g, (int)between(g, lo, hi), 400);

    return is_int(t) ? fresh(g, t, s) : new_input(g, DT_F32, s, -4, 4, true);
}

struct operand take_image(struct gen *g)
{
    const int rank = chance(g, g->convolutional ? 95 : 75) ? 4 : 3;
    struct operand x;
    struct shape s = { .rank = rank };

    if (chance(g, g->convolutional ? 95 : 75) && find_of(g, DT_F32, rank, rank, false, &x))
        return x;
    s.dim[0] = one_of(g, 1, 1, 1, 2, 3);
    s.dim[1] = one_of(g, 1, 2, 3, 3, 4, 5, 7, 8, 12, 15, 16, 16, 17, 24, 31, 32, 33, 48);
    for (int i = 2; i < rank; i++)
        s.dim[i] = rank == 3 ? one_of(g, 1, 5, 16, 17, 31, 33, 64)
                             : one_of(g, 1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17);
    while (shape_len(&s) > LEN_MAX)
        s.dim[1] = (s.dim[1] + 1) / 2;
    return fresh(g, DT_F32, s);
}

/* Bounds as attributes, or from opset 11 on as inputs. */
static struct operand clip(struct gen *g, struct operand x, double lo, double hi)
{
    struct operand y = shaped(&x, x.s);

    y.lo = fmax(lo, fmin(hi, x.lo));
    y.hi = fmin(hi, fmax(lo, x.hi));
    y.whole = x.whole && lo == floor(lo) && hi == floor(hi);
    if (g->opset < 11)
        return NODE(g, "Clip", with(g, with(g, "", "min", float_text(g, lo)), "max",
                                    float_text(g, hi)), y, x);
    const struct operand min = constant_f32(g, shape_scalar(), lo, lo, false);
    const struct operand max = constant_f32(g, shape_scalar(), hi, hi, false);

    return NODE(g, "Clip", NULL, y, x, min, max);
}

struct operand tame(struct gen *g, struct operand x, double lo, double hi)
{
    if (x.lo >= lo && x.hi <= hi)
        return x;
    if (lo <= -1 && hi >= 1 && chance(g, 30)) {
        struct operand y = shaped(&x, x.s);

        y.lo = -1, y.hi = 1, y.whole = false;
        return NODE(g, "Tanh", NULL, y, x);
    }
    return clip(g, x, lo, hi);
}

/* Integers have no Clip: they are divided. */
struct operand keep_small(struct gen *g, struct operand x)
{
    const double limit = x.type == DT_F32 ? 2000 : 1e6;
    int64_t by = (int64_t)(magnitude(&x) / 10) + 1;
    int32_t by_i32 = (int32_t)by;
    struct operand y = shaped(&x, x.s);

    if (magnitude(&x) <= limit)
        return x;
    if (x.type == DT_F32)
        return tame(g, x, -8, 8);
    y.lo = -20, y.hi = 20;
    const struct operand d = constant_of(g, x.type, shape_scalar(),
                                         x.type == DT_I64 ? (void *)&by : &by_i32,
                                         (double)by, (double)by, true);

    return NODE(g, "Div", g->opset < 7 ? "broadcast=1" : NULL, y, x, d);
}

bool find_like(struct gen *g, const struct operand *x, struct operand *found)
{
    int n = 0;

    for (int i = 0; i < g->n; i++)
        if (g->v[i].type == x->type && shape_equal(&g->v[i].s, &x->s) &&
            strcmp(g->v[i].name, x->name) != 0 && rng_int(&g->rng, 0, n++) == 0)
            *found = g->v[i];
    return n > 0;
}
