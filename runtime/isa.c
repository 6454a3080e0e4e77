// SPDX-License-Identifier: Apache-2.0
/* isa - asks the processor, once. */
#include "resc_isa.h"

#if RESC_SIMD_X86

#include <stdlib.h>
#include <string.h>

static enum resc_isa isa_best(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        return RESC_ISA_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return RESC_ISA_AVX2;
    return RESC_ISA_BASE;
}

RESC_KERNEL enum resc_isa resc_isa(void)
{
    static const char *const names[RESC_N_ISAS] = { "base", "avx2", "avx512" };
    static int known; /* 1 + the answer, which is the same for all threads */
    int isa = __atomic_load_n(&known, __ATOMIC_RELAXED) - 1;

    if (isa < 0) {
        const char *wish = getenv("RESC_ISA");
        const int best = (int)isa_best();

        isa = best;
        for (int i = 0; wish && i < best; i++)
            if (strcmp(wish, names[i]) == 0)
                isa = i;
        __atomic_store_n(&known, isa + 1, __ATOMIC_RELAXED);
    }
    return (enum resc_isa)isa;
}

#else

RESC_KERNEL enum resc_isa resc_isa(void)
{
    return RESC_ISA_BASE;
}

#endif
