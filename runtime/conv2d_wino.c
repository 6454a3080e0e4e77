// SPDX-License-Identifier: Apache-2.0
/* conv2d_wino - bands of tiles: input, products, output. */
#include "resc_conv2d_wino.h"

#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Multiply-adds that are worth threads. */
static const double conv2d_wino_worth_threads = 1e6;

/* The fewest tiles that are worth an item of their own. */
enum { CONV2D_WINO_CUT = 6 };

struct conv2d_wino_steps {
    resc_wino_product_fn *product;
    resc_wino_weights_fn *weights;
    resc_wino_out_fn *out;
    struct resc_wino_out o;
};

static struct conv2d_wino_steps conv2d_wino_steps(const struct resc_conv2d_wino *c)
{
    const struct resc_conv2d *p = c->p;
    struct conv2d_wino_steps s = {
        resc_wino_product(), resc_wino_weights(c->g.alpha), resc_wino_out(c->g.m), { 0 },
    };

    s.o.m_step = c->g.m_step;
    s.o.y_row = resc_c16_row(p->y_halo, p->ow);
    s.o.add_row = resc_c16_row(p->add_halo, p->ow);
    s.o.act = p->act;
    if (p->act.kind == RESC_ACT_NONE || p->act.kind == RESC_ACT_RELU) {
        s.o.act.lo = p->act.kind == RESC_ACT_NONE ? -INFINITY : 0.0f;
        s.o.act.hi = INFINITY;
    }
    return s;
}

/* M of `tiles` tiles, for a chunk of output channels from block `block` on; v: of its group */
static void conv2d_wino_product(const struct resc_conv2d_wino *c,
                                const struct conv2d_wino_steps *s, ptrdiff_t block,
                                ptrdiff_t tiles, const float *v, float *m)
{
    const struct resc_wino *g = &c->g;
    const ptrdiff_t elements = g->alpha * g->alpha, plane = g->band * RESC_LANES;
    const ptrdiff_t weights = g->chunk * g->planes * g->run * RESC_LANES; /* of an xi */
    struct resc_wino_product p = { .n = g->planes, .run = g->run, .plane = plane,
                                   .y_block = plane, .scale = 1.0f, .ahead_len = weights };
    const float *w = c->w + block / g->chunk * elements * weights;

    for (ptrdiff_t xi = 0; xi < elements; xi++, w += weights) {
        p.ahead = w + weights / g->chunk * RESC_WINO_CHUNK_MIN;
        s->product(&p, tiles, g->chunk, v + xi * g->v_step, w, m + xi * g->m_step);
    }
}

/* The same from weights as they are: of some planes at a time, U, then products with it. */
static void conv2d_wino_late(const struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s,
                             ptrdiff_t block, ptrdiff_t tiles, const float *v, float *m)
{
    static const float four[] = { -1.0f, 0.5f, 0.5f, 1.0f };
    static const float six[] = { 1.0f, 2.0f / 3, 2.0f / 3, 1.0f / 3, 1.0f / 3, 1.0f };
    const struct resc_wino *g = &c->g;
    const float *const scale = g->alpha == 4 ? four : six;
    const ptrdiff_t elements = g->alpha * g->alpha, plane = g->band * RESC_LANES;
    const ptrdiff_t weights = g->run * RESC_LANES; /* of a block and plane */
    float *const u = m + elements * g->m_step;
    const float *w = c->w + block * g->planes * 9 * weights;

    for (ptrdiff_t from = 0; from < g->planes; from += g->part, v += g->part * plane) {
        const ptrdiff_t n = g->planes - from < g->part ? g->planes - from : g->part;
        struct resc_wino_product p = { .n = n, .run = g->run, .plane = plane, .y_block = plane,
                                       .adds = from > 0 };

        p.ahead_len = n * g->chunk * 9 * weights / elements;
        for (int a = 0; a < g->alpha; a++) {
            for (ptrdiff_t i = 0; i < n * g->chunk; i++)
                s->weights(a, g->run, w + i * 9 * weights,
                           u + (i % g->chunk * n + i / g->chunk) * weights, g->u_step);
            for (ptrdiff_t b = 0; b < g->alpha; b++) {
                const ptrdiff_t xi = a * g->alpha + b;

                p.scale = scale[a] * scale[b];
                p.ahead = w + n * g->chunk * 9 * weights + xi * p.ahead_len;
                s->product(&p, tiles, g->chunk, v + xi * g->v_step, u + b * g->u_step,
                           m + xi * g->m_step);
            }
        }
        w += n * g->chunk * 9 * weights;
    }
}

