// SPDX-License-Identifier: Apache-2.0
/* gen_product - Gemm and MatMul. */
#include "gen.h"

#include <math.h>

static struct operand matrix(struct gen *g, struct shape s, bool whole, double fan_in)
{
    const double limit = whole ? 2 : (double)(float)(1.5 / sqrt(fan_in));

    return chance(g, 25) ? new_input(g, DT_F32, s, -limit, limit, whole)
                         : constant_f32(g, s, -limit, limit, whole);
}

static bool affordable(struct gen *g, double work, int64_t weights)
{
    if (weights > WEIGHTS_MAX || g->macs + work > MACS_MAX)
        return false;
    g->macs += work;
    return true;
}

static bool stays_whole(struct gen *g, const struct operand *x, double fan_in)
{
    return x->whole && chance(g, 80) && magnitude(x) * 2 * fan_in + 4 < WHOLE_MAX;
}

/* C, of a shape that broadcasts to [m,n]; it may be missing from opset 11 on. */
static struct operand gemm_c(struct gen *g, int64_t m, int64_t n, bool whole)
{
    const struct shape shapes[] = {
        shape_of(n), shape_of(m, n), shape_of(1, n), shape_of(m, 1), shape_of(1), shape_scalar(),
        shape_of(1, 1),
    };
    const struct shape s = shapes[chance(g, 50) ? 0 : between(g, 0, COUNT(shapes) - 1)];
    const double limit = whole ? 4 : 1;

    return chance(g, 25) ? new_input(g, DT_F32, s, -limit, limit, whole)
                         : constant_f32(g, s, -limit, limit, whole);
}

bool gen_gemm(struct gen *g, const char *op)
{
    const bool trans_a = chance(g, 20), trans_b = chance(g, 50);
    struct operand a = keep_small(g, take(g, DT_F32, 2, 2));
    const int64_t m = a.s.dim[trans_a], k = a.s.dim[!trans_a];
    const int64_t n = one_of(g, 1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 32, 33, 40);

    if (m * n > LEN_MAX || !affordable(g, (double)(m * n * k), k * n))
        return false;
    const bool scales = chance(g, 25), whole = stays_whole(g, &a, (double)k);
    const double alpha = scales ? 0.5 : 1, beta = scales && chance(g, 70) ? 2 : 1;
    const bool has_c = g->opset < 11 || chance(g, 80);
    const struct operand b = matrix(g, trans_b ? shape_of(n, k) : shape_of(k, n), whole, (double)k);
    const struct operand c = has_c ? gemm_c(g, m, n, whole) : LEFT_OUT;
    struct operand y = shaped(&a, shape_of(m, n));
    const char *attrs = "";

    attrs = trans_a ? with_int(g, attrs, "transA", 1) : attrs;
    attrs = trans_b ? with_int(g, attrs, "transB", 1) : attrs;
    attrs = scales ? with(g, attrs, "alpha", float_text(g, alpha)) : attrs;
    attrs = beta != 1 ? with(g, attrs, "beta", float_text(g, beta)) : attrs;
    attrs = g->opset < 7 ? with_int(g, attrs, "broadcast", 1) : attrs;
    y.hi = magnitude(&a) * magnitude(&b) * (double)k + (has_c ? beta * magnitude(&c) : 0);
    y.lo = -y.hi;
    y.whole = whole && !scales;
    y = node1(g, op, has_c ? 3 : 2, (struct operand[]){ a, b, c }, attrs, y);
    if (chance(g, 30)) {
        struct operand z = shaped(&y, y.s);

        z.lo = 0;
        NODE(g, "Relu", NULL, z, y);
    }
    return true;
}

/* A's outer dimensions, or others that broadcast with them. */
static struct shape outer_for(struct gen *g, const struct shape *a)
{
    struct shape s = { 0 };
    const int keep = a->rank > 2 ? (int)between(g, 0, a->rank - 2) : 0;

    for (int i = a->rank - 2 - keep; i < a->rank - 2; i++)
        s.dim[s.rank++] = chance(g, 30) ? 1 : a->dim[i] == 1 ? between(g, 1, 3) : a->dim[i];
    return s;
}

static bool matmul_output(const struct shape *a, const struct shape *b, struct shape *y)
{
    const struct shape outer_a = shape_from(a->rank > 2 ? (size_t)a->rank - 2 : 0, a->dim);
    const struct shape outer_b = shape_from(b->rank > 2 ? (size_t)b->rank - 2 : 0, b->dim);

    if (!shape_broadcast(&outer_a, &outer_b, y))
        return false;
    if (a->rank > 1)
        y->dim[y->rank++] = a->dim[a->rank - 2];
    if (b->rank > 1)
        y->dim[y->rank++] = b->dim[b->rank - 1];
    return true;
}

bool gen_mat_mul(struct gen *g, const char *op)
{
    struct operand a = keep_small(g, take(g, DT_F32, 1, 4)), y;
    const int64_t k = a.s.dim[a.s.rank - 1];
    const int64_t n = one_of(g, 1, 1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 32, 33);
    struct shape bs = outer_for(g, &a.s);
    const bool swap = chance(g, 15);

    if (chance(g, 12)) {
        bs = shape_of(k);
    } else {
        bs.dim[bs.rank++] = k;
        bs.dim[bs.rank++] = n;
    }
    y = a;
    if (!matmul_output(&a.s, &bs, &y.s) || shape_len(&y.s) > LEN_MAX ||
        !affordable(g, (double)(shape_len(&y.s) * k), shape_len(&bs)))
        return false;
    const bool whole = stays_whole(g, &a, (double)k);
    const struct operand b = matrix(g, bs, whole, (double)k);

    y.hi = magnitude(&a) * magnitude(&b) * (double)k;
    y.lo = -y.hi;
    y.whole = whole;
    /* the constant on the left */
    if (swap && bs.rank == 2 && a.s.rank == 2 && a.s.dim[0] == k) {
        struct operand left = shaped(&b, shape_of(n, k));

        left = NODE(g, "Transpose", NULL, left, b);
        y.s = shape_of(n, a.s.dim[1]);
        NODE(g, op, NULL, y, left, a);
        return true;
    }
    NODE(g, op, NULL, y, a, b);
    return true;
}
