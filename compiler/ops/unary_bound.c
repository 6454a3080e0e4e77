// SPDX-License-Identifier: Apache-2.0
/* unary_bound - how far the rows of runtime/unary.def may be off.  A function of resc_math.h
 * is MATH_ULPS off, which is 2 * MATH_ULPS roundings. */
#include "ops/unary.h"

#include "ops/common.h"

#include <float.h>
#include <math.h>

enum { MATH = 2 * MATH_ULPS };

static double clip01(double x)
{
    return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
}

/* A product and a sum, cut off, which is not steeper. */
static double hard_sigmoid(double x, const struct unary_attr *a, double *bound)
{
    const double product = (double)a->alpha * x;

    *bound = bound_gamma(2) * (fabs(product) + fabs((double)a->beta) + (double)FLT_MIN);
    return clip01(product + (double)a->beta);
}

/* A quotient and a sum, cut off, and a product. */
static double hard_swish(double x, double *bound)
{
    *bound = bound_gamma(3) * (fabs(x) * (fabs(x) / 6.0 + 0.5) + (double)FLT_MIN);
    return x * clip01(x / 6.0 + 0.5);
}

static double with_math(double y, double roundings, double *bound)
{
    *bound = bound_gamma(roundings) * (fabs(y) + (double)FLT_MIN);
    return y;
}

/* Of what expm1 has too small for a float, alpha makes more. */
static double elu(double x, const struct unary_attr *a, double *bound)
{
    const double y = (double)a->alpha * expm1(x), steep = fmax(1.0, fabs((double)a->alpha));

    if (!(x < 0.0))
        return x;
    *bound = bound_gamma(MATH + 1) * (fabs(y) + steep * (double)FLT_MIN);
    return y;
}

bool unary_bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const struct unary_attr *a = n->attr;
    const enum resc_unary_op op = unary_which(n);
    const int64_t len = shape_len(&n->out[0]->shape);
    const float *src = b->in[0];

    (void)k;
    for (int64_t i = 0; i < len; i++) {
        const double x = (double)src[i];
        double bound = 0, y = 0;

        switch (op) {
        case RESC_UNARY_RELU:
        case RESC_UNARY_LEAKY_RELU:
        case RESC_UNARY_NEG:
        case RESC_UNARY_SQRT:
            return true; /* one rounding at most: to the bit */
        case RESC_UNARY_ELU:
            y = elu(x, a, &bound);
            break;
        case RESC_UNARY_SIGMOID:
            y = with_math(1.0 / (1.0 + exp(-x)), MATH, &bound);
            break;
        case RESC_UNARY_TANH:
            y = with_math(tanh(x), MATH, &bound);
            break;
        case RESC_UNARY_ERF:
            y = with_math(erf(x), MATH, &bound);
            break;
        case RESC_UNARY_EXP:
            y = with_math(exp(x), MATH, &bound);
            break;
        case RESC_UNARY_HARD_SIGMOID:
            y = hard_sigmoid(x, a, &bound);
            break;
        case RESC_UNARY_HARD_SWISH:
            y = hard_swish(x, &bound);
            break;
        }
        bound_set(b, i, y, bound);
    }
    return true;
}
