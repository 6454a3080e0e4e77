// SPDX-License-Identifier: Apache-2.0
/* c16_pixels - which tile comes when. */
#include "resc_c16_pixels.h"

#ifdef _OPENMP
#include <omp.h>
#endif

/* Floats of input that are to stay in the second-level cache; floats of a block's
 * weights for whose input the first-level cache has room; for each thread so many
 * items that all get equal shares, unless they get smaller than so many
 * multiply-adds; multiply-adds that are worth threads. */
enum { PIXELS_BAND = 96 << 10, PIXELS_LAYER = 12 << 10, PIXELS_ITEMS = 8 };
static const double pixels_of_item = 5e5, pixels_worth_threads = 1e6;

struct pixels_cut {
    resc_c16_tile_fn *tile;
    ptrdiff_t pixels, tiles, bands, chunks, layers;
    ptrdiff_t size, larger; /* pixels of a tile; the first `larger` tiles have one more */
    double work; /* multiply-adds */
    int weights_first; /* all bands of a chunk before the next chunk, or all chunks of a band */
};

static ptrdiff_t pixels_parts(ptrdiff_t all, ptrdiff_t most)
{
    return most > 0 && all > most ? (all + most - 1) / most : 1;
}

static ptrdiff_t pixels_items(double work)
{
#ifdef _OPENMP
    const int threads = omp_get_max_threads();
    const double most = work / pixels_of_item, wanted = PIXELS_ITEMS * (double)threads;

    if (work > pixels_worth_threads && threads > 1)
        return (ptrdiff_t)(wanted < most ? wanted : most);
#else
    (void)pixels_of_item, (void)pixels_worth_threads, (void)work;
#endif
    return 1;
}

/* The order that reads fewer bytes from beyond the second-level cache. */
static struct pixels_cut pixels_cut(const struct resc_c16_pixels *s)
{
    const ptrdiff_t weights = s->blocks * s->tile.w_block;
    struct pixels_cut c = { 0 };
    int most;

    c.tile = resc_c16_tile(s->blocks, &most);
    c.pixels = s->n * s->oh * s->ow;
    c.tiles = (c.pixels + most - 1) / most;

    c.size = c.tiles ? c.pixels / c.tiles : 0;
    c.larger = c.pixels - c.tiles * c.size;
    c.work = (double)c.pixels * (double)(s->groups * weights);

    const ptrdiff_t input = c.pixels * s->x_pixel;

    c.layers = pixels_parts(s->tile.w_block, PIXELS_LAYER);
    if (c.layers > s->tile.n[0] && s->tile.n[0] > 0)
        c.layers = s->tile.n[0];

    c.chunks = pixels_parts(s->blocks, RESC_TILE_BLOCKS);
    c.bands = pixels_parts(input, PIXELS_BAND);
    c.weights_first = c.bands == 1 || c.chunks == 1 ||
                      c.chunks * input + weights <= c.bands * weights + input;
    if (c.weights_first) {
        const ptrdiff_t bands = pixels_parts(pixels_items(c.work), c.chunks * s->groups);

        c.bands = c.bands < bands ? bands : c.bands;
    }
    if (c.bands > c.tiles)
        c.bands = c.tiles;
    return c;
}

/* Tiles first to last - 1, for `blocks` blocks of output channels; ahead: weights that come after
 * theirs, or NULL, in the fetching of which `sharers` tiles share. */
