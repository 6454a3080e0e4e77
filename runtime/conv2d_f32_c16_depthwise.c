// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_depthwise - a window a channel, in blocks of 16 channels.
 *
 * w: [blocks][kh][kw][16].  x_halo holds zeros for all that the windows reach
 * beyond x. */
#include "resc_conv2d.h"

#include "resc_c16_depthwise.h"
#include "resc_simd.h"

#define DW_WIDTH 1
#define RESC_ISA_NAME base
#include "c16_depthwise.def"
#undef RESC_ISA_NAME
#if RESC_SIMD_X86
#define RESC_ISA_NAME avx2
#include "c16_depthwise.def"
#undef RESC_ISA_NAME
#define RESC_ISA_NAME avx512
#include "c16_depthwise.def"
#undef RESC_ISA_NAME
#endif
#undef DW_WIDTH

RESC_KERNEL void resc_conv2d_f32_c16_depthwise(RESC_CONV2D_ARGS)
{
    static resc_c16_depthwise_fn *const of_isa[] = {
        dw_1_base,
#if RESC_SIMD_X86
        dw_1_avx2, dw_1_avx512,
#endif
    };

    (void)scratch;
    resc_c16_depthwise(p, 1, of_isa[resc_isa()], x, w, b, add, y);
}
