// SPDX-License-Identifier: Apache-2.0
/* conv_wino_bound - how far a convolution by Winograd's algorithm may be off.
 *
 *     V = B d B^T,  U = G w G^T,  M = sum over ic of U o V,  Y = A M A^T
 *
 * The transforms are sums in which each input takes one path to each output, so
 * that what n roundings on the longest path make of them is off by at most
 * gamma(n) times the same transform of absolute values by absolute matrices.  The
 * factors sqrt(1/2), sqrt(2) are rounded to floats: that counts as a rounding of
 * the path.  The paths in runtime/c16_wino.def have, without fused multiply-adds,
 *
 *     B:  alpha = 4: 1 (a difference); 6: 4 (a difference, factor, product, sum)
 *     A:  alpha = 4: 2 (two sums);     6: 5 (a difference, factor, product, two sums)
 *     G, late: 3 (factor, product, sum); else U is made in double precision, and rounded once
 *
 * in one dimension, twice that in two.  So the kernel's V and U, V' and U', have
 *
 *     |V'| <= V1 = |V| + gamma(2B) |B| |d| |B|^T
 *     |U'| <= U1 = |U| + gamma(2G) |G| |w| |G|^T       (not late: |U| + u |U|)
 *
 * and with K roundings of a term in M: of the product, and of each sum that it goes
 * through (late there are a factor, its product and the sum over planes besides),
 *
 *     |M' - M| <= (1 + gamma(K)) sum of U1 o V1  -  sum of |U| o |V|
 *
 * since U'V' - UV is at most U1 V1 - |U||V|.  What A makes of M' it rounds by
 * gamma(2A) |A| |M'| |A|^T; then bias and residual are added, a rounding each:
 *
 *     |Y' - Y| <= |A| [ (1 + gamma(K + 2A + 2)) sum of U1 o V1 - sum of |U| o |V| ] |A|^T
 *                 + gamma(2) (|bias| + |residual|)
 *
 * This is less than one gamma for all of |A| [ |G||w||G|^T o |B||d||B|^T ] |A|^T, since the long
 * sum rounds U and V as they are, in which much has cancelled already. */
#include "ops/conv_wino_bound.h"

#include "base/arena.h"
#include "ops/common.h"
#include "ops/conv.h"
#include "ops/conv_pack.h"
#include "ops/conv_wino.h"
#include "ops/wino_matrix.h"
#include "resc_conv2d_wino.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ELEMENTS_MAX = WINO_ALPHA_MAX * WINO_ALPHA_MAX, TAPS_MAX = 4 };

/* Roundings in one dimension. */
struct depth {
    int a, b, g;
};
static const struct depth depth_4 = { 2, 1, 3 }, depth_6 = { 5, 4, 3 };

/* Which rows these are: by what they have for weights. */
static const struct form {
    void (*pack)(struct graph *g, const struct node *n, struct value **in);
    int m; /* 0: by phases */
    bool late;
} forms[] = {
    { conv_wino2_pack, 2, false }, { conv_wino2_late_pack, 2, true },
    { conv_wino4_pack, 4, false }, { conv_wino4_late_pack, 4, true },
    { conv_wino_first_pack, 0, false },
};

struct wino {
    struct resc_conv2d p; /* with the model's groups */
    struct resc_wino g;
    const struct form *form;
    const struct depth *depth;
    int taps, elements;
    int64_t channels, of_ic; /* of the transformed input, and those that an output reads */
    struct wino_matrix A, B, G, A_abs, B_abs, G_abs;
    double *v, *v1;          /* |V| and V1 of an image: [tiles][channels][elements] */
    double *u, *u1;          /* |U| and U1 of an output channel: [of_ic][elements] */
};

static void allocate(struct wino *w, struct arena *a)
{
    const int64_t v = w->g.down * w->g.across * w->channels * w->elements;
    const int64_t u = w->of_ic * w->elements;

    w->v = arena_new_n(a, double, v + 1);
    w->v1 = arena_new_n(a, double, v + 1);
    w->u = arena_new_n(a, double, u + 1);
    w->u1 = arena_new_n(a, double, u + 1);
}

