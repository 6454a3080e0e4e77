// SPDX-License-Identifier: Apache-2.0
/* matmul_f32_native - MatMul with one constant matrix on the right, packed. */
#include "resc_matmul.h"

#include "resc_c16_rows.h"

RESC_KERNEL void resc_matmul_f32_native(RESC_MATMUL_ARGS)
{
    const struct resc_act none = { RESC_ACT_NONE, 0.0f, 0.0f };

    resc_c16_rows(p->m, p->n, p->k, none, a, b, NULL, y);
}