static void pixels_band(const struct resc_c16_pixels *s, const struct pixels_cut *c,
                        ptrdiff_t first, ptrdiff_t last, ptrdiff_t blocks, const float *ahead,
                        ptrdiff_t sharers, const float *x, const float *w, const float *bias,
                        const float *add, float *y)
{
    const ptrdiff_t turns = s->tile.n[0] * s->tile.n[1] * s->tile.n[2];
    struct resc_c16_tile tile = s->tile;
    const ptrdiff_t y_down = resc_c16_row(s->y_halo, s->ow);
    const ptrdiff_t add_down = resc_c16_row(s->add_halo, s->ow);
    const float *xs[RESC_TILE_PIXELS_MAX], *adds[RESC_TILE_PIXELS_MAX];
    float *ys[RESC_TILE_PIXELS_MAX];
    const ptrdiff_t pixel = first * c->size + (first < c->larger ? first : c->larger);
    ptrdiff_t column = pixel % s->ow, row = pixel / s->ow % s->oh, image = pixel / s->ow / s->oh;

    const float *from = x + image * s->x_image + row * s->x_down + column * s->x_right;
    ptrdiff_t to = image * s->y_image + row * y_down + column * RESC_LANES;
    ptrdiff_t to_add = image * s->add_image + row * add_down + column * RESC_LANES;

    tile.ahead = ahead ? ahead : w;
    tile.ahead_turn = ahead ? tile.run * RESC_LANES / sharers + 1 : 0;
    for (ptrdiff_t t = first; t < last; t++) {
        const int count = (int)(c->size + (t < c->larger));

        for (int i = 0; i < count; i++) {
            xs[i] = from, from += s->x_right;
            ys[i] = y + to, to += RESC_LANES;
            if (add)
                adds[i] = add + to_add, to_add += RESC_LANES;
            if (++column < s->ow)
                continue;
            column = 0;
            if (++row == s->oh)
                row = 0, image++;
            from = x + image * s->x_image + row * s->x_down;
            to = image * s->y_image + row * y_down;
            to_add = image * s->add_image + row * add_down;
        }
        c->tile(&tile, count, blocks, xs, w, bias, add ? adds : NULL, ys);
        tile.ahead += tile.ahead_turn * turns;
    }
}

static void pixels_item(const struct resc_c16_pixels *s, const struct pixels_cut *c,
                        ptrdiff_t item, const float *x, const float *w, const float *bias,
                        const float *add, float *y)
{
    const ptrdiff_t outer = item / (c->bands * c->chunks), inner = item % (c->bands * c->chunks);
    const ptrdiff_t band = c->weights_first ? inner % c->bands : inner / c->chunks;
    const ptrdiff_t chunk = c->weights_first ? inner / c->bands : inner % c->chunks;
    const ptrdiff_t from = s->blocks * chunk / c->chunks;
    const ptrdiff_t blocks = s->blocks * (chunk + 1) / c->chunks - from;
    const ptrdiff_t block = outer * s->blocks + from;

    y += block * s->tile.y_block;
    for (ptrdiff_t i = 0; band == 0 && i < s->n * blocks; i++)
        resc_c16_clear_halo(s->y_halo, s->oh, s->ow,
                            y + i / blocks * s->y_image + i % blocks * s->tile.y_block);
    y += resc_c16_first(s->y_halo, s->ow);
    if (add)
        add += block * s->tile.add_block + resc_c16_first(s->add_halo, s->ow);
    x += outer * s->x_group;
    w += block * s->tile.w_block;

    const ptrdiff_t w_turn = s->tile.n[0] ? s->tile.w_block / s->tile.n[0] : 0;
    for (ptrdiff_t layer = 0; layer < c->layers; layer++) {
        const ptrdiff_t turn = s->tile.n[0] * layer / c->layers;
        const ptrdiff_t end = s->tile.n[0] * (layer + 1) / c->layers;
        struct resc_c16_pixels part = *s;

        part.tile.n[0] = end - turn;
        if (layer > 0) { /* adds to what is there */
            part.add_image = s->y_image;
            part.add_halo = s->y_halo;
            part.tile.add_block = s->tile.y_block;
        }
        const ptrdiff_t first = c->tiles * band / c->bands, last = c->tiles * (band + 1) / c->bands;
        const ptrdiff_t weights = part.tile.n[0] * w_turn;
        const float *ahead = NULL;
        ptrdiff_t sharers = last - first;

        if (layer < c->layers - 1) {
            part.tile.act.kind = RESC_ACT_NONE;
            ahead = w + turn * w_turn + weights;
        } else if (c->weights_first) { /* the next chunk's are wanted after all bands */
            ahead = w + blocks * s->tile.w_block + weights * band / c->bands;
            sharers = c->tiles;
        }
        pixels_band(&part, c, first, last, blocks, ahead, sharers, x + turn * s->tile.step[0],
                    w + turn * w_turn,
                    bias && layer == 0 ? bias + block * RESC_LANES : NULL, layer > 0 ? y : add, y);
    }
}

RESC_KERNEL void resc_c16_pixels(const struct resc_c16_pixels *s, const float *x, const float *w,
                                 const float *bias, const float *add, float *y)
{
    const struct pixels_cut cut = pixels_cut(s);
    const ptrdiff_t items = s->groups * cut.bands * cut.chunks;

#ifdef _OPENMP
#pragma omp parallel for schedule(static) if (cut.work > pixels_worth_threads)
#endif
    for (ptrdiff_t i = 0; i < items; i++)
        pixels_item(s, &cut, i, x, w, bias, add, y);
}
