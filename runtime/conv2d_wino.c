// SPDX-License-Identifier: Apache-2.0
/* conv2d_wino - bands of tiles: input, products, output. */
#include "resc_conv2d_wino.h"

#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* Multiply-adds that are worth threads. */
static const double conv2d_wino_worth_threads = 1e6;

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
    const ptrdiff_t elements = (ptrdiff_t)g->alpha * g->alpha;
    const ptrdiff_t weights = g->chunk * g->planes * g->run * RESC_LANES; /* of an xi */
    struct resc_wino_product p = { .n = g->planes, .run = g->run, .plane = g->v_plane,
                                   .y_block = g->band * RESC_LANES, .scale = 1.0f,
                                   .ahead_len = weights };
    const float *w = c->w + block / g->chunk * elements * weights;

    for (ptrdiff_t xi = 0; xi < elements; xi++, w += weights) {
        p.ahead = w + weights / g->chunk * RESC_WINO_CHUNK_MIN;
        s->product(&p, tiles, g->chunk, v + xi * g->v_step, w, m + xi * g->m_step);
    }
}

/* The same from weights as they are: row by row of a plane's, U, then products with it. */
static void conv2d_wino_late(const struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s,
                             ptrdiff_t block, ptrdiff_t tiles, const float *v, float *m)
{
    const struct resc_wino *g = &c->g;
    const int alpha = g->alpha;
    const ptrdiff_t elements = (ptrdiff_t)alpha * alpha;
    const ptrdiff_t weights = g->run * RESC_LANES, packed = 9 * weights; /* of a block and plane */
    struct resc_wino_product p = { .n = 1, .run = g->run, .plane = g->v_plane,
                                   .y_block = g->band * RESC_LANES,
                                   .ahead_len = g->chunk * packed / elements };
    float *const u = m + elements * g->m_step;
    const float *w = c->w + block * g->planes * packed;

    for (ptrdiff_t i = 0; i < g->planes; i++, v += g->v_plane, w += g->chunk * packed) {
        p.adds = i > 0;
        for (int xi = 0; xi < alpha * alpha; xi++) {
            const int a = xi / alpha, b = xi % alpha;

            for (ptrdiff_t j = 0; b == 0 && j < g->chunk; j++)
                s->weights(a, g->run, w + j * packed, u + j * weights, g->u_step);
            p.scale = (float)(resc_wino_factor(alpha, a) * resc_wino_factor(alpha, b));
            p.ahead = w + g->chunk * packed + xi * p.ahead_len;
            s->product(&p, tiles, g->chunk, v + xi * g->v_step, u + b * g->u_step,
                       m + xi * g->m_step);
        }
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

        o.m_step = g->m_step;
        o.rows = p->oh - h < g->m ? p->oh - h : g->m;
        o.columns = p->ow - w < r.tiles * g->m ? p->ow - w : r.tiles * g->m;
        s->out(&o, m + r.from * RESC_LANES, c->b ? c->b + block * RESC_LANES : NULL,
               add ? add + image * add_block + h * o.add_row + w * RESC_LANES : NULL,
               y + image * y_block + h * o.y_row + w * RESC_LANES);
    }
}

/* y of a chunk of output channels and the tiles from...to. */
static void conv2d_wino_chunk(const struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s,
                              ptrdiff_t chunk, ptrdiff_t from, ptrdiff_t to, const float *v,
                              float *m)
{
    const struct resc_wino *g = &c->g;
    const ptrdiff_t block = chunk * g->chunk;

    v += block / g->group * g->planes * g->v_plane;
    (g->late ? conv2d_wino_late : conv2d_wino_product)(c, s, block, to - from, v, m);
    for (ptrdiff_t i = 0; i < g->chunk; i++)
        conv2d_wino_out(c, s, block + i, from, to, m + i * g->band * RESC_LANES);
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

/* Threads that are worth starting for so many pieces of work. */
static int conv2d_wino_threads(const struct resc_conv2d_wino *c, ptrdiff_t pieces)
{
    ptrdiff_t threads = 1;

#ifdef _OPENMP
    const struct resc_wino *g = &c->g;
    const double work = (double)(g->alpha * g->alpha) * (double)g->tiles *
                        (double)(g->planes * g->run) * (double)(g->oc_blocks * RESC_LANES);

    if (work > conv2d_wino_worth_threads)
        threads = omp_get_max_threads();
    threads = threads < pieces ? threads : pieces;
    threads = threads < c->most_threads ? threads : c->most_threads;
#else
    (void)c, (void)pieces, (void)conv2d_wino_worth_threads;
#endif
    return (int)threads;
}

/* Each thread some of the bands: it reads what it wrote. */
static void conv2d_wino_bands(struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s)
{
    struct resc_wino *g = &c->g;
    const int threads = conv2d_wino_threads(c, RESC_WINO_BANDS * g->band / RESC_WINO_SHARE_MIN);

    resc_wino_share(g, threads);

    const ptrdiff_t own = resc_wino_v(g) + resc_wino_mu(g);

#ifdef _OPENMP
#pragma omp parallel num_threads(threads) if (threads > 1)
#endif
    {
        float *v = c->v;

#ifdef _OPENMP
        v += omp_get_thread_num() * own;
#else
        (void)own;
#endif
        conv2d_wino_halo(c);
#ifdef _OPENMP
#pragma omp for schedule(static)
#endif
        for (ptrdiff_t band = 0; band < g->tiles; band += g->band) {
            const ptrdiff_t to = g->tiles - band < g->band ? g->tiles : band + g->band;

            for (ptrdiff_t block = 0; block < g->ic_blocks; block++)
                c->input(c, block, band, to, v);
            for (ptrdiff_t chunk = 0; chunk < g->oc_blocks / g->chunk; chunk++)
                conv2d_wino_chunk(c, s, chunk, band, to, v, v + resc_wino_v(g));
        }
    }
}

/* Each thread some of the channels: weights are too many to be read twice. */
static void conv2d_wino_chunks(const struct resc_conv2d_wino *c, const struct conv2d_wino_steps *s)
{
    const struct resc_wino *g = &c->g;
    const ptrdiff_t chunks = g->oc_blocks / g->chunk;
    const int threads = conv2d_wino_threads(c, chunks);

#ifdef _OPENMP
#pragma omp parallel num_threads(threads) if (threads > 1)
#else
    (void)threads;
#endif
    {
        float *m = c->v + resc_wino_v(g);

#ifdef _OPENMP
        m += omp_get_thread_num() * resc_wino_mu(g);
#endif
        conv2d_wino_halo(c);
        for (ptrdiff_t band = 0; band < g->tiles; band += g->band) {
            const ptrdiff_t to = g->tiles - band < g->band ? g->tiles : band + g->band;

#ifdef _OPENMP
#pragma omp for schedule(static)
#endif
            for (ptrdiff_t block = 0; block < g->ic_blocks; block++)
                c->input(c, block, band, to, c->v);
#ifdef _OPENMP
#pragma omp for schedule(static)
#endif
            for (ptrdiff_t chunk = 0; chunk < chunks; chunk++)
                conv2d_wino_chunk(c, s, chunk, band, to, c->v, m);
        }
    }
}

RESC_KERNEL void resc_conv2d_wino_run(const struct resc_conv2d_wino *call)
{
    struct resc_conv2d_wino c = *call;
    const struct conv2d_wino_steps s = conv2d_wino_steps(&c);

    if (resc_wino_has_bands(&c.g))
        conv2d_wino_bands(&c, &s);
    else
        conv2d_wino_chunks(&c, &s);
}
