// SPDX-License-Identifier: Apache-2.0
/* gen_binary - element by element: two inputs, or any number.
 *
 * Until opset 6 shapes are equal, or `broadcast` is set: then the second input
 * lies along the first from `axis` on, or along its last dimensions.  Sum, Max
 * and Min broadcast from opset 8 on. */
#include "gen.h"

#include <math.h>
#include <string.h>

/* Some dimensions of x become 1, leading ones may be missing. */
static struct shape narrowed(struct gen *g, const struct shape *x)
{
    struct shape s = *x;
    const int drop = s.rank > 0 && chance(g, 40) ? (int)between(g, 1, s.rank) : 0;

    for (int i = 0; i < s.rank; i++)
        if (chance(g, 40))
            s.dim[i] = 1;
    s.rank -= drop;
    memmove(s.dim, s.dim + drop, (size_t)s.rank * sizeof(*s.dim));
    return s;
}

static struct operand ints(struct gen *g, const struct operand *x, struct shape s, double lo,
                           double hi)
{
    const int64_t len = shape_len(&s);
    int64_t *wide = arena_new_n(g->a, int64_t, len + 1);
    int32_t *narrow = arena_new_n(g->a, int32_t, len + 1);

    for (int64_t i = 0; i < len; i++)
        narrow[i] = (int32_t)(wide[i] = between(g, (int64_t)lo, (int64_t)hi));
    return constant_of(g, x->type, s, x->type == DT_I64 ? (void *)wide : narrow, lo, hi, true);
}

/* A new operand of x's type: mostly constant. */
static struct operand partner(struct gen *g, const struct operand *x, struct shape s, double lo,
                              double hi)
{
    const bool whole = x->type != DT_F32 || (x->whole && chance(g, 70));

    if (chance(g, 25))
        return new_input(g, x->type, s, lo, hi, whole);
    if (x->type != DT_F32)
        return ints(g, x, s, lo, hi);
    return constant_f32(g, s, lo, hi, whole);
}

struct operand broadcastable(struct gen *g, const struct operand *x, double lo, double hi)
{
    return partner(g, x, narrowed(g, &x->s), lo, hi);
}

/* At opset 6: b along x from an axis on, one way only. */
static const char *old_broadcast(struct gen *g, const struct operand *x, struct shape *s)
{
    const int first = x->s.rank ? (int)between(g, 0, x->s.rank - 1) : 0;
    const int n = x->s.rank ? (int)between(g, 0, x->s.rank - first) : 0;

    *s = (struct shape){ .rank = n };
    memcpy(s->dim, x->s.dim + first, (size_t)n * sizeof(*s->dim));
    if (n == 0)
        return "broadcast=1";
    return first + n == x->s.rank && chance(g, 50) ? "broadcast=1" :
           with_int(g, "broadcast=1", "axis", first);
}

struct operand by_channel(struct gen *g, const char *op, struct operand x, struct operand b)
{
    struct operand y = shaped(&x, x.s);
    int64_t ones[MAX_RANK];

    y.whole = false;
    y.hi = op[0] == 'M' ? magnitude(&x) * magnitude(&b) : magnitude(&x) + magnitude(&b);
    y.lo = -y.hi;
    if (g->opset < 7)
        return NODE(g, op, "broadcast=1 axis=1", y, x, b);
    for (int i = 0; i < x.s.rank; i++)
        ones[i] = i == 0 ? b.s.dim[0] : 1;
    const struct operand column = shaped(&b, shape_from((size_t)x.s.rank - 1, ones));

    /* computed at compile time */
    return NODE(g, op, NULL, y, x,
                NODE(g, "Reshape", NULL, column, b, constant_i64(g, x.s.rank - 1, ones)));
}

static void range_of(const char *op, const struct operand *a, const struct operand *b,
                     struct operand *y)
{
    const double ends[4] = { a->lo * b->lo, a->lo * b->hi, a->hi * b->lo, a->hi * b->hi };

    switch (op[0] == 'M' ? op[1] : op[0]) {
    case 'A': /* Add */
        y->lo = a->lo + b->lo, y->hi = a->hi + b->hi;
        break;
    case 'S': /* Sub, Sum */
        if (op[2] == 'm')
            y->lo = a->lo + b->lo, y->hi = a->hi + b->hi;
        else
            y->lo = a->lo - b->hi, y->hi = a->hi - b->lo;
        break;
    case 'u': /* Mul */
        y->lo = fmin(fmin(ends[0], ends[1]), fmin(ends[2], ends[3]));
        y->hi = fmax(fmax(ends[0], ends[1]), fmax(ends[2], ends[3]));
        break;
    case 'a': /* Max */
        y->lo = fmax(a->lo, b->lo), y->hi = fmax(a->hi, b->hi);
        break;
    case 'i': /* Min */
        y->lo = fmin(a->lo, b->lo), y->hi = fmin(a->hi, b->hi);
        break;
    default: /* Div, PRelu: b is not near 0, or not above 2 */
        y->hi = fmax(magnitude(a) * (op[0] == 'P' ? 2 : 1 / fmin(fabs(b->lo), fabs(b->hi))),
                     magnitude(a));
        y->lo = -y->hi;
    }
    y->whole = a->whole && b->whole && magnitude(y) < WHOLE_MAX &&
               (a->type != DT_F32 || op[0] != 'D');
}

