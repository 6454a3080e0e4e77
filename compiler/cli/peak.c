// SPDX-License-Identifier: Apache-2.0
#include "cli/peak.h"

#include "base/arena.h"
#include "resc_simd.h"

#include <string.h>
#include <time.h>

/* Enough to hide the latency of a multiplication and an addition, few enough
 * for 16 registers. */
enum { PEAK_CHAINS = 12, PEAK_LANES_MAX = 16 };

#define RESC_ISA_NAME base
#include "cli/peak_body.def"
#undef RESC_ISA_NAME
#if RESC_SIMD_X86
#define RESC_ISA_NAME avx2
#include "cli/peak_body.def"
#undef RESC_ISA_NAME
#define RESC_ISA_NAME avx512
#include "cli/peak_body.def"
#undef RESC_ISA_NAME
#endif

static const struct peak_isa {
    const char *name;
    int lanes;
    void (*run)(long turns, float a, float b, float *out);
} isas[] = {
    [RESC_ISA_BASE] = { "base", lanes_base, peak_run_base },
#if RESC_SIMD_X86
    [RESC_ISA_AVX2] = { "avx2", lanes_avx2, peak_run_avx2 },
    [RESC_ISA_AVX512] = { "avx512", lanes_avx512, peak_run_avx512 },
#endif
};

static double seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The best of many short runs: between two interruptions of a busy machine
 * there is time for one. */
double peak_gflops(void)
{
    enum { TURNS = 50000 };
    const struct peak_isa *isa = &isas[resc_isa()];
    const double flops = 2.0 * (double)(TURNS * PEAK_CHAINS * isa->lanes), until = seconds() + 0.05;
    volatile float half = 0.5f; /* so that nothing can be computed beforehand */
    float out[PEAK_LANES_MAX];
    double best = 0.0;

    do {
        const double start = seconds();

        isa->run(TURNS, half, 1.0f, out);
        const double rate = flops / (seconds() - start);

        best = rate > best ? rate : best;
    } while (seconds() < until);
    return best * 1e-9;
}

const char *peak_isa(void)
{
    return isas[resc_isa()].name;
}

double peak_bandwidth(void)
{
    enum { SIZE = 32 << 20 };
    struct arena *a = arena_new();
    char *from = arena_alloc(a, SIZE), *to = arena_alloc(a, SIZE);
    double best = 0.0;

    memset(from, 1, SIZE); /* so that both have memory of their own */
    memset(to, 2, SIZE);
    for (const double until = seconds() + 0.1; seconds() < until;) {
        const double start = seconds();

        memcpy(to, from, SIZE);
        from[0] = to[SIZE - 1];
        const double rate = 2.0 * SIZE / (seconds() - start);

        best = rate > best ? rate : best;
    }
    arena_free(a);
    return best;
}
