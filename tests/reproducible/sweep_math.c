// SPDX-License-Identifier: Apache-2.0
/* sweep_math - the functions of resc_math.h against the C library in double precision:
 *
 *     sweep_math STRIDE [FUNCTION]
 *
 * on every STRIDE-th float of all 2^32, in the order of their bits, which is about as many
 * of each exponent; and on special values.  A plain program, because a whole sweep takes
 * minutes and is run by itself. */
#include "resc_math.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const double ulps_most = 0.51; /* as resc_math.h promises */

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

static float log_f32(float x)
{
    return (float)resc_log((double)x);
}

/* As LRN uses it. */
static float pow_f32(float x)
{
    return (float)resc_pow((double)x, -0.75);
}

static double pow_3_4(double x)
{
    return pow(x, -0.75);
}

static const struct function {
    const char *name;
    float (*own)(float x);
    double (*exact)(double x);
} functions[] = {
    { "exp", resc_exp_f32, exp },             { "expm1", resc_expm1_f32, expm1 },
    { "tanh", resc_tanh_f32, tanh },          { "erf", resc_erf_f32, erf },
    { "sigmoid", resc_sigmoid_f32, sigmoid }, { "log", log_f32, log },
    { "pow", pow_f32, pow_3_4 },
};

static float from_bits(uint32_t bits)
{
    float x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* How far `got` is from `exact`, in units of the float nearest to `exact`; NaN and
 * infinity must be met, and zero with its sign. */
static double ulps(float got, double exact)
{
    const float nearest = (float)exact;
    int exponent;

    if (isnan(exact) || isnan(got))
        return isnan(exact) && isnan(got) ? 0.0 : INFINITY;
    if (isinf(nearest) || isinf(got) || nearest == 0.0f || got == 0.0f)
        if (nearest == got && !signbit(nearest) == !signbit(got))
            return 0.0;
    if (isinf(nearest) != 0 || isinf(got) != 0)
        return fabs(exact) > 0x1.fffffep127 && fabsf(got) == 0x1.fffffep127f ? 1.0 : INFINITY;
    frexp(exact, &exponent);
    return fabs((double)got - exact) / ldexp(1.0, (exponent < -125 ? -125 : exponent) - 24);
}

struct worst {
    double ulps;
    float x;
    uint64_t n;
};

static void try_one(const struct function *f, float x, struct worst *w)
{
    const double off = ulps(f->own(x), f->exact((double)x));

    w->n++;
    if (off > w->ulps || w->n == 1) {
        w->ulps = off;
        w->x = x;
    }
}

static void try_specials(const struct function *f, struct worst *w)
{
    static const float magnitudes[] = {
        0.0f, 0x1p-149f, 0x1.fffffcp-127f, 0x1p-126f, 0x1p-24f, 0.5f, 0.99999994f, 1.0f,
        1.0000001f, 4.0f, 88.72284f, 103.97208f, 104.0f, 708.0f, 709.5f, 0x1.fffffep127f,
        INFINITY, NAN,
    };

    for (size_t i = 0; i < sizeof magnitudes / sizeof *magnitudes; i++) {
        try_one(f, magnitudes[i], w);
        try_one(f, -magnitudes[i], w);
    }
}

static bool sweep(const struct function *f, uint64_t stride)
{
    struct worst w = { 0 };

    try_specials(f, &w);
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += stride)
        try_one(f, from_bits((uint32_t)bits), &w);
    printf("%-8s %10" PRIu64 " floats: at most %.4f ULP, at %a  %s\n", f->name, w.n, w.ulps,
           (double)w.x, w.ulps <= ulps_most ? "ok" : "FAILED");
    return w.ulps <= ulps_most;
}

int main(int argc, char **argv)
{
    const long stride = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    int passed = 0, failed = 0;

    if (stride < 1 || argc > 3) {
        fprintf(stderr, "usage: sweep_math STRIDE [FUNCTION]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (argc < 3 || strcmp(argv[2], functions[i].name) == 0)
            *(sweep(&functions[i], (uint64_t)stride) ? &passed : &failed) += 1;
    printf("%d passed, %d failed, 0 skipped\n", passed, failed);
    return failed || !passed;
}
