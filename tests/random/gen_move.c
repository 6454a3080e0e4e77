// SPDX-License-Identifier: Apache-2.0
/* gen_move - copies of all or of parts: Transpose, Expand, Concat, Split, Slice, Pad, Gather. */
#include "gen.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

bool gen_transpose(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 1, 6);
    struct shape s = x.s;
    int64_t perm[MAX_RANK];
    const bool reverses = chance(g, 25);

    for (int i = 0; i < s.rank; i++)
        perm[i] = s.rank - 1 - i;
    for (int i = s.rank - 1; !reverses && i > 0; i--) {
        const int k = (int)between(g, 0, i);
        const int64_t swap = perm[i];

        perm[i] = perm[k], perm[k] = swap;
    }
    for (int i = 0; i < s.rank; i++)
        s.dim[i] = x.s.dim[perm[i]];
    NODE(g, op, reverses && chance(g, 60) ? NULL :
                with(g, "", "perm", ints_text(g, s.rank, perm)), shaped(&x, s), x);
    return true;
}

/* The shape asked for broadcasts with x's: it may have 1 where x has more. */
bool gen_expand(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 0, 4);
    struct shape s = { 0 };
    int64_t asked[MAX_RANK];
    const int more = (int)between(g, 0, 2);

    for (int i = 0; i < more; i++)
        s.dim[s.rank++] = between(g, 1, 3);
    for (int i = 0; i < x.s.rank; i++)
        s.dim[s.rank++] = x.s.dim[i] == 1 ? one_of(g, 1, 2, 3, 5, 17) : x.s.dim[i];
    if (shape_len(&s) > LEN_MAX || s.rank == 0)
        return false;
    memcpy(asked, s.dim, sizeof asked);
    for (int i = more; i < s.rank; i++)
        if (chance(g, 30))
            asked[i] = s.dim[i] == x.s.dim[i - more] ? 1 : asked[i];
    NODE(g, op, NULL, shaped(&x, s), x, constant_i64(g, s.rank, asked));
    return true;
}

static const char *axis_attr(struct gen *g, int axis, int rank, int dflt)
{
    return axis == dflt && chance(g, 50) ? "" :
           with_int(g, "", "axis", g->opset >= 11 && chance(g, 40) ? axis - rank : axis);
}

/* Mostly along the channels; parts are what has the same shape, x again, or new. */
bool gen_concat(struct gen *g, const char *op)
{
    enum { N_MAX = 5 };
    struct operand in[N_MAX];
    const int n = (int)between(g, 1, N_MAX);

    in[0] = take_any(g, 1, 6);
    struct operand y = shaped(&in[0], in[0].s);
    const int rank = y.s.rank;
    const int axis = rank > 1 && chance(g, 60) ? 1 : (int)between(g, 0, rank - 1);

    for (int i = 1; i < n; i++) {
        struct shape s = in[0].s;

        if (!chance(g, 50) || !find_like(g, &in[0], &in[i])) {
            s.dim[axis] = one_of(g, 1, 2, 3, 8, 15, 16, 17, 32);
            if (shape_len(&s) > 1000)
                s.dim[axis] = 1;
            in[i] = chance(g, 30) ? in[0] :
                    y.type == DT_F32 && chance(g, 50) ? constant_f32(g, s, -1, 1, false) :
                    new_input(g, y.type, s, y.type == DT_F32 ? -1 : 0, 1, y.type != DT_F32);
        }
        y.s.dim[axis] += in[i].s.dim[axis];
        y.lo = fmin(y.lo, in[i].lo), y.hi = fmax(y.hi, in[i].hi);
        y.whole = y.whole && in[i].whole;
    }
    if (shape_len(&y.s) > LEN_MAX)
        return false;
    node1(g, op, n, in, with_int(g, "", "axis", g->opset >= 11 && chance(g, 40) ? axis - rank
                                                                            : axis), y);
    return true;
}

/* Parts of any size; from opset 18 on also a number of them. */
bool gen_split(struct gen *g, const char *op)
{
    enum { N_MAX = 4 };
    struct operand x = take_any(g, 1, 6), y[N_MAX];
    const int rank = x.s.rank;
    const int axis = rank > 1 && chance(g, 60) ? 1 : (int)between(g, 0, rank - 1);
    const int64_t dim = x.s.dim[axis];
    int64_t size[N_MAX], rest = dim;
    const int n = (int)between(g, 1, dim < N_MAX ? (dim ? dim : 1) : N_MAX);
    const bool counted = g->opset >= 18 && chance(g, 40);
    const bool blocks = dim > 16 && chance(g, 50);
    const char *attrs = axis_attr(g, axis, rank, 0);

    for (int i = 0; i < n; i++) {
        const int64_t later = n - 1 - i, part = (dim + n - 1) / n;

        size[i] = i == n - 1 ? rest : counted ? part : blocks && rest > 16 + later ? 16 :
                  between(g, rest > later, rest - later > 0 ? rest - later : 0);
        rest -= size[i];
        if (rest < 0 || (counted && i < n - 1 && rest < 1))
            return false;
        y[i] = shaped(&x, x.s);
        y[i].s.dim[axis] = size[i];
        y[i].name = NULL;
    }
    const bool equal = dim % n == 0 && size[0] * n == dim;

    if (counted)
        node_n(g, op, 1, &x, with_int(g, attrs, "num_outputs", n), n, y);
    else if (g->opset < 13)
        node_n(g, op, 1, &x, equal && n == 1 ? attrs :
                             with(g, attrs, "split", ints_text(g, n, size)), n, y);
    else
        node_n(g, op, 2, (struct operand[]){ x, constant_i64(g, n, size) }, attrs, n, y);
    return true;
}

