// SPDX-License-Identifier: Apache-2.0
/* c16_wino - Winograd's transforms and products, one text for all instruction sets. */
#include "resc_c16_wino.h"

#include "resc_simd.h"

#define WINO_A 0.70710678118654752f  /* sqrt(1/2) */
#define WINO_B 1.41421356237309505f  /* sqrt(2) */
#define WINO_A3 0.35355339059327376f /* sqrt(1/2) / 2 */

/* While a product uses its weights, those that come after them are fetched, evenly,
 * so that the memory is never idle: `size` bytes while a column is worked off. */
struct wino_ahead {
    const char *at;
    ptrdiff_t step, size;
};
#if RESC_SIMD
#define WINO_PREFETCH(p) __builtin_prefetch(p, 0, 2)
#else
#define WINO_PREFETCH(p) (void)(p)
#endif

/* gcc would write transforms out altogether, and spill much more than they need. */
#if RESC_SIMD && !defined(__clang__)
#define WINO_ROLLED _Pragma("GCC unroll 1")
#else
#define WINO_ROLLED
#endif

/* Up to WINO_TILES tiles and two vectors of output channels at a time: with the weights, the
 * sums fill the registers. */
#define WINO_SUMS (WINO_TILES * 2)
#define WINO_TILES 6
#define RESC_ISA_NAME base
#include "c16_wino.def"
#undef RESC_ISA_NAME
#if RESC_SIMD_X86
#define RESC_ISA_NAME avx2
#include "c16_wino.def"
#undef RESC_ISA_NAME
#undef WINO_TILES
#define WINO_TILES 14
#define RESC_ISA_NAME avx512
#include "c16_wino.def"
#undef RESC_ISA_NAME
#endif
#undef WINO_TILES
#undef WINO_SUMS
#undef WINO_PREFETCH
#undef WINO_ROLLED

struct wino_functions {
    resc_wino_product_fn *product;
    resc_wino_in_fn *in4, *in6;
    resc_wino_weights_fn *weights4, *weights6;
    resc_wino_out_fn *out2, *out3, *out4;
};

#define WINO_FUNCTIONS(isa) \
    { wino_product_##isa, wino_in4_##isa, wino_in6_##isa, wino_weights4_##isa, \
      wino_weights6_##isa, wino_out2_##isa, wino_out3_##isa, wino_out4_##isa }

static const struct wino_functions wino_functions[] = {
    WINO_FUNCTIONS(base),
#if RESC_SIMD_X86
    WINO_FUNCTIONS(avx2), WINO_FUNCTIONS(avx512),
#endif
};
#undef WINO_FUNCTIONS

RESC_KERNEL resc_wino_in_fn *resc_wino_in(int alpha)
{
    const struct wino_functions *f = &wino_functions[resc_isa()];

    return alpha == 4 ? f->in4 : f->in6;
}

RESC_KERNEL resc_wino_weights_fn *resc_wino_weights(int alpha)
{
    const struct wino_functions *f = &wino_functions[resc_isa()];

    return alpha == 4 ? f->weights4 : f->weights6;
}

RESC_KERNEL resc_wino_product_fn *resc_wino_product(void)
{
    return wino_functions[resc_isa()].product;
}

RESC_KERNEL resc_wino_out_fn *resc_wino_out(int m)
{
    const struct wino_functions *f = &wino_functions[resc_isa()];

    return m == 2 ? f->out2 : m == 3 ? f->out3 : f->out4;
}
