// SPDX-License-Identifier: Apache-2.0
/* wino_matrix.h - the matrices of Winograd's algorithm (runtime/resc_c16_wino.h),
 * exactly as the transforms of runtime/c16_wino.def apply them:
 *
 *     Y = A [ (G w G^T) o (B d B^T) ] A^T
 *
 * where A and B are what is called A^T and B^T elsewhere. */
#ifndef RESC_OPS_WINO_MATRIX_H
#define RESC_OPS_WINO_MATRIX_H

enum { WINO_ALPHA_MAX = 6 };

struct wino_matrix {
    int rows, cols;
    double at[WINO_ALPHA_MAX][WINO_ALPHA_MAX];
};

struct wino_matrix wino_g(int alpha, int taps); /* [alpha][taps] */
struct wino_matrix wino_b(int alpha);           /* [alpha][alpha] */
struct wino_matrix wino_a(int alpha, int m);    /* [m][alpha] */
struct wino_matrix wino_absolute(struct wino_matrix m);
/* to [rows][rows] = m from m^T, from [cols][cols] */
void wino_transform(const struct wino_matrix *m, const double *from, double *to);

#endif
