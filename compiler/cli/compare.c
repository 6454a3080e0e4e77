// SPDX-License-Identifier: Apache-2.0
#include "cli/compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

double tensor_element(const struct tensor *t, int64_t i)
{
    switch (t->type) {
    case DT_F32: return (double)((const float *)t->data)[i];
    case DT_F64: return ((const double *)t->data)[i];
    case DT_I64: return (double)((const int64_t *)t->data)[i];
    case DT_U64: return (double)((const uint64_t *)t->data)[i];
    case DT_I32: return ((const int32_t *)t->data)[i];
    case DT_U32: return ((const uint32_t *)t->data)[i];
    case DT_I16: return ((const int16_t *)t->data)[i];
    case DT_U16: return ((const uint16_t *)t->data)[i];
    case DT_I8: return ((const int8_t *)t->data)[i];
    case DT_U8:
    case DT_BOOL: return ((const uint8_t *)t->data)[i];
    default: return NAN; /* 16-bit floats: never in a generated program */
    }
}

int64_t tensor_classes(const struct tensor *t)
{
    const struct shape *s = &t->shape;

    if (t->type != DT_F32 || s->rank < 2 || s->dim[0] < 1 || s->dim[1] < 2)
        return 0;
    return shape_product(s, 2, s->rank) == 1 ? s->dim[1] : 0;
}

/* The place of a float among all floats in order, so that neighbours are 1 apart. */
static int64_t float_rank(float x)
{
    int32_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? (int64_t)INT32_MIN - bits : bits;
}

static int64_t ulps(float a, float b)
{
    const int64_t d = float_rank(a) - float_rank(b);

    return d < 0 ? -d : d;
}

static void note_off(struct comparison *c, int64_t i)
{
    if (c->n_off++ == 0)
        c->first_off = i;
}

static void compare_float(struct comparison *c, const struct tensor *got,
                          const struct tensor *want, struct tolerance t, int64_t i)
{
    const double g = tensor_element(got, i), w = tensor_element(want, i);
    const double d = fabs(g - w);

    if ((isnan(g) && isnan(w)) || g == w)
        return;
    if (!isfinite(g) || !isfinite(w)) {
        c->max_abs = c->max_rel = INFINITY;
        c->max_ulp = INT32_MAX;
        note_off(c, i);
        return;
    }
    c->max_abs = fmax(c->max_abs, d);
    if (w != 0.0)
        c->max_rel = fmax(c->max_rel, d / fabs(w));
    if (got->type == DT_F32) {
        const int64_t u = ulps(((const float *)got->data)[i], ((const float *)want->data)[i]);

        c->max_ulp = u > c->max_ulp ? u : c->max_ulp;
    }
    if (d > t.atol + t.rtol * fabs(w))
        note_off(c, i);
}

static void compare_integer(struct comparison *c, const struct tensor *got,
                            const struct tensor *want, int64_t i)
{
    const size_t size = dtype_size(got->type);
    const char *g = got->data, *w = want->data;

    if (memcmp(g + (size_t)i * size, w + (size_t)i * size, size) == 0)
        return;
    const double d = fabs(tensor_element(got, i) - tensor_element(want, i));

    c->max_abs = fmax(c->max_abs, d);
    note_off(c, i);
}

static int64_t best_of(const float *row, int64_t n)
{
    int64_t best = 0;

    for (int64_t i = 1; i < n; i++)
        if (row[i] > row[best])
            best = i;
    return best;
}

int64_t compare_classes(const struct tensor *got, const struct tensor *want)
{
    const int64_t classes = tensor_classes(want), n_rows = classes ? want->shape.dim[0] : 0;
    int64_t n = 0;

    for (int64_t row = 0; row < n_rows; row++) {
        const float *g = (const float *)got->data + row * classes;
        const float *w = (const float *)want->data + row * classes;

        n += w[best_of(g, classes)] < w[best_of(w, classes)];
    }
    return n;
}

static enum top1 compare_top1(const struct tensor *got, const struct tensor *want)
{
    if (!tensor_classes(want))
        return TOP1_NONE;
    return compare_classes(got, want) ? TOP1_DIFFERS : TOP1_EQUAL;
}

struct comparison compare(const struct tensor *got, const struct tensor *want,
                          struct tolerance t)
{
    struct comparison c = { .first_off = -1 };
    const bool is_float = want->type == DT_F32 || want->type == DT_F64;

    c.comparable = got->type == want->type && shape_equal(&got->shape, &want->shape);
    if (!c.comparable)
        return c;
    c.n = shape_len(&want->shape);
    for (int64_t i = 0; i < c.n; i++) {
        const double w = fabs(tensor_element(want, i));

        if (isfinite(w))
            c.max_want = fmax(c.max_want, w);
        if (is_float)
            compare_float(&c, got, want, t, i);
        else
            compare_integer(&c, got, want, i);
    }
    c.top1 = compare_top1(got, want);
    return c;
}

static void number_text(const struct tensor *t, int64_t i, char text[40])
{
    if (t->type == DT_I64)
        snprintf(text, 40, "%" PRId64, ((const int64_t *)t->data)[i]);
    else
        snprintf(text, 40, "%.9g", tensor_element(t, i));
}

const char *element_text(const struct tensor *got, const struct tensor *want, int64_t i,
                         char text[ELEMENT_TEXT_MAX])
{
    struct shape index = want->shape;
    char where[SHAPE_TEXT_MAX], g[40], w[40];

    number_text(got, i, g);
    number_text(want, i, w);
    for (int axis = index.rank - 1; axis >= 0; axis--) {
        const int64_t size = index.dim[axis];

        index.dim[axis] = i % size;
        i /= size;
    }
    snprintf(text, ELEMENT_TEXT_MAX, "%s: got %s, want %s", shape_text(&index, where), g, w);
    return text;
}
