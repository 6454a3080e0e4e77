// SPDX-License-Identifier: Apache-2.0
/* conv2d_f32_c16_first_wino - the first convolution, from NCHW with up to 4 channels
 * to blocks of 16: stride 2, windows up to 8x8, by Winograd's algorithm of its
 * four phases (resc_conv2d_wino.h). */
#include "resc_conv2d.h"

#include "resc_conv2d_wino.h"

#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* One row of one phase: to[i][0...1] = from[first + 2i], from[first + 2i + 1], 0 outside of
 * from[0...n). */
static void conv2d_phase_row(const float *from, ptrdiff_t n, ptrdiff_t first, ptrdiff_t pixels,
                             float *to)
{
    ptrdiff_t left = first < 0 ? (1 - first) / 2 : 0; /* pixels up to the first full one */
    ptrdiff_t right = n - first > 1 ? (n - first) / 2 : 0;

    right = right > pixels ? pixels : right;
    left = left > right ? right : left;
    for (ptrdiff_t i = 0; i < left; i++)
        for (int j = 0; j < 2; j++) {
            const ptrdiff_t at = first + 2 * i + j;

            to[i * RESC_LANES + j] = at >= 0 && at < n ? from[at] : 0.0f;
        }
    for (ptrdiff_t i = left; i < right; i++)
        memcpy(to + i * RESC_LANES, from + (first + 2 * i), 2 * sizeof(*to));
    for (ptrdiff_t i = right; i < pixels; i++)
        for (int j = 0; j < 2; j++) {
            const ptrdiff_t at = first + 2 * i + j;

            to[i * RESC_LANES + j] = at >= 0 && at < n ? from[at] : 0.0f;
        }
}

/* The phases of what a row of tiles reads: [alpha][pixels][16].  Lanes without a phase are left
 * as they are. */
static void conv2d_phases(const struct resc_conv2d_wino *c, const struct resc_conv2d_wino_row *r,
                          ptrdiff_t pixels, float *to)
{
    const struct resc_conv2d *p = c->p;
    const ptrdiff_t m = c->g.m, plane = (ptrdiff_t)p->ih * p->iw;
    const float *x = c->x + r->image * p->ic * plane;

    for (ptrdiff_t i = 0; i < c->g.alpha; i++, to += pixels * RESC_LANES) {
        for (ptrdiff_t half = 0; half < 2; half++) {
            const ptrdiff_t row = 2 * (r->down * m + i) + half - p->pt;
            const int inside = row >= 0 && row < p->ih;

            for (ptrdiff_t channel = 0; channel < p->ic; channel++)
                conv2d_phase_row(inside ? x + channel * plane + row * p->iw : x,
                                 inside ? p->iw : 0, 2 * r->across * m - p->pl, pixels,
                                 to + (half * p->ic + channel) * 2);
        }
    }
}

static void conv2d_phases_input(const struct resc_conv2d_wino *c, ptrdiff_t block, ptrdiff_t from,
                                ptrdiff_t to, float *v)
{
    const struct resc_wino *g = &c->g;
    resc_wino_in_fn *const in = resc_wino_in(g->alpha);
    float *phases = c->phases;

    (void)block;
#ifdef _OPENMP
    phases += omp_get_thread_num() * resc_conv2d_phases_row(g);
#endif
    for (ptrdiff_t row = from / g->across; row <= (to - 1) / g->across; row++) {
        const struct resc_conv2d_wino_row r = resc_conv2d_wino_row(g, row, from, to);
        const ptrdiff_t pixels = r.tiles * g->m + g->alpha - g->m;

        conv2d_phases(c, &r, pixels, phases);
        in(r.tiles, phases, pixels * RESC_LANES, (ptrdiff_t)g->m * RESC_LANES,
           v + r.from * RESC_LANES, g->v_step);
    }
}

RESC_KERNEL void resc_conv2d_f32_c16_first_wino(RESC_CONV2D_ARGS)
{
    struct resc_conv2d_wino c = {
        .g = resc_conv2d_phases(p), .p = p, .x = x, .w = w, .b = b, .add = add, .y = y,
        .v = scratch, .most_threads = RESC_CONV2D_PHASES_THREADS, .input = conv2d_phases_input,
    };
#ifdef _OPENMP
    const ptrdiff_t most = omp_get_max_threads();
    const ptrdiff_t threads = most < c.most_threads ? most : c.most_threads;
#else
    const ptrdiff_t threads = 1;
#endif

    c.phases = c.v + resc_wino_floats(&c.g);
    memset(c.phases, 0, (size_t)(threads * resc_conv2d_phases_row(&c.g)) * sizeof(*c.phases));
    resc_conv2d_wino_run(&c);
}