static bool prepare(struct wino *w, const struct node *n, const struct kernel *k)
{
    struct resc_conv2d packed = { 0 };

    *w = (struct wino){ 0 };
    for (int i = 0; i < COUNT(forms); i++)
        if (forms[i].pack == k->pack)
            w->form = &forms[i];
    if (!w->form)
        return false;
    n->op->params->fill(n, &w->p);
    packed = w->p;
    packed.groups = (int)conv_packed_groups(n);
    w->g = w->form->m ? resc_conv2d_wino(&packed, w->form->m, w->form->late)
                      : resc_conv2d_phases(&packed);
    w->depth = w->g.alpha == 4 ? &depth_4 : &depth_6;
    w->taps = w->g.alpha + 1 - w->g.m;
    w->elements = w->g.alpha * w->g.alpha;
    w->channels = w->form->m ? w->p.ic : 4 * w->p.ic;
    w->of_ic = w->channels / w->p.groups;
    w->A = wino_a(w->g.alpha, w->g.m), w->A_abs = wino_absolute(w->A);
    w->B = wino_b(w->g.alpha), w->B_abs = wino_absolute(w->B);
    w->G = wino_g(w->g.alpha, w->taps), w->G_abs = wino_absolute(w->G);
    return true;
}

/* Lanes of phases: as in resc_conv2d_wino.h. */
static double pixel_of(const struct wino *w, const float *x, int64_t channel, int64_t row,
                       int64_t col)
{
    const struct resc_conv2d *p = &w->p;

    if (!w->form->m) {
        row = 2 * row + channel / 2 / p->ic, col = 2 * col + channel % 2;
        channel = channel / 2 % p->ic;
    }
    row -= p->pt, col -= p->pl;
    if (row < 0 || row >= p->ih || col < 0 || col >= p->iw)
        return 0;
    return (double)x[(channel * p->ih + row) * p->iw + col];
}

static double weight(const struct wino *w, const float *from, int64_t channel, int64_t row,
                     int64_t col)
{
    const struct resc_conv2d *p = &w->p;

    if (!w->form->m) {
        row = 2 * row + channel / 2 / p->ic, col = 2 * col + channel % 2;
        channel = channel / 2 % p->ic;
    }
    if (row >= p->kh || col >= p->kw)
        return 0;
    return (double)from[(channel * p->kh + row) * p->kw + col];
}

/* |m from m^T|, and that plus `rounded` of itself and `paths` of the transform of absolute
 * values; what may be too small for a float, as well. */
static void transformed(const struct wino_matrix *m, const struct wino_matrix *m_abs,
                        const double *from, double rounded, double paths, double *to, double *to1)
{
    double from_abs[ELEMENTS_MAX], most[ELEMENTS_MAX];

    for (int i = 0; i < m->cols * m->cols; i++)
        from_abs[i] = fabs(from[i]); // NOLINT(clang-analyzer-core.*): elements = cols * cols
    wino_transform(m, from, to);
    wino_transform(m_abs, from_abs, most);
    for (int i = 0; i < m->rows * m->rows; i++) {
        to[i] = fabs(to[i]);
        to1[i] = to[i] * (1 + rounded) + paths * most[i] + (double)FLT_MIN;
    }
}

static void input(const struct wino *w, const float *x)
{
    const int alpha = w->g.alpha;
    const double paths = bound_gamma(2 * w->depth->b + 1); /* 1: of our own */
    double d[ELEMENTS_MAX];
    int64_t at = 0;

    for (int64_t tile = 0; tile < w->g.down * w->g.across; tile++)
        for (int64_t c = 0; c < w->channels; c++, at += w->elements) {
            const int64_t row = tile / w->g.across * w->g.m, col = tile % w->g.across * w->g.m;

            for (int i = 0; i < w->elements; i++)
                d[i] = pixel_of(w, x, c, row + i / alpha, col + i % alpha);
            transformed(&w->B, &w->B_abs, d, 0, paths, w->v + at, w->v1 + at);
        }
}

