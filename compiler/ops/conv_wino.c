// SPDX-License-Identifier: Apache-2.0
/* conv_wino - weights and sizes for Winograd's algorithm. */
#include "ops/conv_wino.h"

#include "base/arena.h"
#include "ops/common.h"
#include "ops/conv.h"
#include "ops/conv_pack.h"
#include "ops/wino_matrix.h"
#include "resc_conv2d_wino.h"

enum { TAPS_MAX = 4 };

static void node_conv2d(const struct node *n, struct resc_conv2d *p)
{
    n->op->params->fill(n, p);
    p->groups = (int)conv_packed_groups(n);
}

/* of conv_wino_first */
static struct resc_wino phases(const struct node *n)
{
    struct resc_conv2d p = { 0 };

    node_conv2d(n, &p);
    return resc_conv2d_phases(&p);
}

static struct resc_wino cut(const struct node *n, int m, bool late)
{
    struct resc_conv2d p = { 0 };

    node_conv2d(n, &p);
    return resc_conv2d_wino(&p, m, late);
}

bool conv_wino_fits(const struct node *n)
{
    const struct window *w = &ATTR(conv_attr, n)->win;

    return w->kernel[0] == 3 && w->kernel[1] == 3 && w->stride[0] == 1 && w->stride[1] == 1 &&
           w->dilation[0] == 1 && w->dilation[1] == 1;
}

/* Smaller windows gain nothing: they have phases of less than 3x3. */
bool conv_wino_first_fits(const struct node *n)
{
    const struct window *w = &ATTR(conv_attr, n)->win;
    const int64_t most = w->kernel[0] > w->kernel[1] ? w->kernel[0] : w->kernel[1];

    return n->in[CONV_X]->shape.dim[1] <= 4 && ATTR(conv_attr, n)->group == 1 && most >= 5 &&
           most <= 8 && w->stride[0] == 2 && w->stride[1] == 2 && w->dilation[0] == 1 &&
           w->dilation[1] == 1;
}

/* Whole tiles of input, also where those of the output end beyond y. */
static struct resc_halo halo(const struct node *n, int i, int m)
{
    const struct resc_wino g = cut(n, m, false);
    struct resc_conv2d p = { 0 };
    struct resc_halo h = { 0 };

    if (i != CONV_X)
        return h;
    node_conv2d(n, &p);
    h.top = p.pt, h.left = p.pl;
    h.bottom = (int)g.down * m + 2 - p.pt - p.ih;
    h.right = (int)g.across * m + 2 - p.pl - p.iw;
    h.bottom = h.bottom > 0 ? h.bottom : 0;
    h.right = h.right > 0 ? h.right : 0;
    return h;
}

/* `in` and `out`: what the transforms of one channel of one tile take, in the time of
 * so many multiply-adds. */
static double work(const struct resc_wino *g, double in, double out)
{
    const double tiles = (double)g->tiles, elements = g->alpha * g->alpha;
    const double ic = (double)(g->ic_blocks * RESC_LANES), oc = (double)(g->oc_blocks * RESC_LANES);

    return tiles * (elements * (double)(g->planes * g->run) * oc + ic * in + oc * out);
}

/* to[xi * step] = G w G^T */
static void transform(const struct wino_matrix *G, const double *w, float *to, int64_t step)
{
    double u[WINO_ALPHA_MAX * WINO_ALPHA_MAX];

    wino_transform(G, w, u);
    for (int xi = 0; xi < G->rows * G->rows; xi++)
        to[xi * step] = (float)u[xi];
}

/* Where the weights of element 0 from channel `ic` of a packed group to `oc` of all go,
 * and how far it is to the next element's. */
static int64_t place(const struct resc_wino *g, int64_t ic, int64_t oc, int64_t *step)
{
    const int64_t channels = g->planes * g->run, block = oc / RESC_LANES;
    const int64_t first = block / g->chunk * g->alpha * g->alpha * g->chunk + block % g->chunk;

    *step = g->chunk * channels * RESC_LANES;
    return (first * channels + ic) * RESC_LANES + oc % RESC_LANES;
}

static struct shape packed_shape(const struct resc_wino *g)
{
    return shape_of(g->oc_blocks / g->chunk, g->alpha, g->alpha, g->chunk, g->planes * g->run,
                    RESC_LANES);
}

static void pack(struct graph *g, const struct node *n, struct value **in, int m)
{
    const struct conv_packed c = conv_packed(n);
    const struct resc_wino wino = cut(n, m, false);
    const struct shape s = packed_shape(&wino);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));
    const struct wino_matrix G = wino_g(wino.alpha, 3);

    for (int64_t oc = 0; oc < c.oc; oc++)
        for (int64_t ic = 0; ic < wino.planes * wino.run; ic++) {
            const float *const from =
                conv_packed_weight(&c, oc / RESC_LANES / wino.group, ic, oc);
            int64_t step;
            const int64_t at = place(&wino, ic, oc, &step);
            double w[9];

            for (int k = 0; from && k < 9; k++)
                w[k] = from[k];
            if (from)
                transform(&G, w, to + at, step);
        }
    in[CONV_W] = graph_add_constant(g, n->in[CONV_W]->name, DT_F32, s, to);
    conv_pack_bias(g, n, in);
}

