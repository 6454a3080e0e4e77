// SPDX-License-Identifier: Apache-2.0
/* gen_element - element by element: one input. */
#include "gen.h"

#include <math.h>
#include <string.h>

static double relu(double x) { return x < 0 ? 0 : x; }
static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double negative(double x) { return -x; }
static double itself(double x) { return x; }
static double unit(double x) { return x < 0 ? 0 : 1; }

/* An operator, where it is tame, what becomes of the ends of a range, and
 * whether integers stay integers. */
static const struct unary {
    const char *op;
    double lo, hi;
    double (*of)(double x);
    bool whole;
} unaries[] = {
    { "Relu", -1e6, 1e6, relu, true },
    { "LeakyRelu", -1e4, 1e4, itself, false },
    { "Elu", -1e4, 1e4, itself, false },
    { "Sigmoid", -20, 20, sigmoid, false },
    { "Tanh", -20, 20, tanh, false },
    { "HardSigmoid", -1e4, 1e4, unit, false },
    { "HardSwish", -1e4, 1e4, itself, false },
    { "Neg", -1e6, 1e6, negative, true },
    { "Sqrt", 0.125, 100, sqrt, false },
    { "Exp", -5, 5, exp, false },
    { "Erf", -20, 20, erf, false },
};

/* A range that holds for all of the attributes' values below. */
static void widen(const struct unary *u, struct operand *y)
{
    if (u->of == itself) {
        y->lo = fmin(2 * y->lo, -2 * fabs(y->lo));
        y->hi = fmax(2 * fabs(y->hi), 2 * fabs(y->lo));
    } else if (u->of == unit) {
        y->lo = 0, y->hi = 1;
    } else if (y->lo > y->hi) {
        const double lo = y->lo;

        y->lo = y->hi, y->hi = lo;
    }
}

static const char *unary_attrs(struct gen *g, const char *op)
{
    const char *attrs = "";

    if (strcmp(op, "LeakyRelu") == 0 || strcmp(op, "Elu") == 0) {
        if (chance(g, 60))
            attrs = with(g, "", "alpha", float_text(g, rng_real(&g->rng, -0.5, 1.5)));
    } else if (strcmp(op, "HardSigmoid") == 0) {
        if (chance(g, 50))
            attrs = with(g, attrs, "alpha", float_text(g, rng_real(&g->rng, 0.1, 0.9)));
        if (chance(g, 50))
            attrs = with(g, attrs, "beta", float_text(g, rng_real(&g->rng, 0.1, 0.9)));
    }
    return attrs;
}

bool gen_unary(struct gen *g, const char *op)
{
    const struct unary *u = unaries;

    while (strcmp(u->op, op) != 0)
        u++;
    const bool ints = u->of == negative && chance(g, 30);
    struct operand x = ints ? take_whole(g, 0, 5) : take(g, DT_F32, 0, 5);

    if (x.type == DT_F32)
        x = tame(g, x, u->lo, u->hi);
    struct operand y = shaped(&x, x.s);

    y.lo = u->of(x.lo);
    y.hi = u->of(x.hi);
    y.whole = x.whole && u->whole;
    widen(u, &y);
    NODE(g, op, unary_attrs(g, op), y, x);
    return true;
}

/* Bounds cut off some elements; one of them may be missing. */
bool gen_clip(struct gen *g, const char *op)
{
    struct operand x = take(g, DT_F32, 0, 5), y = shaped(&x, x.s);
    const bool has_lo = chance(g, 75), has_hi = chance(g, 75);
    const bool whole = x.whole && chance(g, 70);
    const double lo = whole ? (double)between(g, -3, 0) : rng_real(&g->rng, -1, 0);
    const double hi = whole ? (double)between(g, 1, 6) : rng_real(&g->rng, 0.25, 6);
    const char *attrs = "";

    if (has_lo)
        y.lo = fmax(lo, fmin(hi, x.lo)), y.hi = fmax(y.hi, lo);
    if (has_hi)
        y.hi = fmin(hi, y.hi), y.lo = fmin(y.lo, hi);
    y.whole = whole;
    if (g->opset < 11) {
        attrs = has_lo ? with(g, attrs, "min", float_text(g, lo)) : attrs;
        attrs = has_hi ? with(g, attrs, "max", float_text(g, hi)) : attrs;
        NODE(g, op, attrs, y, x);
        return true;
    }
    const struct operand in[] = {
        x, has_lo ? constant_f32(g, shape_scalar(), lo, lo, false) : LEFT_OUT,
        has_hi ? constant_f32(g, shape_scalar(), hi, hi, false) : LEFT_OUT,
    };

    node1(g, op, has_hi ? 3 : has_lo ? 2 : 1, in, NULL, y);
    return true;
}

static bool fits(const struct operand *x, enum dtype t)
{
    switch (t) {
    case DT_I8: return x->lo >= -128 && x->hi <= 127;
    case DT_U8: return x->lo >= 0 && x->hi <= 255;
    case DT_F32:
    case DT_I32: return magnitude(x) <= WHOLE_MAX;
    default: return true;
    }
}

bool gen_cast(struct gen *g, const char *op)
{
    static const enum dtype types[] = { DT_F32, DT_I64, DT_I32, DT_I8, DT_U8, DT_BOOL };
    struct operand x = chance(g, 60) ? take_whole(g, 0, 5) : take_any(g, 0, 5);
    enum dtype to = x.type != DT_F32 && chance(g, 60) ? DT_F32
                                                     : types[between(g, 0, COUNT(types) - 1)];
    struct operand y = shaped(&x, x.s);

    if (x.type == DT_F32 && !x.whole)
        to = DT_F32;
    if (!fits(&x, to))
        return false;
    y.type = to;
    if (to == DT_BOOL)
        y.lo = 0, y.hi = 1;
    NODE(g, op, with_int(g, "", "to", dtype_to_onnx(to)), y, x);
    return true;
}