struct range { int64_t start, end, step, taken; };

/* Positions may be counted from the end, and may lie outside. */
static struct range random_range(struct gen *g, int64_t dim, bool steps)
{
    const int64_t first = between(g, 0, dim - 1), n = between(g, 1, dim - first);
    struct range r = { first, first + n, 1, n };

    if (steps && chance(g, 40)) {
        r.step = between(g, 2, 3);
        r.taken = (n + r.step - 1) / r.step;
    }
    if (steps && chance(g, 25)) { /* backwards */
        r.start = first + n - 1;
        r.end = first == 0 ? -dim - between(g, 1, 3) : first - 1;
        r.step = -r.step;
    } else if (r.end == dim && chance(g, 50)) {
        r.end = chance(g, 50) ? INT64_MAX : dim + between(g, 0, 9);
    } else if (r.end < dim && chance(g, 30)) {
        r.end -= dim;
    }
    if (r.start > 0 && chance(g, 30))
        r.start -= dim;
    return r;
}

bool gen_slice(struct gen *g, const char *op)
{
    const bool as_inputs = g->opset >= 10;
    struct operand x = take_any(g, 1, 6), y = shaped(&x, x.s);
    int64_t starts[MAX_RANK], ends[MAX_RANK], axes[MAX_RANK], steps[MAX_RANK];
    bool in_order = true, plain = true;
    int n = 0;

    for (int i = 0; i < x.s.rank; i++) {
        if (x.s.dim[i] == 0 || !chance(g, 60)) {
            in_order = in_order && i > n;
            continue;
        }
        struct range r = random_range(g, x.s.dim[i], as_inputs);

        if (chance(g, 2))
            r = (struct range){ 1, 1, 1, 0 }; /* nothing at all */
        in_order = in_order && i == n;
        plain = plain && r.step == 1;
        starts[n] = r.start, ends[n] = r.end, steps[n] = r.step;
        axes[n++] = as_inputs && chance(g, 30) ? i - x.s.rank : i;
        y.s.dim[i] = r.taken;
    }
    if (n == 0)
        return false;
    const bool drop_axes = in_order && chance(g, 50);

    if (!as_inputs) {
        const char *attrs = with(g, with(g, "", "starts", ints_text(g, n, starts)), "ends",
                                 ints_text(g, n, ends));

        NODE(g, op, drop_axes ? attrs : with(g, attrs, "axes", ints_text(g, n, axes)), y, x);
        return true;
    }
    const struct operand start = constant_i64(g, n, starts), end = constant_i64(g, n, ends);

    node1(g, op, !plain ? 5 : drop_axes ? 3 : 4, (struct operand[]){
        x, start, end, drop_axes ? LEFT_OUT : constant_i64(g, n, axes),
        plain ? LEFT_OUT : constant_i64(g, n, steps) }, NULL, y);
    return true;
}

enum { CONSTANT, REFLECT, EDGE, WRAP };

/* Negative pads cut off.  Reflection does not go beyond the other end. */
static void random_pads(struct gen *g, int mode, const struct shape *x, int64_t *begin,
                        int64_t *end, struct shape *y)
{
    for (int i = 0; i < x->rank; i++) {
        const int64_t dim = x->dim[i];
        const int64_t most = mode == REFLECT ? dim - 1 : mode == WRAP ? dim : 4;

        begin[i] = chance(g, 50) ? 0 : between(g, 0, most < 4 ? most : 4);
        end[i] = chance(g, 50) ? 0 : between(g, 0, most < 4 ? most : 4);
        if (mode == CONSTANT && dim > 3 && chance(g, 10))
            begin[i] = -between(g, 1, 2);
        if (mode == CONSTANT && dim > 3 && chance(g, 10))
            end[i] = -1;
        y->dim[i] = dim + begin[i] + end[i];
    }
}

static struct operand pad_value(struct gen *g, const struct operand *x, double value)
{
    const float f = (float)value;
    const int64_t wide = (int64_t)value;
    const int32_t narrow = (int32_t)value;

    return constant_of(g, x->type, shape_scalar(), x->type == DT_F32 ? (const void *)&f :
                       x->type == DT_I64 ? (const void *)&wide : &narrow, value, value, true);
}