static void pack_late(struct graph *g, const struct node *n, struct value **in, int m)
{
    const struct conv_packed c = conv_packed(n);
    const struct resc_wino wino = cut(n, m, true);
    const struct shape s = shape_of(wino.oc_blocks / wino.chunk, wino.planes, wino.chunk, wino.run,
                                    9, RESC_LANES);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));

    for (int64_t oc = 0; oc < c.oc; oc++)
        for (int64_t ic = 0; ic < wino.planes * wino.run; ic++) {
            const int64_t block = oc / RESC_LANES, chunk = block / wino.chunk;
            const int64_t plane = chunk * wino.planes + ic / wino.run;
            const int64_t channel = (plane * wino.chunk + block % wino.chunk) * wino.run +
                                    ic % wino.run;
            const float *const from = conv_packed_weight(&c, block / wino.group, ic, oc);

            for (int k = 0; from && k < 9; k++)
                to[(channel * 9 + k) * RESC_LANES + oc % RESC_LANES] = from[k];
        }
    in[CONV_W] = graph_add_constant(g, n->in[CONV_W]->name, DT_F32, s, to);
    conv_pack_bias(g, n, in);
}

/* w [kh, kw] at the rows 2k + row and columns 2l + column, as [taps, taps] */
static void phase(const struct window *win, int taps, const float *from, int row, int column,
                  double *to)
{
    for (int k = 0; k < taps; k++)
        for (int l = 0; l < taps; l++) {
            const int64_t y = 2 * k + row, x = 2 * l + column;

            *to++ = y < win->kernel[0] && x < win->kernel[1] ?
                        from[y * win->kernel[1] + x] : 0;
        }
}

void conv_wino_first_pack(struct graph *g, const struct node *n, struct value **in)
{
    const struct conv_packed c = conv_packed(n);
    const struct resc_wino wino = phases(n);
    const int taps = wino.alpha + 1 - wino.m;
    const struct shape s = packed_shape(&wino);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));
    const struct wino_matrix G = wino_g(wino.alpha, taps);

    for (int64_t oc = 0; oc < c.oc; oc++)
        for (int64_t lane = 0; lane < wino.run; lane++) {
            const int row = (int)(lane / 2 / c.ic), column = (int)(lane % 2);
            int64_t step;
            const int64_t at = place(&wino, lane, oc, &step);
            double w[TAPS_MAX * TAPS_MAX];

            phase(&ATTR(conv_attr, n)->win, taps,
                  conv_packed_weight(&c, 0, lane / 2 % c.ic, oc), row, column, w);
            transform(&G, w, to + at, step);
        }
    in[CONV_W] = graph_add_constant(g, n->in[CONV_W]->name, DT_F32, s, to);
    conv_pack_bias(g, n, in);
}

size_t conv_wino_first_scratch(const struct node *n)
{
    const struct resc_wino g = phases(n);

    return resc_conv2d_phases_scratch(&g);
}

double conv_wino_first_work(const struct node *n)
{
    const struct resc_wino g = phases(n);

    return work(&g, 500, 300);
}

struct resc_halo conv_wino2_halo(const struct node *n, int i)
{
    return halo(n, i, 2);
}

struct resc_halo conv_wino4_halo(const struct node *n, int i)
{
    return halo(n, i, 4);
}

static size_t scratch(const struct node *n, int m, bool late)
{
    const struct resc_wino g = cut(n, m, late);

    return (size_t)resc_wino_floats(&g) * sizeof(float);
}

size_t conv_wino2_scratch(const struct node *n)
{
    return scratch(n, 2, false);
}

size_t conv_wino4_scratch(const struct node *n)
{
    return scratch(n, 4, false);
}

size_t conv_wino2_late_scratch(const struct node *n)
{
    return scratch(n, 2, true);
}

size_t conv_wino4_late_scratch(const struct node *n)
{
    return scratch(n, 4, true);
}

double conv_wino2_work(const struct node *n)
{
    const struct resc_wino g = cut(n, 2, false);

    return work(&g, 80, 80);
}

double conv_wino4_work(const struct node *n)
{
    const struct resc_wino g = cut(n, 4, false);

    return work(&g, 300, 220);
}

/* `early`: the work with transformed weights, of which products of one plane at a time take a
 * little more; `each`: what the transform of one input channel's weights for one output
 * channel takes. */
static double late_work(const struct resc_wino *g, double early, double each)
{
    const ptrdiff_t bands = (g->tiles + g->band - 1) / g->band;

    return 1.15 * early +
           (double)bands * each * (double)(g->planes * g->run * g->oc_blocks * RESC_LANES);
}

double conv_wino2_late_work(const struct node *n)
{
    const struct resc_wino g = cut(n, 2, true);

    return late_work(&g, work(&g, 80, 80), 30);
}

double conv_wino4_late_work(const struct node *n)
{
    const struct resc_wino g = cut(n, 4, true);

    return late_work(&g, work(&g, 300, 220), 60);
}

void conv_wino2_pack(struct graph *g, const struct node *n, struct value **in)
{
    pack(g, n, in, 2);
}

void conv_wino4_pack(struct graph *g, const struct node *n, struct value **in)
{
    pack(g, n, in, 4);
}

void conv_wino2_late_pack(struct graph *g, const struct node *n, struct value **in)
{
    pack_late(g, n, in, 2);
}

void conv_wino4_late_pack(struct graph *g, const struct node *n, struct value **in)
{
    pack_late(g, n, in, 4);
}