/* Not late: 2^-40 is more than our own roundings. */
static void weights(const struct wino *w, const float *from)
{
    const double rounded = w->form->late ? 0 : bound_gamma(1);
    const double paths = w->form->late ? bound_gamma(2 * w->depth->g + 1) : 0x1p-40;
    double g[TAPS_MAX * TAPS_MAX];

    for (int64_t c = 0; c < w->of_ic; c++) {
        for (int i = 0; i < w->taps * w->taps; i++)
            g[i] = weight(w, from, c, i / w->taps, i % w->taps);
        transformed(&w->G, &w->G_abs, g, rounded, paths, w->u + c * w->elements,
                    w->u1 + c * w->elements);
    }
}

/* What a term of M goes through. */
static double sum_roundings(const struct wino *w)
{
    return w->form->late ? (double)(w->g.run + 2 + w->g.planes)
                         : (double)(w->g.planes * w->g.run);
}

/* How far the tile's Y may be off, [m][m], from channel `first` of the input on. */
static void tile_bound(const struct wino *w, int64_t tile, int64_t first, double *y)
{
    const double *v = w->v + (tile * w->channels + first) * w->elements;
    const double *v1 = w->v1 + (tile * w->channels + first) * w->elements;
    const double *u = w->u, *u1 = w->u1;
    const double most = 1 + bound_gamma(sum_roundings(w) + 2 * w->depth->a + 2 + BOUND_ALSO);
    double sum[ELEMENTS_MAX] = { 0 }, sum1[ELEMENTS_MAX] = { 0 };

    for (int64_t i = 0; i < w->of_ic * w->elements; i += w->elements)
        for (int xi = 0; xi < w->elements; xi++) {
            sum[xi] += u[i + xi] * v[i + xi];
            sum1[xi] += u1[i + xi] * v1[i + xi];
        }
    for (int xi = 0; xi < w->elements; xi++)
        sum[xi] = most * (sum1[xi] + (double)FLT_MIN) - sum[xi];
    wino_transform(&w->A_abs, sum, y);
}

/* Channel `oc` of image `image`. */
static void channel_bound(const struct wino *w, const struct node *n, const struct bounds *b,
                          int64_t image, int64_t oc)
{
    const struct resc_conv2d *p = &w->p;
    const int64_t first = oc / (p->oc / p->groups) * w->of_ic;
    const float *bias = node_in(n, CONV_B) ? b->in[CONV_B] : NULL;
    const float *add = node_in(n, CONV_ADD) ? b->in[CONV_ADD] : NULL;
    double y[ELEMENTS_MAX];

    for (int64_t tile = 0; tile < w->g.down * w->g.across; tile++) {
        const int64_t row = tile / w->g.across * w->g.m, col = tile % w->g.across * w->g.m;

        tile_bound(w, tile, first, y);
        for (int i = 0; i < w->g.m * w->g.m; i++) {
            const int64_t oh = row + i / w->g.m, ow = col + i % w->g.m;
            const int64_t at = ((image * p->oc + oc) * p->oh + oh) * p->ow + ow;

            if (oh < p->oh && ow < p->ow)
                b->bound[at] = y[i] + bound_gamma(2 + BOUND_ALSO) *
                                          ((bias ? fabs((double)bias[oc]) : 0) +
                                           (add ? fabs((double)add[at]) : 0) + (double)FLT_MIN);
        }
    }
}

bool conv_wino_bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const float *x = b->in[CONV_X], *from = b->in[CONV_W];
    struct wino w;

    if (!prepare(&w, n, k) || sum_roundings(&w) > ROUNDINGS_MAX)
        return false;
    const int64_t of_oc = (int64_t)(w.p.ic / w.p.groups) * w.p.kh * w.p.kw;

    allocate(&w, b->arena);
    for (int64_t image = 0; image < w.p.n; image++) {
        input(&w, x + image * w.p.ic * w.p.ih * w.p.iw);
        for (int64_t oc = 0; oc < w.p.oc; oc++) {
            weights(&w, from + oc * of_oc);
            channel_bound(&w, n, b, image, oc);
        }
    }
    bound_act(n, b);
    return true;
}