/* The output channels of block `block`, for the tiles from...to, from its part of M */
static void conv2d_wino_out(const struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s,
                            ptrdiff_t block, ptrdiff_t from, ptrdiff_t to, const float *m)
{
    const struct resc_conv2d *p = c->p;
    const struct resc_wino *g = &c->g;
    const ptrdiff_t y_block = resc_c16_block(p->y_halo, p->oh, p->ow);
    const ptrdiff_t add_block = resc_c16_block(p->add_halo, p->oh, p->ow);
    const ptrdiff_t first = from / g->across, last = (to - 1) / g->across;
    const float *add = c->add ? c->add + resc_c16_first(p->add_halo, p->ow) : NULL;
    float *y = c->y + resc_c16_first(p->y_halo, p->ow);

    for (ptrdiff_t row = first; row <= last; row++) {
        const struct resc_conv2d_wino_row r = resc_conv2d_wino_row(g, row, from, to);
        const ptrdiff_t image = r.image * g->oc_blocks + block;
        const ptrdiff_t h = r.down * g->m, w = r.across * g->m;
        struct resc_wino_out o = s->o;

        o.rows = p->oh - h < g->m ? p->oh - h : g->m;
        o.columns = p->ow - w < r.tiles * g->m ? p->ow - w : r.tiles * g->m;
        s->out(&o, m + r.from * RESC_LANES, c->b ? c->b + block * RESC_LANES : NULL,
               add ? add + image * add_block + h * o.add_row + w * RESC_LANES : NULL,
               y + image * y_block + h * o.y_row + w * RESC_LANES);
    }
}

/* Chunk by chunk, so that M stays in the cache.  Where there are fewer chunks than threads, each
 * for some of the tiles at a time. */
static void conv2d_wino_output(const struct resc_conv2d_wino *c,
                               const struct conv2d_wino_steps *s, ptrdiff_t from, ptrdiff_t to)
{
    const struct resc_wino *g = &c->g;
    const ptrdiff_t chunks = g->oc_blocks / g->chunk;
    float *const ms = c->v + resc_wino_v(g);
    ptrdiff_t cuts = 1;

#ifdef _OPENMP
    const ptrdiff_t threads = omp_get_num_threads();

    while (g->part == 0 && chunks * cuts < threads && (cuts + 1) * CONV2D_WINO_CUT <= to - from)
        cuts++;
#pragma omp for schedule(static)
#endif
    for (ptrdiff_t item = 0; item < chunks * cuts; item++) {
        const ptrdiff_t chunk = item / cuts, block = chunk * g->chunk, cut = item % cuts;
        const ptrdiff_t first = (to - from) * cut / cuts, last = (to - from) * (cut + 1) / cuts;
        const ptrdiff_t at = first * RESC_LANES;
        const float *const v = c->v + block / g->group * g->planes * g->band * RESC_LANES + at;
        ptrdiff_t own = 0;

#ifdef _OPENMP
        own = threads < chunks ? omp_get_thread_num() : chunk;
#endif
        float *const m = ms + own * resc_wino_mu(g) + at;

        (g->part > 0 ? conv2d_wino_late : conv2d_wino_product)(c, s, block, last - first, v, m);
        for (ptrdiff_t i = 0; i < g->chunk; i++)
            conv2d_wino_out(c, s, block + i, from + first, from + last,
                            m + i * g->band * RESC_LANES);
    }
}

static void conv2d_wino_halo(const struct resc_conv2d_wino *c)
{
    const struct resc_conv2d *p = c->p;
    const ptrdiff_t y_block = resc_c16_block(p->y_halo, p->oh, p->ow);

#ifdef _OPENMP
#pragma omp for schedule(static) nowait
#endif
    for (ptrdiff_t i = 0; i < p->n * c->g.oc_blocks; i++)
        resc_c16_clear_halo(p->y_halo, p->oh, p->ow, c->y + i * y_block);
}

RESC_KERNEL void resc_conv2d_wino_run(const struct resc_conv2d_wino *c)
{
    const struct resc_wino *g = &c->g;
    const struct conv2d_wino_steps s = conv2d_wino_steps(c);

#ifdef _OPENMP
    const double work = (double)(g->alpha * g->alpha) * (double)g->tiles *
                        (double)(g->planes * g->run) * (double)(g->oc_blocks * RESC_LANES);
#pragma omp parallel if (work > conv2d_wino_worth_threads)
#else
    (void)conv2d_wino_worth_threads;
#endif
    {
        conv2d_wino_halo(c);
        for (ptrdiff_t from = 0; from < g->tiles; from += g->band) {
            const ptrdiff_t to = g->tiles - from < g->band ? g->tiles : from + g->band;

            c->input(c, from, to);
            conv2d_wino_output(c, &s, from, to);
        }
    }
}
