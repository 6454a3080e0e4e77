// SPDX-License-Identifier: Apache-2.0
/* gen_norm - sums, normalisation, ArgMax. */
#include "gen.h"

#include <math.h>
#include <string.h>

struct operand batch_norm(struct gen *g, struct operand x)
{
    const struct shape c = shape_of(x.s.rank > 1 ? x.s.dim[1] : 1);
    const double epsilon = chance(g, 50) ? 1e-5 : 0.001;
    const char *attrs = "";

    x = keep_small(g, x);
    const bool planted = chance(g, 15);
    const struct operand scale = planted ? planted_list(g, c.dim[0], 0.5, 1.5, false)
                                         : constant_f32(g, c, 0.5, 1.5, false);
    const struct operand shift = planted && chance(g, 70) ? planted_list(g, c.dim[0], -1, 1, false)
                                                          : constant_f32(g, c, -1, 1, false);
    const struct operand mean = constant_f32(g, c, -1, 1, false);
    const struct operand var = chance(g, 10) ? new_input(g, DT_F32, c, 0.5, 1.5, false)
                                             : constant_f32(g, c, 0.5, 1.5, false);
    struct operand y = shaped(&x, x.s);

    if (epsilon > 1e-4)
        attrs = with(g, attrs, "epsilon", float_text(g, epsilon));
    if (g->opset < 7)
        attrs = with_int(g, attrs, "is_test", 1);
    if (chance(g, 15))
        attrs = with(g, attrs, "momentum", float_text(g, 0.9));
    y.hi = 3 * (magnitude(&x) + 1) + 1;
    y.lo = -y.hi;
    y.whole = false;
    return NODE(g, "BatchNormalization", attrs, y, x, scale, shift, mean, var);
}

bool gen_batch_norm(struct gen *g, const char *op)
{
    (void)op;
    struct operand y = batch_norm(g, chance(g, 60) ? take_image(g) : take(g, DT_F32, 2, 5));

    if (chance(g, 30)) {
        struct operand z = shaped(&y, y.s);

        z.lo = 0;
        NODE(g, "Relu", NULL, z, y);
    }
    return true;
}

bool gen_lrn(struct gen *g, const char *op)
{
    struct operand x = keep_small(g, chance(g, 70) ? take_image(g) : take(g, DT_F32, 2, 5));
    struct operand y = shaped(&x, x.s);
    const char *attrs = with_int(g, "", "size", one_of(g, 1, 2, 3, 4, 5, 7));

    if (chance(g, 50))
        attrs = with(g, attrs, "alpha", float_text(g, rng_real(&g->rng, 0.0001, 0.5)));
    if (chance(g, 50))
        attrs = with(g, attrs, "beta", float_text(g, rng_real(&g->rng, 0.5, 1)));
    if (chance(g, 50))
        attrs = with(g, attrs, "bias", float_text(g, rng_real(&g->rng, 1, 2)));
    y.whole = false;
    NODE(g, op, attrs, y, x);
    return true;
}

bool gen_softmax(struct gen *g, const char *op)
{
    struct operand x = tame(g, take(g, DT_F32, 1, 5), -20, 20), y = shaped(&x, x.s);
    const int rank = x.s.rank;
    /* Negative ones are counted from the end. */
    const int64_t axis = between(g, -rank, rank - 1);
    const int64_t used = g->opset < 11 && axis < 0 ? axis + rank : axis;

    y.whole = false;
    y.lo = op[0] == 'L' ? -60 : 0;
    y.hi = op[0] == 'L' ? 0 : 1;
    NODE(g, op, rank > 1 && chance(g, 25) ? NULL : with_int(g, "", "axis", used), y, x);
    return true;
}

/* The axes to reduce, in any order and some counted from the end; *reduced by dimension. */
static int random_axes(struct gen *g, int rank, bool negative, int64_t *axes, bool *reduced)
{
    int n = 0;

    for (int i = 0; i < rank; i++) {
        reduced[i] = chance(g, 45);
        if (reduced[i])
            axes[n++] = negative && chance(g, 40) ? i - rank : i;
    }
    for (int i = n - 1; i > 0; i--) {
        const int k = (int)between(g, 0, i);
        const int64_t swap = axes[i];

        axes[i] = axes[k], axes[k] = swap;
    }
    return n;
}

/* Axes are an attribute of ReduceSum until opset 12, of ReduceMean until 17. */
bool gen_reduce(struct gen *g, const char *op)
{
    const bool is_sum = strcmp(op, "ReduceSum") == 0;
    const bool as_input = g->opset >= (is_sum ? 13 : 18);
    struct operand x = keep_small(g, is_sum && chance(g, 35) ? take_whole(g, 1, 5)
                                                            : take(g, DT_F32, 1, 5));
    struct operand y = shaped(&x, (struct shape){ 0 });
    const bool keep = chance(g, 60), none = as_input && chance(g, 15);
    int64_t axes[MAX_RANK], count = 1;
    bool reduced[MAX_RANK];
    const int n = random_axes(g, x.s.rank, g->opset >= 11, axes, reduced);
    const char *attrs = keep && chance(g, 50) ? "" : with_int(g, "", "keepdims", keep);

    for (int i = 0; i < x.s.rank; i++) {
        reduced[i] = n == 0 ? !none : reduced[i];
        count *= reduced[i] ? x.s.dim[i] : 1;
        if (!reduced[i] || keep)
            y.s.dim[y.s.rank++] = reduced[i] ? 1 : x.s.dim[i];
    }
    if (none)
        attrs = with_int(g, attrs, "noop_with_empty_axes", 1);
    if (is_sum)
        y.lo = fmin(x.lo * (double)count, x.lo), y.hi = fmax(x.hi * (double)count, x.hi);
    y.whole = x.whole && (x.type != DT_F32 || (is_sum && magnitude(&y) < WHOLE_MAX));
    if (!as_input || (n == 0 && chance(g, 70))) {
        NODE(g, op, n && !as_input ? with(g, attrs, "axes", ints_text(g, n, axes)) : attrs, y, x);
        return true;
    }
    NODE(g, op, attrs, y, x, constant_i64(g, n, axes));
    return true;
}

bool gen_arg_max(struct gen *g, const char *op)
{
    struct operand x = take_whole(g, 1, 5), y = shaped(&x, (struct shape){ 0 });
    const int axis = (int)between(g, 0, x.s.rank - 1);
    const bool keep = chance(g, 60);
    const char *attrs = "";

    if (axis > 0 || chance(g, 50))
        attrs = with_int(g, attrs, "axis", g->opset >= 11 && chance(g, 40) ? axis - x.s.rank
                                                                           : axis);
    if (!keep || chance(g, 30))
        attrs = with_int(g, attrs, "keepdims", keep);
    if (g->opset >= 12 && chance(g, 40))
        attrs = with_int(g, attrs, "select_last_index", 1);
    for (int i = 0; i < x.s.rank; i++)
        if (i != axis || keep)
            y.s.dim[y.s.rank++] = i == axis ? 1 : x.s.dim[i];
    y.type = DT_I64;
    y.whole = true;
    y.lo = 0, y.hi = (double)(x.s.dim[axis] - 1);
    NODE(g, op, attrs, y, x);
    return true;
}
