// SPDX-License-Identifier: Apache-2.0
/* resc_math.h - the functions that libraries round each in their own way, so that
 * the results of kernels do not depend on the C library.
 *
 * In double precision, without library calls, and without branches where loops are to be
 * vectorised.  The _f32 are off by at most 0.51 ULP for every float, denormals included;
 * NaN gives NaN. */
#ifndef RESC_MATH_H
#define RESC_MATH_H

#include "resc_act.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

RESC_INLINE uint64_t resc_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

RESC_INLINE double resc_from_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* e^x = power * (1 + rest): power = 2^k, rest = e^r - 1 for x = k ln 2 + r, |r| <= ln(2) / 2.
 * x is kept where the power is a normal number: beyond, a float is 0 or infinite. */
struct resc_exponential {
    double power, rest;
};

RESC_INLINE struct resc_exponential resc_exponential(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2^52: the last bits of the sum are k */
    const double ln2_high = 0.693147180559890330, ln2_low = 5.497923018708371e-14;
    struct resc_exponential e;

    x = x < -708.0 ? -708.0 : x;
    x = x > 709.0 ? 709.0 : x;

    /* By way of its bits, the sum is rounded to double, whatever registers hold; "- shift"
     * instead of the integer would be cancelled with "+ shift" by -ffast-math. */
    const uint64_t sum = resc_bits(x * 1.44269504088896341 + shift);
    const double k = (double)(int32_t)(uint32_t)sum;
    const double r = x - k * ln2_high - k * ln2_low;
    const double tail = r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 +
                        r * (1.0 / 5040 + r * (1.0 / 40320 + r * (1.0 / 362880)))))));

    e.power = resc_from_bits((sum + 1023) << 52);
    e.rest = r + r * r * (0.5 + tail);
    return e;
}

RESC_INLINE double resc_exp(double x)
{
    const struct resc_exponential e = resc_exponential(x);

    return e.power + e.power * e.rest;
}

/* e^x - 1 */
RESC_INLINE double resc_expm1(double x)
{
    const struct resc_exponential e = resc_exponential(x);

    return e.power * e.rest + (e.power - 1.0);
}

/* Of a positive normal number m * 2^k: k ln 2 + 2 artanh((m - 1) / (m + 1)). */
RESC_INLINE double resc_log_normal(double x)
{
    const uint64_t bits = resc_bits(x), fraction = (UINT64_C(1) << 52) - 1;
    double k = (double)((int)(bits >> 52) - 1023);
    double m = resc_from_bits((bits & fraction) | (UINT64_C(1023) << 52)); /* [1, 2) */

    k = m > 1.4142135623730951 ? k + 1.0 : k;
    m = m > 1.4142135623730951 ? m * 0.5 : m;

    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    const double tail = z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 +
                        z * (1.0 / 11 + z * (1.0 / 13 + z * (1.0 / 15)))))));

    return k * 0.693147180559945309 + 2.0 * (s + s * tail);
}

/* Denormal x, which no float is as a double, are taken for 0. */
RESC_INLINE double resc_log(double x)
{
    if (x != x || x == (double)INFINITY)
        return x;
    if (x < 2.2250738585072014e-308)
        return x < 0.0 ? (double)NAN : -(double)INFINITY;
    return resc_log_normal(x);
}

/* What is beyond the range of normal doubles is only very small or very large. */
RESC_INLINE double resc_pow(double x, double y)
{
    const double size = x < 0.0 ? -x : x;

    if (y == 0.0 || x == 1.0)
        return 1.0;
    const double power = resc_exp(y * resc_log(size));

    if (!(resc_bits(x) >> 63)) /* not negative; -0 is */
        return power;
    if (y != floor(y))
        return size == 0.0 || size == (double)INFINITY ? power : (double)NAN;
    return y * 0.5 == floor(y * 0.5) ? power : -power;
}

RESC_INLINE float resc_exp_f32(float x)
{
    return (float)resc_exp((double)x);
}

RESC_INLINE float resc_expm1_f32(float x)
{
    return x == 0.0f ? x : (float)resc_expm1((double)x);
}

RESC_INLINE float resc_sigmoid_f32(float x)
{
    return (float)(1.0 / (1.0 + resc_exp(-(double)x)));
}

RESC_INLINE float resc_tanh_f32(float x)
{
    const double t = resc_expm1(2.0 * (double)x);

    return x == 0.0f ? x : (float)(t / (t + 2.0));
}

/* 1 - e^(-x q(x)); q, of degree 9, has been fitted to -ln(1 - erf(x)) / x on [0, 4], so
 * that erf is right to 5e-10 of its value.  From 4 on it is 1. */
RESC_INLINE float resc_erf_f32(float x)
{
    const double size = x < 0.0f ? -(double)x : (double)x, a = size > 4.0 ? 4.0 : size;
    const double q = 1.1283791666275218 + a * (0.6366198346029249 + a * (0.10277127675707341 +
                     a * (-0.019117692514373924 + a * (-0.00025306784115074237 +
                     a * (0.0017993644121377416 + a * (-0.0007406951746655608 +
                     a * (0.00016748552830083888 + a * (-2.13557684021276e-05 +
                     a * 1.1934204811430833e-06))))))));
    const double y = -resc_expm1(-a * q);

    return x == 0.0f ? x : (float)(x < 0.0f ? -y : y);
}

#endif