/* Pads are an attribute until opset 10, then inputs; axes from opset 18 on. */
bool gen_pad(struct gen *g, const char *op)
{
    static const char *const modes[] = { "constant", "reflect", "edge", "wrap" };
    struct operand x = g->opset < 13 ? take(g, DT_F32, 1, 5) : take_any(g, 1, 5);
    const int mode = (int)between(g, 0, chance(g, 50) ? 0 : g->opset >= 19 ? WRAP : EDGE);
    const bool has_value = mode == CONSTANT && dtype_size(x.type) > 1 && chance(g, 60);
    const double value = has_value ? (x.whole ? (double)between(g, -3, 3)
                                              : rng_real(&g->rng, -2, 2)) : 0;
    const int rank = x.s.rank;
    int64_t pads[2 * MAX_RANK], axes[MAX_RANK];
    struct operand y = shaped(&x, x.s);
    const char *attrs = mode ? with(g, "", "mode", modes[mode]) : "";

    random_pads(g, mode, &x.s, pads, pads + rank, &y.s);
    y.lo = fmin(x.lo, fmin(value, 0)), y.hi = fmax(x.hi, fmax(value, 0));
    if (shape_len(&y.s) > LEN_MAX)
        return false;
    if (g->opset < 11) {
        attrs = with(g, attrs, "pads", ints_text(g, 2 * rank, pads));
        NODE(g, op, has_value ? with(g, attrs, "value", float_text(g, value)) : attrs, y, x);
        return true;
    }
    const bool named = g->opset >= 18 && chance(g, 40);

    for (int i = 0; i < rank; i++)
        axes[i] = chance(g, 40) ? i - rank : i;
    const struct operand given = constant_i64(g, 2 * rank, pads);

    node1(g, op, named ? 4 : has_value ? 3 : 2, (struct operand[]){
        x, given, has_value ? pad_value(g, &x, value) : LEFT_OUT,
        named ? constant_i64(g, rank, axes) : LEFT_OUT }, attrs, y);
    return true;
}

struct operand padded_image(struct gen *g, struct operand x)
{
    const int rank = x.s.rank;
    const double value = chance(g, 85) ? 0 : -1;
    int64_t pads[2 * MAX_RANK] = { 0 };
    struct operand y = shaped(&x, x.s);

    for (int i = 2; i < rank; i++) {
        pads[i] = between(g, 0, 3);
        pads[rank + i] = between(g, 0, 3);
        y.s.dim[i] += pads[i] + pads[rank + i];
    }
    y.lo = fmin(x.lo, value), y.hi = fmax(x.hi, 0);
    if (shape_len(&y.s) > LEN_MAX)
        return x;
    if (g->opset < 11) {
        const char *attrs = with(g, "", "pads", ints_text(g, 2 * rank, pads));

        return NODE(g, "Pad", value < 0 ? with(g, attrs, "value", float_text(g, value)) : attrs,
                    y, x);
    }
    const struct operand given = constant_i64(g, 2 * rank, pads);

    return value < 0 ? NODE(g, "Pad", NULL, y, x, given, pad_value(g, &x, value)) :
           NODE(g, "Pad", "mode=constant", y, x, given);
}

/* Indices in [lo, dim): constant, an input, or computed by someone. */
static struct operand indices(struct gen *g, int64_t dim, bool negative)
{
    const enum dtype t = chance(g, 60) ? DT_I64 : DT_I32;
    const struct shape s = random_shape(g, (int)between(g, 0, 2), 24);
    const double lo = negative ? (double)-dim : 0, hi = (double)(dim - 1);
    const int64_t len = shape_len(&s);
    int64_t *wide = arena_new_n(g->a, int64_t, len + 1);
    int32_t *narrow = arena_new_n(g->a, int32_t, len + 1);

    for (int i = g->n - 1; i >= 0 && chance(g, 90); i--)
        if ((g->v[i].type == DT_I64 || g->v[i].type == DT_I32) && g->v[i].lo >= lo &&
            g->v[i].hi <= hi && g->v[i].s.rank < 3)
            return g->v[i];
    if (chance(g, 40))
        return new_input(g, t, s, lo, hi, true);
    for (int64_t i = 0; i < len; i++)
        narrow[i] = (int32_t)(wide[i] = between(g, (int64_t)lo, (int64_t)hi));
    return constant_of(g, t, s, t == DT_I64 ? (void *)wide : narrow, lo, hi, true);
}

bool gen_gather(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 1, 5), y = shaped(&x, (struct shape){ 0 });
    const int axis = (int)between(g, 0, x.s.rank - 1);
    const struct operand index = indices(g, x.s.dim[axis], g->opset >= 11 && chance(g, 50));

    for (int i = 0; i < x.s.rank; i++) {
        if (i != axis)
            y.s.dim[y.s.rank++] = x.s.dim[i];
        for (int k = 0; i == axis && k < index.s.rank; k++)
            y.s.dim[y.s.rank++] = index.s.dim[k];
    }
    if (shape_len(&y.s) > LEN_MAX || y.s.rank > 6)
        return false;
    NODE(g, op, axis_attr(g, axis, x.s.rank, 0), y, x, index);
    return true;
}
