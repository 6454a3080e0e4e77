// SPDX-License-Identifier: Apache-2.0
/* resc_transpose4.h - y[j][i] = x[i][j] for four rows of four floats. */
#ifndef RESC_TRANSPOSE4_H
#define RESC_TRANSPOSE4_H

#include "resc_act.h"
#include "resc_vectors.h"

#include <stddef.h>

RESC_INLINE void resc_transpose4(const float *x, ptrdiff_t x_step, float *y, ptrdiff_t y_step)
{
#if RESC_SIMD_X86
    __m128 a = _mm_loadu_ps(x), b = _mm_loadu_ps(x + x_step);
    __m128 c = _mm_loadu_ps(x + 2 * x_step), d = _mm_loadu_ps(x + 3 * x_step);

    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(y, a);
    _mm_storeu_ps(y + y_step, b);
    _mm_storeu_ps(y + 2 * y_step, c);
    _mm_storeu_ps(y + 3 * y_step, d);
#else
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++)
            y[j * y_step + i] = x[i * x_step + j];
#endif
}

#endif
