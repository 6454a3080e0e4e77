// SPDX-License-Identifier: Apache-2.0
#include "ops/conv_eval.h"

#include "base/arena.h"

#include <string.h>

enum {
    LANES = 16, /* output channels side by side */
    PIXELS = 4, /* of a row, of which the filter lies in the image altogether */
};

/* The same code for several instruction sets, of which the best is taken at run time. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
typedef double lanes __attribute__((vector_size(8 * sizeof(double))));
enum { VECTORS = LANES / 8 };

INLINE void add_products(lanes *sum, const double *w, double x)
{
    UNROLL
    for (int v = 0; v < VECTORS; v++) {
        lanes l;

        memcpy(&l, w + (ptrdiff_t)v * 8, sizeof l);
        sum[v] += l * x;
    }
}

/* As many pixels of a row as fit into vectors: how many. */
INLINE ptrdiff_t add_scaled(double *sum, const float *x, double w, ptrdiff_t n)
{
    ptrdiff_t i = 0;

    for (; i + 8 <= n; i += 8) {
        float f __attribute__((vector_size(8 * sizeof(float))));
        lanes l;

        memcpy(&f, x + i, sizeof f);
        memcpy(&l, sum + i, sizeof l);
        l += __builtin_convertvector(f, lanes) * w;
        memcpy(sum + i, &l, sizeof l);
    }
    return i;
}
#else
#define INLINE static inline
#define UNROLL
typedef double lanes;
enum { VECTORS = LANES };

INLINE void add_products(lanes *sum, const double *w, double x)
{
    for (int v = 0; v < VECTORS; v++)
        sum[v] += w[v] * x;
}

INLINE ptrdiff_t add_scaled(double *sum, const float *x, double w, ptrdiff_t n)
{
    (void)sum, (void)x, (void)w, (void)n;
    return 0;
}
#endif

struct range {
    ptrdiff_t from, to; /* exclusive */
};

/* Up to LANES output channels of a group. */
struct block {
    const struct resc_conv2d *p;
    const float *x;       /* the group's channels of an image */
    const double *w;      /* [ic / groups][kh][kw][LANES] */
    double bias[LANES];
    ptrdiff_t channels;   /* ic / groups */
    struct range inner;   /* columns of the output whose filters are in the image altogether */
    const struct range *reached; /* [kw]: columns of the output for which the tap is in the image */
};

static ptrdiff_t clamp(ptrdiff_t x, ptrdiff_t most)
{
    return x < 0 ? 0 : x > most ? most : x;
}

/* The k of which `at + k * step` is in 0...size. */
static struct range taps(ptrdiff_t at, ptrdiff_t step, ptrdiff_t kernel, ptrdiff_t size)
{
    struct range r = { clamp(at < 0 ? (-at + step - 1) / step : 0, kernel), 0 };

    r.to = at < size ? clamp((size - at + step - 1) / step, kernel) : 0;
    if (r.to < r.from)
        r.to = r.from;
    return r;
}

/* `n` pixels of a row from `ow` on, with the taps `rows` and `columns` in the image. */
INLINE void sum_pixels(const struct block *k, ptrdiff_t oh, ptrdiff_t ow, struct range rows,
                       struct range columns, int n, double *out)
{
    const struct resc_conv2d *p = k->p;
    lanes sum[PIXELS][VECTORS];

    UNROLL
    for (int j = 0; j < n; j++)
        memcpy(sum[j], k->bias, sizeof k->bias);
    for (ptrdiff_t c = 0; c < k->channels; c++)
        for (ptrdiff_t kh = rows.from; kh < rows.to; kh++) {
            const float *x = k->x + (c * p->ih + oh * p->sh - p->pt + kh * p->dh) * p->iw;
            const double *w = k->w + (c * p->kh + kh) * p->kw * LANES;

            for (ptrdiff_t kw = columns.from; kw < columns.to; kw++) {
                const ptrdiff_t at = ow * p->sw - p->pl + kw * p->dw;

                UNROLL
                for (int j = 0; j < n; j++)
                    add_products(sum[j], w + kw * LANES, (double)x[at + (ptrdiff_t)j * p->sw]);
            }
        }
    UNROLL
    for (int j = 0; j < n; j++)
        memcpy(out + (ptrdiff_t)j * LANES, sum[j], sizeof sum[j]);
}

static struct range columns_at(const struct resc_conv2d *p, ptrdiff_t ow)
{
    return taps(ow * p->sw - p->pl, p->dw, p->kw, p->iw);
}

static struct range inner_columns(const struct resc_conv2d *p)
{
    struct range inner = { p->ow, p->ow };

    for (ptrdiff_t ow = p->ow - 1; ow >= 0; ow--) {
        const struct range r = columns_at(p, ow);

        if (r.from == 0 && r.to == p->kw)
            inner.from = ow;
        else if (inner.from == inner.to)
            inner.from = inner.to = ow;
    }
    return inner;
}

static struct range *reached_columns(const struct resc_conv2d *p, struct arena *a)
{
    struct range *r = arena_new_n(a, struct range, p->kw);

