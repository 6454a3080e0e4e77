// SPDX-License-Identifier: Apache-2.0
#include "ir/shape.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct shape shape_from(size_t rank, const int64_t *dim)
{
    struct shape s = { .rank = (int)rank };

    assert(rank <= MAX_RANK);
    if (rank)
        memcpy(s.dim, dim, rank * sizeof(*dim));
    return s;
}

struct shape shape_scalar(void)
{
    return (struct shape){ 0 };
}

int64_t shape_len_checked(const struct shape *s)
{
    int64_t len = 1;
    bool empty = false;

    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] < 0 || s->dim[i] > SHAPE_LEN_MAX)
            return -1;
        if (s->dim[i] == 0)
            empty = true;
        else if (len > SHAPE_LEN_MAX / s->dim[i])
            return -1;
        else
            len *= s->dim[i];
    }
    return empty ? 0 : len;
}

int64_t shape_len(const struct shape *s)
{
    const int64_t len = shape_len_checked(s);

    assert(len >= 0);
    return len;
}

int64_t shape_product(const struct shape *s, int from, int to)
{
    int64_t p = 1;

    for (int i = from; i < to; i++)
        p *= s->dim[i];
    return p;
}

bool shape_equal(const struct shape *a, const struct shape *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (a->dim[i] != b->dim[i])
            return false;
    return true;
}

bool shape_broadcast(const struct shape *a, const struct shape *b, struct shape *out)
{
    struct shape r = { .rank = a->rank > b->rank ? a->rank : b->rank };

    for (int i = 0; i < r.rank; i++) {
        const int ia = i - (r.rank - a->rank), ib = i - (r.rank - b->rank);
        const int64_t da = ia < 0 ? 1 : a->dim[ia], db = ib < 0 ? 1 : b->dim[ib];

        if (da != db && da != 1 && db != 1)
            return false;
        r.dim[i] = da == 1 ? db : da;
    }
    *out = r;
    return true;
}

void shape_broadcast_strides(const struct shape *s, const struct shape *to, int64_t *stride)
{
    int64_t step = 1;

    for (int i = to->rank - 1; i >= 0; i--) {
        const int is = i - (to->rank - s->rank);
        const int64_t dim = is < 0 ? 1 : s->dim[is];

        stride[i] = dim == 1 ? 0 : step;
        step *= dim;
    }
}

const char *shape_text(const struct shape *s, char text[SHAPE_TEXT_MAX])
{
    size_t at = 0;

    text[at++] = '[';
    for (int i = 0; i < s->rank; i++) {
        if (i)
            text[at++] = ',';
        if (s->dim[i] < 0)
            text[at++] = '?';
        else
            at += (size_t)snprintf(text + at, SHAPE_TEXT_MAX - at, "%" PRId64, s->dim[i]);
    }
    memcpy(text + at, "]", 2);
    return text;
}
