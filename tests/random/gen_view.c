// SPDX-License-Identifier: Apache-2.0
/* gen_view - Reshape, Flatten, Squeeze, Unsqueeze, Identity, Dropout. */
#include "gen.h"

#include <string.h>

bool gen_reshape(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 0, 6);
    struct shape s = x.s;

    (void)op;
    switch (between(g, 0, 2)) {
    case 0: /* two dimensions in one */
        for (int i = 1; i < s.rank; i++)
            s.dim[i - 1] = s.dim[i];
        if (s.rank > 1) {
            s.dim[0] = x.s.dim[0] * x.s.dim[1];
            s.rank--;
        }
        break;
    case 1: /* all in one */
        s = shape_of(shape_len(&x.s));
        break;
    default: /* one more */
        if (s.rank > 0 && s.dim[s.rank - 1] % 2 == 0) {
            s.dim[s.rank - 1] /= 2;
            s.dim[s.rank++] = 2;
        }
    }
    reshaped(g, x, s);
    return true;
}

bool gen_flatten(struct gen *g, const char *op)
{
    struct operand x = g->opset >= 9 ? take_any(g, 1, 6) : take(g, DT_F32, 1, 6);
    const int axis = (int)between(g, 0, x.s.rank);
    const struct shape s = shape_of(shape_product(&x.s, 0, axis),
                                    shape_product(&x.s, axis, x.s.rank));
    const bool negative = g->opset >= 11 && axis < x.s.rank && chance(g, 40);

    NODE(g, op, axis == 1 && chance(g, 50) ? NULL :
                with_int(g, "", "axis", negative ? axis - x.s.rank : axis), shaped(&x, s), x);
    return true;
}

/* As attribute until opset 12, then as input. */
static void with_axes(struct gen *g, const char *op, struct operand x, struct shape s, int n,
                      const int64_t *axes)
{
    if (g->opset < 13)
        NODE(g, op, with(g, "", "axes", ints_text(g, n, axes)), shaped(&x, s), x);
    else
        NODE(g, op, NULL, shaped(&x, s), x, constant_i64(g, n, axes));
}

bool gen_unsqueeze(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 0, 5);
    const int n = (int)between(g, 1, 2), rank = x.s.rank + n;
    struct shape s = { .rank = rank };
    bool added[MAX_RANK] = { false };
    int64_t axes[2];

    for (int i = 0; i < n; i++) {
        int at = (int)between(g, 0, rank - 1);

        while (added[at])
            at = (at + 1) % rank;
        added[at] = true;
        axes[i] = g->opset >= 11 && chance(g, 40) ? at - rank : at;
    }
    for (int i = 0, from = 0; i < rank; i++)
        s.dim[i] = added[i] ? 1 : x.s.dim[from++];
    with_axes(g, op, x, s, n, axes);
    return true;
}

/* If there is nothing of size 1, an axis is put there before. */
bool gen_squeeze(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 1, 5);
    struct shape s = x.s;
    int64_t axes[MAX_RANK];
    int n = 0, rank = 0;
    const bool all = chance(g, 30);

    if (shape_len(&s) > 0 && chance(g, 60)) {
        s.dim[s.rank] = s.dim[s.rank - 1];
        s.dim[s.rank++ - 1] = 1;
        x = reshaped(g, x, s);
    }
    for (int i = 0; i < x.s.rank; i++)
        if (x.s.dim[i] == 1 && (all || n == 0 || chance(g, 50)))
            axes[n++] = g->opset >= 11 && chance(g, 40) ? i - x.s.rank : i;
        else
            s.dim[rank++] = x.s.dim[i];
    s.rank = rank;
    if (all) {
        NODE(g, op, NULL, shaped(&x, s), x);
        return true;
    }
    if (n == 0)
        return false;
    with_axes(g, op, x, s, n, axes);
    return true;
}

bool gen_identity(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 0, 6);

    NODE(g, op, NULL, shaped(&x, x.s), x);
    return true;
}

/* At inference: the ratio is an attribute until opset 11, then an input, and from
 * then on it is said that the mask is all true. */
bool gen_dropout(struct gen *g, const char *op)
{
    const float half = 0.5f;
    struct operand x = take(g, DT_F32, 0, 6), y[2] = { shaped(&x, x.s), shaped(&x, x.s) };
    const char *attrs = "";
    struct operand in[3] = { x };
    int n_in = 1;

    y[0].name = y[1].name = NULL;
    y[1].type = DT_BOOL;
    y[1].whole = true;
    y[1].lo = y[1].hi = 1;
    if (g->opset < 12) {
        attrs = chance(g, 60) ? with(g, attrs, "ratio", float_text(g, 0.25)) : attrs;
        attrs = g->opset < 7 ? with_int(g, attrs, "is_test", 1) : attrs;
    } else if (chance(g, 60)) {
        const bool no = false;

        in[n_in++] = chance(g, 70) ? constant_of(g, DT_F32, shape_scalar(), &half, 0.5, 0.5, false)
                                   : LEFT_OUT;
        if (chance(g, 50) || strcmp(in[1].name, "-") == 0)
            in[n_in++] = constant_of(g, DT_BOOL, shape_scalar(), &no, 0, 0, true);
    }
    node_n(g, op, n_in, in, attrs, g->opset >= 12 && chance(g, 30) ? 2 : 1, y);
    return true;
}
