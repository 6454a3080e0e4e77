// SPDX-License-Identifier: Apache-2.0
/* gemm_f32_native - Gemm with a constant B, packed, and alpha in it; c is beta * C
 * for whole blocks of 16 columns, the same for all rows. */
#include "resc_gemm.h"

#include "resc_c16_rows.h"

RESC_KERNEL void resc_gemm_f32_native(RESC_GEMM_ARGS)
{
    resc_c16_rows(p->m, p->n, p->k, p->act, a, b, c, y);
}
