// SPDX-License-Identifier: Apache-2.0
#include "ops/wino_matrix.h"

#include "resc_c16_wino.h"

#include <math.h>

#define S 0.70710678118654752440 /* sqrt(1/2) */
#define T 1.41421356237309504880 /* sqrt(2) */

struct wino_matrix wino_g(int alpha, int taps)
{
    static const double four[] = { 0, 1, -1 }, six[] = { 0, S, -S, T, -T };
    const double *const point = alpha == 4 ? four : six;
    struct wino_matrix g = { alpha, taps, { { 0 } } };

    for (int i = 0; i < alpha - 1; i++)
        for (int k = 0; k < taps; k++)
            g.at[i][k] = k > 0 ? g.at[i][k - 1] * point[i] : resc_wino_factor(alpha, i);
    g.at[alpha - 1][taps - 1] = 1; /* infinity */
    return g;
}

struct wino_matrix wino_b(int alpha)
{
    static const struct wino_matrix four = { 4, 4, {
        { -1, 0, 1, 0 }, { 0, 1, 1, 0 }, { 0, -1, 1, 0 }, { 0, -1, 0, 1 },
    } };
    static const struct wino_matrix six = { 6, 6, {
        { 1, 0, -2.5, 0, 1, 0 },
        { 0, -2 * S, -2, S, 1, 0 }, { 0, 2 * S, -2, -S, 1, 0 },
        { 0, -T / 2, -0.5, T, 1, 0 }, { 0, T / 2, -0.5, -T, 1, 0 },
        { 0, 1, 0, -2.5, 0, 1 },
    } };

    return alpha == 4 ? four : six;
}

struct wino_matrix wino_a(int alpha, int m)
{
    static const struct wino_matrix four = { 2, 4, { { 1, 1, 1, 0 }, { 0, 1, -1, 1 } } };
    struct wino_matrix six = { m, 6, {
        { 1, -1, -1, 0.5, 0.5, 0 },
        { 0, -S, S, S, -S, 0 },
        { 0, -0.5, -0.5, 1, 1, m == 3 },
        { 0, -S / 2, S / 2, T, -T, 1 },
    } };

    return alpha == 4 ? four : six;
}

struct wino_matrix wino_absolute(struct wino_matrix m)
{
    for (int i = 0; i < m.rows; i++)
        for (int j = 0; j < m.cols; j++)
            m.at[i][j] = fabs(m.at[i][j]);
    return m;
}

void wino_transform(const struct wino_matrix *m, const double *from, double *to)
{
    for (int i = 0; i < m->rows; i++) {
        double row[WINO_ALPHA_MAX] = { 0 };

        for (int k = 0; k < m->cols; k++)
            for (int l = 0; l < m->cols; l++)
                row[l] += m->at[i][k] * from[k * m->cols + l];
        for (int j = 0; j < m->rows; j++) {
            double sum = 0;

            for (int l = 0; l < m->cols; l++)
                sum += row[l] * m->at[j][l];
            *to++ = sum;
        }
    }
}
