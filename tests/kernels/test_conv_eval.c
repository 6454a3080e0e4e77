// SPDX-License-Identifier: Apache-2.0
/* The interpreter's convolution is the definition's, to the bit: on random shapes,
 * with numbers that are none among weights and inputs, and with sums that depend on
 * the order of their terms: that of ordinary numbers is lost when the sum becomes a
 * float. */
#include "base/arena.h"
#include "base/random.h"
#include "ops/conv_eval.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { N_SHAPES = 3000 };

static int between(uint64_t *seed, int lo, int hi)
{
    return lo + (int)(random_next(seed) % (uint64_t)(hi - lo + 1));
}

enum numbers { ORDINARY, STRANGE, CANCELLING };

static float element(uint64_t *seed, enum numbers kind)
{
    static const float strange[] = { NAN, INFINITY, -INFINITY, 1e-42f, -0.0f, 3e38f };
    static const float cancelling[] = { 1.0f, -1.0f, 0x1p40f, -0x1p40f };

    if (kind == CANCELLING)
        return cancelling[between(seed, 0, 3)];
    if (kind == STRANGE && between(seed, 0, 19) == 0)
        return strange[between(seed, 0, 5)];
    return (float)random_normal(seed);
}

static float *elements(struct arena *a, uint64_t *seed, int n, enum numbers kind)
{
    float *x = arena_new_n(a, float, n + 1);

    for (int i = 0; i < n; i++)
        x[i] = element(seed, kind);
    return x;
}

/* Padding that may crop, or be larger than the filter. */
static struct resc_conv2d shape(uint64_t *seed)
{
    static const enum resc_act_kind acts[] = { RESC_ACT_NONE, RESC_ACT_RELU, RESC_ACT_CLIP,
                                               RESC_ACT_LEAKY_RELU };
    const bool depthwise = between(seed, 0, 5) == 0;
    const int groups = between(seed, 0, 2) ? 1 : between(seed, 1, 3);
    struct resc_conv2d p = {
        .n = between(seed, 0, 2), .ih = between(seed, 1, 14), .iw = between(seed, 1, 14),
        .kh = between(seed, 1, 4), .kw = between(seed, 1, 4), .sh = between(seed, 1, 3),
        .sw = between(seed, 1, 3), .dh = between(seed, 1, 2), .dw = between(seed, 1, 2),
        .pt = between(seed, -2, 4), .pl = between(seed, -2, 4), .oh = between(seed, 0, 12),
        .ow = between(seed, 0, 20), .groups = groups, .ic = groups * between(seed, 0, 6),
        .oc = groups * between(seed, 0, 40), .act = { acts[between(seed, 0, 3)], 0.1f, 0.7f },
    };

    if (depthwise)
        p.groups = p.oc = p.ic = between(seed, 1, 20);
    if (between(seed, 0, 7) == 0) /* one dimension */
        p.ih = p.kh = p.oh = p.sh = p.dh = 1, p.pt = 0;
    return p;
}

Test(conv_eval, is_the_definition_to_the_bit)
{
    for (uint64_t k = 1; k <= N_SHAPES; k++) {
        struct arena *a = arena_new();
        uint64_t seed = k;
        const struct resc_conv2d p = shape(&seed);
        const enum numbers kind = (enum numbers)(k % 3);
        const int n_out = p.n * p.oc * p.oh * p.ow;
        const float *x = elements(a, &seed, p.n * p.ic * p.ih * p.iw, kind);
        const float *w = elements(a, &seed, p.oc * (p.ic / p.groups) * p.kh * p.kw, kind);
        const float *b = between(&seed, 0, 1) ? elements(a, &seed, p.oc, kind) : NULL;
        const float *add = between(&seed, 0, 1) ? elements(a, &seed, n_out, kind) : NULL;
        float *want = arena_new_n(a, float, n_out + 1), *got = arena_new_n(a, float, n_out + 1);

        resc_conv2d_f32_ref(&p, x, w, b, add, want, NULL);
        conv_eval(&p, x, w, b, add, got);
        for (int i = 0; i < n_out; i++)
            cr_assert(memcmp(&got[i], &want[i], sizeof *got) == 0 ||
                      (isnan(got[i]) && isnan(want[i])), "seed %llu, element %d: %a, not %a",
                      (unsigned long long)k, i, (double)got[i], (double)want[i]);
        arena_free(a);
    }
}
