// SPDX-License-Identifier: Apache-2.0
/* The matrices from which Winograd's bound is computed are those of the algorithm: with them
 * the sum of a convolution comes out. */
#include "ops/wino_matrix.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { ELEMENTS_MAX = WINO_ALPHA_MAX * WINO_ALPHA_MAX };

static void fill(double *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = rand() / (double)RAND_MAX - 0.5;
}

static void check(int alpha, int m)
{
    const int taps = alpha + 1 - m;
    const struct wino_matrix G = wino_g(alpha, taps), B = wino_b(alpha), A = wino_a(alpha, m);
    double d[ELEMENTS_MAX], w[ELEMENTS_MAX], u[ELEMENTS_MAX], v[ELEMENTS_MAX], y[ELEMENTS_MAX];

    fill(d, alpha * alpha);
    fill(w, taps * taps);
    wino_transform(&G, w, u);
    wino_transform(&B, d, v);
    for (int i = 0; i < alpha * alpha; i++)
        u[i] *= v[i];
    wino_transform(&A, u, y);
    for (int i = 0; i < m * m; i++) {
        double sum = 0;

        for (int k = 0; k < taps * taps; k++)
            sum += w[k] * d[(i / m + k / taps) * alpha + i % m + k % taps];
        cr_assert_lt(fabs(y[i] - sum), 1e-13, "alpha %d, m %d, element %d: %g, not %g", alpha, m,
                     i, y[i], sum);
    }
}

Test(wino_matrix, convolves)
{
    for (int round = 0; round < 50; round++) {
        check(4, 2);
        check(6, 4);
        check(6, 3);
    }
}