/* The second operand: as large as the first, or broadcast. */
static struct operand second(struct gen *g, const struct operand *x, double lo, double hi,
                             bool any_range, const char **attrs)
{
    struct operand b;
    struct shape s;

    if (any_range && chance(g, 45) && find_like(g, x, &b))
        return b;
    if (any_range && chance(g, 8))
        return *x;
    if (g->opset < 7) {
        if (chance(g, 40))
            return partner(g, x, x->s, lo, hi);
        *attrs = old_broadcast(g, x, &s);
        return partner(g, x, s, lo, hi);
    }
    return broadcastable(g, x, lo, hi);
}

/* Other operands of the same shape do not have x's range. */
static struct operand tamed_pair(struct gen *g, struct operand *a, struct operand b)
{
    *a = keep_small(g, *a);
    return strcmp(a->name, b.name) == 0 ? *a : b.constant ? b : keep_small(g, b);
}

bool gen_binary(struct gen *g, const char *op)
{
    const bool divides = op[0] == 'D';
    struct operand a = chance(g, 25) ? take_whole(g, 0, 5) : take(g, DT_F32, 0, 5), y;
    const char *attrs = NULL;
    struct operand b = second(g, &a, divides ? 1 : -3, divides ? 4 : 3, !divides, &attrs);

    b = tamed_pair(g, &a, b);
    /* Both ways: [3,1] and [1,4]. */
    if (!attrs && g->opset >= 7 && a.s.rank > 0 && a.s.dim[0] == 1 && chance(g, 30) && !divides)
        b = partner(g, &a, shape_of(between(g, 2, 5), 1), -3, 3);
    if (!attrs && g->opset >= 7 && !divides && chance(g, 35)) {
        const struct operand swap = a;

        a = b, b = swap;
    }
    y = a;
    if (!shape_broadcast(&a.s, &b.s, &y.s)) {
        if (!attrs) /* two dimensions of another size */
            return false;
        y.s = a.s;
    }
    if (attrs)
        y.s = a.s;
    if (shape_len(&y.s) > LEN_MAX || y.s.rank > 6)
        return false;
    range_of(op, &a, &b, &y);
    NODE(g, op, attrs, y, a, b);
    return true;
}

/* One way only: the slope fits into x.  At opset 6 one slope, or one a channel. */
bool gen_p_relu(struct gen *g, const char *op)
{
    const bool ints_too = g->opset >= 9 && chance(g, 20);
    struct operand x = keep_small(g, ints_too ? take_whole(g, 1, 5) : take(g, DT_F32, 1, 5));
    struct operand y = shaped(&x, x.s), slope;

    if (g->opset < 7)
        slope = partner(g, &x, shape_of(x.s.rank > 1 && chance(g, 60) ? x.s.dim[1] : 1), 0, 1);
    else
        slope = broadcastable(g, &x, 0, 1);
    range_of(op, &x, &slope, &y);
    NODE(g, op, NULL, y, x, slope);
    return true;
}

bool gen_variadic(struct gen *g, const char *op)
{
    enum { N_MAX = 5 };
    const bool ints_too = op[0] == 'M' && g->opset >= 12 && chance(g, 25);
    struct operand in[N_MAX];
    const int n = (int)between(g, 1, N_MAX);

    in[0] = keep_small(g, ints_too ? take_whole(g, 0, 5) : take(g, DT_F32, 0, 5));
    struct operand y = shaped(&in[0], in[0].s);

    for (int i = 1; i < n; i++) {
        const struct operand so_far = y;

        if (!chance(g, 40) || !find_like(g, &in[0], &in[i]))
            in[i] = chance(g, 10) ? in[0] :
                    g->opset < 8 ? partner(g, &in[0], in[0].s, -3, 3) :
                    broadcastable(g, &in[0], -3, 3);
        if (!in[i].constant)
            in[i] = keep_small(g, in[i]);
        range_of(op, &so_far, &in[i], &y);
    }
    if (n > 1 && g->opset >= 8 && chance(g, 30)) {
        const struct operand swap = in[0];

        in[0] = in[n - 1], in[n - 1] = swap;
    }
    node1(g, op, n, in, NULL, y);
    return true;
}
