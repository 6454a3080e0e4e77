// SPDX-License-Identifier: Apache-2.0
/* c16_pool - a row of output at a time.  Windows are cut where x ends: the
 * zeros of the halo are not read. */
#include "resc_c16_pool.h"

#include "resc_simd.h"
#include "resc_window.h"

#include <math.h>

enum { POOL_ALONE = 1 << 17 }; /* floats to read that are worth threads */

/* Of a window's taps along one dimension: the first one inside of x, how many
 * are, and how many an average is divided by. */
struct pool_reach {
    ptrdiff_t first, inside, counted;
};

/* A row of pixels of y. */
struct pool_row {
    int average, count_pad;
    ptrdiff_t rows, counted;         /* of the windows: inside of x, and to divide by */
    ptrdiff_t down, right;           /* floats from tap to tap */
    ptrdiff_t cols, from, to;        /* pixels; those whose windows are as wide as can be */
    ptrdiff_t iw, kw, dw, left, pr;  /* the columns: as in struct resc_pool2d */
    ptrdiff_t step;                  /* pixels of x */
};

/* n taps, the first of which is at `at`; x is `len` long, with its padding `padded`. */
static struct pool_reach pool_reach(ptrdiff_t at, ptrdiff_t step, ptrdiff_t n, ptrdiff_t len,
                                    ptrdiff_t padded, int count_pad)
{
    struct pool_reach r;
    ptrdiff_t end;

    resc_window_inside(at, step, len, n, &r.first, &end);
    r.inside = r.counted = end - r.first;
    if (count_pad)
        r.counted = at >= padded ? 0 : (padded - 1 - at) / step + 1;
    if (r.counted > n)
        r.counted = n;
    return r;
}

static struct pool_reach pool_columns(const struct pool_row *r, ptrdiff_t ow)
{
    return pool_reach(ow * r->step - r->left, r->dw, r->kw, r->iw, r->iw + r->pr, r->count_pad);
}

#define RESC_ISA_NAME base
#include "c16_pool.def"
#undef RESC_ISA_NAME
#if RESC_SIMD_X86
#define RESC_ISA_NAME avx2
#include "c16_pool.def"
#undef RESC_ISA_NAME
#define RESC_ISA_NAME avx512
#include "c16_pool.def"
#undef RESC_ISA_NAME
#endif

typedef void pool_row_fn(const struct pool_row *r, const float *x, float *y);

static void pool_plane(const struct resc_pool2d *p, pool_row_fn *fn, const struct pool_row *of_all,
                       const float *x, float *y)
{
    const ptrdiff_t x_row = resc_c16_row(p->x_halo, p->iw), y_row = resc_c16_row(p->y_halo, p->ow);

    resc_c16_clear_halo(p->y_halo, p->oh, p->ow, y);
    x += resc_c16_first(p->x_halo, p->iw);
    y += resc_c16_first(p->y_halo, p->ow);
    for (ptrdiff_t oh = 0; oh < p->oh; oh++, y += y_row) {
        const ptrdiff_t at = oh * p->sh - p->pt;
        const struct pool_reach rows =
            pool_reach(at, p->dh, p->kh, p->ih, p->ih + (ptrdiff_t)p->pb, p->count_pad);
        const ptrdiff_t first = rows.inside ? at + rows.first * p->dh : 0;
        struct pool_row r = *of_all;

        r.rows = rows.inside;
        r.counted = rows.counted;
        r.to = rows.inside ? r.to : 0;
        fn(&r, x + first * x_row, y);
    }
}

RESC_KERNEL void resc_c16_pool(const struct resc_pool2d *p, int average, const float *x, float *y)
{
    static pool_row_fn *const of_isa[] = {
        pool_row_base,
#if RESC_SIMD_X86
        pool_row_avx2, pool_row_avx512,
#endif
    };
    pool_row_fn *const fn = of_isa[resc_isa()];
    const ptrdiff_t x_block = resc_c16_block(p->x_halo, p->ih, p->iw);
    const ptrdiff_t y_block = resc_c16_block(p->y_halo, p->oh, p->ow);
    struct pool_row r = {
        .average = average, .count_pad = p->count_pad,
        .down = p->dh * resc_c16_row(p->x_halo, p->iw), .right = (ptrdiff_t)p->dw * RESC_LANES,
        .cols = p->ow, .iw = p->iw, .kw = p->kw, .dw = p->dw, .left = p->pl, .pr = p->pr,
        .step = p->sw,
    };
    ptrdiff_t unused;

    resc_window_inside(-p->pl, p->sw, p->iw, p->ow, &r.from, &unused);
    resc_window_inside((p->kw - 1) * (ptrdiff_t)p->dw - p->pl, p->sw, p->iw, p->ow, &unused, &r.to);
#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (p->planes * x_block > POOL_ALONE)
#endif
    for (ptrdiff_t i = 0; i < p->planes; i++)
        pool_plane(p, fn, &r, x + i * x_block, y + i * y_block);
}
