// SPDX-License-Identifier: Apache-2.0
/* c16_rows - rows of a for pixels; the last block of columns by way of a buffer. */
#include "resc_c16_rows.h"

#include <string.h>

/* Floats of b that are to stay in the second-level cache; so many blocks at a time
 * keep the multipliers busy even if there is only one row; so many items that
 * threads get equal shares; multiply-adds that are worth threads. */
enum { ROWS_CHUNK = 32 << 10, ROWS_BLOCKS = 4, ROWS_ITEMS = 48 };
static const double rows_worth_threads = 2e5;

struct c16_rows {
    struct resc_c16_tile tile;
    resc_c16_tile_fn *fn;
    ptrdiff_t n, k;
    ptrdiff_t blocks, chunks, tiles, bands;
};

static ptrdiff_t rows_parts(ptrdiff_t all, ptrdiff_t most)
{
    return all > most ? (all + most - 1) / most : 1;
}

static struct c16_rows rows_cut(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, struct resc_act act)
{
    struct c16_rows r = { .n = n, .k = k };
    ptrdiff_t at_a_time = ROWS_CHUNK / (k * RESC_LANES + 1);
    int most;

    r.tile.n[0] = r.tile.n[1] = r.tile.n[2] = 1;
    r.tile.run = k;
    r.tile.w_block = k * RESC_LANES;
    r.tile.y_block = RESC_LANES;
    r.tile.act = act;
    r.blocks = resc_c16_blocks(n);
    r.fn = resc_c16_tile(r.blocks, &most);
    at_a_time = at_a_time < ROWS_BLOCKS ? ROWS_BLOCKS : at_a_time;
    r.chunks = rows_parts(r.blocks, at_a_time);
    r.tiles = rows_parts(m, most);
    r.bands = rows_parts(ROWS_ITEMS, r.chunks);
    r.bands = r.bands < r.tiles ? r.bands : r.tiles;
    return r;
}

/* Rows first to first + count - 1, in blocks from to to - 1. */
static void rows_tile(const struct c16_rows *r, ptrdiff_t first, int count, ptrdiff_t from,
                      ptrdiff_t to, const float *a, const float *b, const float *bias, float *y)
{
    const ptrdiff_t rest = r->n % RESC_LANES, whole = to * RESC_LANES > r->n ? to - 1 : to;
    const float *x[RESC_TILE_PIXELS_MAX];
    float *out[RESC_TILE_PIXELS_MAX];
    float buffer[RESC_TILE_PIXELS_MAX * RESC_LANES];

    for (int i = 0; i < count; i++) {
        x[i] = a + (first + i) * r->k;
        out[i] = y + (first + i) * r->n + from * RESC_LANES;
    }
    if (from < whole)
        r->fn(&r->tile, count, whole - from, x, b + from * r->tile.w_block,
              bias ? bias + from * RESC_LANES : NULL, NULL, out);
    if (whole == to)
        return;
    for (int i = 0; i < count; i++)
        out[i] = buffer + (ptrdiff_t)i * RESC_LANES;
    r->fn(&r->tile, count, 1, x, b + whole * r->tile.w_block,
          bias ? bias + whole * RESC_LANES : NULL, NULL, out);
    for (int i = 0; i < count; i++)
        memcpy(y + (first + i) * r->n + whole * RESC_LANES, out[i], (size_t)rest * sizeof(*y));
}

RESC_KERNEL void resc_c16_rows(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, struct resc_act act,
                               const float *a, const float *b, const float *bias, float *y)
{
    struct c16_rows r = rows_cut(m, n, k, act);
    const ptrdiff_t items = m > 0 ? r.chunks * r.bands : 0;

    r.tile.ahead = b;

#ifdef _OPENMP
    const double work = (double)m * (double)n * (double)k;
#pragma omp parallel for schedule(static) if (work > rows_worth_threads)
#else
    (void)rows_worth_threads;
#endif
    for (ptrdiff_t item = 0; item < items; item++) {
        const ptrdiff_t chunk = item / r.bands, band = item % r.bands;
        const ptrdiff_t from = r.blocks * chunk / r.chunks;
        const ptrdiff_t to = r.blocks * (chunk + 1) / r.chunks;

        for (ptrdiff_t t = r.tiles * band / r.bands; t < r.tiles * (band + 1) / r.bands; t++) {
            const ptrdiff_t first = m * t / r.tiles, last = m * (t + 1) / r.tiles;

            rows_tile(&r, first, (int)(last - first), from, to, a, b, bias, y);
        }
    }
}