    for (ptrdiff_t kw = 0; kw < p->kw; kw++)
        r[kw] = taps(kw * p->dw - p->pl, p->sw, p->ow, p->iw);
    return r;
}

/* Row `oh`: sums[ow][LANES]. */
CLONES static void sum_row(const struct block *k, ptrdiff_t oh, double *sums)
{
    const struct resc_conv2d *p = k->p;
    const struct range rows = taps(oh * p->sh - p->pt, p->dh, p->kh, p->ih);
    const struct range all = { 0, p->kw };

    for (ptrdiff_t ow = 0; ow < p->ow;)
        if (ow >= k->inner.from && ow + PIXELS <= k->inner.to) {
            sum_pixels(k, oh, ow, rows, all, PIXELS, sums + ow * LANES);
            ow += PIXELS;
        } else {
            sum_pixels(k, oh, ow, rows, columns_at(p, ow), 1, sums + ow * LANES);
            ow++;
        }
}

/* Row `oh` where groups have one output channel: pixels side by side, sums[ow]. */
CLONES static void sum_row_single(const struct block *k, ptrdiff_t oh, double *sums)
{
    const struct resc_conv2d *p = k->p;
    const struct range rows = taps(oh * p->sh - p->pt, p->dh, p->kh, p->ih);

    for (ptrdiff_t ow = 0; ow < p->ow; ow++)
        sums[ow] = k->bias[0];
    for (ptrdiff_t c = 0; c < k->channels; c++)
        for (ptrdiff_t kh = rows.from; kh < rows.to; kh++) {
            const float *x = k->x + (c * p->ih + oh * p->sh - p->pt + kh * p->dh) * p->iw;

            for (ptrdiff_t kw = 0; kw < p->kw; kw++) {
                const double w = k->w[((c * p->kh + kh) * p->kw + kw) * LANES];
                const ptrdiff_t at = kw * p->dw - p->pl;
                const ptrdiff_t to = k->reached[kw].to;
                ptrdiff_t ow = k->reached[kw].from;

                if (p->sw == 1 && ow < to)
                    ow += add_scaled(sums + ow, x + at + ow, w, to - ow);
                for (; ow < to; ow++)
                    sums[ow] += (double)x[at + ow * p->sw] * w;
            }
        }
}

/* w of `n` output channels from `oc` on; lanes beyond are 0. */
static void pack(const struct block *k, const float *w, ptrdiff_t n, double *out)
{
    const ptrdiff_t size = k->channels * k->p->kh * k->p->kw;

    for (ptrdiff_t i = 0; i < size; i++)
        for (ptrdiff_t l = 0; l < LANES; l++)
            out[i * LANES + l] = l < n ? (double)w[l * size + i] : 0.0;
}

/* Of `n` channels, pixels `step` apart in sums; y, and add, are of the block's first channel. */
static void finish_row(const struct block *k, ptrdiff_t n, ptrdiff_t oh, const double *sums,
                       ptrdiff_t step, const float *add, float *y)
{
    const struct resc_conv2d *p = k->p;

    for (ptrdiff_t l = 0; l < n; l++)
        for (ptrdiff_t ow = 0; ow < p->ow; ow++) {
            const ptrdiff_t at = (l * p->oh + oh) * p->ow + ow;
            const double sum = sums[ow * step + l];

            y[at] = resc_act_f32(p->act, (float)(add ? sum + (double)add[at] : sum));
        }
}

void conv_eval(const struct resc_conv2d *p, const float *x, const float *w, const float *b,
               const float *add, float *y)
{
    const ptrdiff_t icg = p->ic / p->groups, ocg = p->oc / p->groups;
    const ptrdiff_t n_taps = icg * p->kh * p->kw; /* of a filter */
    struct arena *a = arena_new();
    double *packed = arena_new_n(a, double, n_taps * LANES + 1);
    double *sums = arena_new_n(a, double, (ptrdiff_t)p->ow * LANES + 1);
    struct block k = { .p = p, .w = packed, .channels = icg, .inner = inner_columns(p),
                       .reached = reached_columns(p, a) };

    for (ptrdiff_t oc = 0, n; oc < p->oc; oc += n) {
        const ptrdiff_t group = oc / ocg, left = (group + 1) * ocg - oc;

        n = left < LANES ? left : LANES;
        pack(&k, w + oc * n_taps, n, packed);
        for (ptrdiff_t l = 0; l < LANES; l++)
            k.bias[l] = b && l < n ? (double)b[oc + l] : 0.0;
        for (ptrdiff_t image = 0; image < p->n; image++) {
            const ptrdiff_t at = (image * p->oc + oc) * p->oh * p->ow;

            k.x = x + (image * p->ic + group * icg) * p->ih * p->iw;
            for (ptrdiff_t oh = 0; oh < p->oh; oh++) {
                if (ocg == 1)
                    sum_row_single(&k, oh, sums);
                else
                    sum_row(&k, oh, sums);
                finish_row(&k, n, oh, sums, ocg == 1 ? 1 : LANES, add ? add + at : NULL, y + at);
            }
        }
    }
    arena_free(a);
}
