// SPDX-License-Identifier: Apache-2.0
/* c16_tile - one text for all instruction sets, expanded for each number of pixels.
 *
 * Before each inclusion: TILE_PIXELS, the most pixels of a tile, and TILE_SUMS, how
 * many vectors of sums may be under way: what leaves registers for a few vectors
 * of weights and for one value of x. */
#include "resc_c16_tile.h"

#include "resc_simd.h"

#include <math.h>

#define TILE_AHEAD (48 * RESC_LANES) /* floats of weights from use to prefetch */
#if RESC_SIMD
#define TILE_PREFETCH(p) __builtin_prefetch(p)
#define TILE_PREFETCH_FAR(p) __builtin_prefetch(p, 0, 2)
#else
#define TILE_PREFETCH_FAR(p) (void)(p)
#define TILE_PREFETCH(p) (void)(p)
#endif
#define TILE_ARGS \
    const struct resc_c16_tile *t, ptrdiff_t blocks, const float *const *x, const float *w, \
    const float *bias, const float *const *add, float *const *y

#if RESC_SIMD && defined(__aarch64__)
#define TILE_PIXELS 8
#define TILE_SUMS 16
#elif RESC_SIMD
#define TILE_PIXELS 6
#define TILE_SUMS 12
#else
#define TILE_PIXELS 4
#define TILE_SUMS 4
#endif
#define RESC_ISA_NAME base
#include "c16_tile.def"
#undef RESC_ISA_NAME
#undef TILE_PIXELS
#undef TILE_SUMS

#if RESC_SIMD_X86
#define TILE_PIXELS 6
#define TILE_SUMS 12
#define RESC_ISA_NAME avx2
#include "c16_tile.def"
#undef RESC_ISA_NAME
#undef TILE_PIXELS
#undef TILE_SUMS

#define TILE_PIXELS 8
#define TILE_SUMS 28
#define RESC_ISA_NAME avx512
#include "c16_tile.def"
#undef RESC_ISA_NAME
#undef TILE_PIXELS
#undef TILE_SUMS
#endif
#undef TILE_ARGS
#undef TILE_AHEAD
#undef TILE_PREFETCH
#undef TILE_PREFETCH_FAR

RESC_KERNEL resc_c16_tile_fn *resc_c16_tile(ptrdiff_t blocks, int *pixels)
{
    static const struct {
        resc_c16_tile_fn *fn;
        int pixels, narrow; /* at a time; and where there are few blocks */
    } tiles[] = {
        { tile_base, tile_pixels_base, tile_pixels_base },
#if RESC_SIMD_X86
        { tile_avx2, tile_pixels_avx2, tile_pixels_avx2 },
        { tile_avx512, 6, tile_pixels_avx512 },
#endif
    };
    const enum resc_isa isa = resc_isa();

    *pixels = blocks < RESC_TILE_BLOCKS ? tiles[isa].narrow : tiles[isa].pixels;
    return tiles[isa].fn;
}
