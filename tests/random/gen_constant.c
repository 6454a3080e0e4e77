// SPDX-License-Identifier: Apache-2.0
/* gen_constant - what is known at compile time: Shape and what exporters compute
 * with it, ConstantOfShape, constants of all types. */
#include "gen.h"

#include <string.h>

/* The dimensions from `start` to `end` of x, where from opset 15 on they may be given. */
static struct operand shape_of_value(struct gen *g, const struct operand *x, int start, int end)
{
    struct operand y = { .type = DT_I64, .s = shape_of(end - start), .hi = LEN_MAX,
                         .whole = true };
    const char *attrs = "";

    if (start > 0 || chance(g, 20))
        attrs = with_int(g, attrs, "start", chance(g, 40) && start < x->s.rank ?
                                            start - x->s.rank : start);
    if (end < x->s.rank || chance(g, 10))
        attrs = with_int(g, attrs, "end", chance(g, 40) && end < x->s.rank && end > 0 ?
                                          end - x->s.rank : end);
    return NODE(g, "Shape", attrs, y, *x);
}

static struct operand whole_shape(struct gen *g, const struct operand *x)
{
    const struct operand y = { .type = DT_I64, .s = shape_of(x->s.rank), .hi = LEN_MAX,
                               .whole = true };

    return NODE(g, "Shape", NULL, y, *x);
}

/* x.view(x.size(0), -1), as exporters write it: Shape, Gather, Unsqueeze, Concat, Reshape. */
static void view_by_shape(struct gen *g, struct operand x)
{
    const int64_t zero = 0, minus_one = -1, first = x.s.dim[0];
    struct operand size = whole_shape(g, &x);
    const struct operand index = constant_of(g, DT_I64, shape_scalar(), &zero, 0, 0, true);
    struct operand scalar = shaped(&size, shape_scalar()), list = shaped(&size, shape_of(1));

    size = NODE(g, "Gather", "axis=0", scalar, size, index);
    if (g->opset < 13)
        size = NODE(g, "Unsqueeze", "axes=[0]", list, size);
    else
        size = NODE(g, "Unsqueeze", NULL, list, size, constant_i64(g, 1, &zero));
    list = shaped(&size, shape_of(2));
    list = NODE(g, "Concat", "axis=0", list, size, constant_i64(g, 1, &minus_one));
    NODE(g, "Reshape", NULL, shaped(&x, shape_of(first, shape_len(&x.s) / first)), x, list);
}

bool gen_shape(struct gen *g, const char *op)
{
    struct operand x = take_any(g, 1, 6), y;

    (void)op;
    if (chance(g, 50)) {
        view_by_shape(g, x);
        return true;
    }
    if (g->opset >= 15 && chance(g, 60)) {
        const int start = (int)between(g, 0, x.s.rank), end = (int)between(g, start, x.s.rank);

        shape_of_value(g, &x, start, end);
        return true;
    }
    y = whole_shape(g, &x);
    if (chance(g, 50)) { /* x * (a float made of its shape): folded */
        struct operand f = shaped(&y, y.s), z = shaped(&x, x.s);

        f.type = DT_F32;
        f = NODE(g, "Cast", with_int(g, "", "to", dtype_to_onnx(DT_F32)), f, y);
        const struct operand d = constant_f32(g, shape_scalar(), 64, 64, false);

        f.whole = false;
        f = NODE(g, "Div", g->opset < 7 ? "broadcast=1" : NULL, f, f, d);
        if (x.type != DT_F32 || g->opset < 7 || x.s.rank < 1)
            return true;
        f = shaped(&f, shape_scalar());
        f = NODE(g, "ReduceMean", "keepdims=0", f, f);
        z.lo = -magnitude(&x) * LEN_MAX, z.hi = -z.lo;
        z.whole = false;
        NODE(g, "Mul", NULL, z, x, f);
    }
    return true;
}

bool gen_constant_of_shape(struct gen *g, const char *op)
{
    static const int64_t i64 = 3;
    static const int32_t i32 = -2;
    static const float f32 = 0.75f;
    static const unsigned char byte = 1;
    static const struct { enum dtype t; const void *one; double value; } fills[] = {
        { DT_NONE, NULL, 0 }, { DT_F32, &f32, 0.75 }, { DT_I64, &i64, 3 }, { DT_I32, &i32, -2 },
        { DT_U8, &byte, 1 }, { DT_BOOL, &byte, 1 }, { DT_I8, &byte, 1 },
    };
    const int k = (int)between(g, 0, COUNT(fills) - 1);
    struct operand shape, y, x = take_any(g, 1, 4);

    y = x;
    if (chance(g, 40) && shape_len(&x.s) < 1000) {
        shape = whole_shape(g, &x);
    } else {
        y.s = random_shape(g, (int)between(g, 0, 4), 200);
        shape = constant_i64(g, y.s.rank, y.s.dim);
    }
    y.type = k ? fills[k].t : DT_F32;
    y.lo = y.hi = fills[k].value;
    y.whole = y.type != DT_F32 || k == 0;
    y.name = new_name(g, "Filled");
    model_node(g->m, op, shape.name, y.name, NULL);
    if (k)
        model_node_tensor(g->m, "value", fills[k].t, "1", fills[k].one);
    if (y.type == DT_F32 || chance(g, 50))
        NODE(g, "Identity", NULL, shaped(&y, y.s), y);
    if (y.type == x.type && y.type == DT_F32 && shape_equal(&y.s, &x.s)) {
        struct operand z = shaped(&x, x.s);

        z.lo = x.lo, z.hi = x.hi + 1;
        z.whole = x.whole && k == 0;
        NODE(g, "Add", NULL, z, x, y);
    }
    return true;
}

/* Of types that only constants may have, small enough for every one of them: a
 * half float's 0x3800 to 0x3fff is 0.5 to 2, a bfloat16's 0x3f00 the same. */
static struct operand cast_constant(struct gen *g, struct shape s, enum dtype from, enum dtype to)
{
    const int64_t len = shape_len(&s);
    unsigned char *data = arena_alloc(g->a, (size_t)len * 8 + 1);
    struct operand y = { .type = to, .s = s, .lo = -2, .hi = 200, .whole = to != DT_F32 };

    for (int64_t i = 0; i < len; i++) {
        const double real = rng_real(&g->rng, -2, 2);
        const int64_t bits = from == DT_F16 ? between(g, 0x3800, 0x3fff) :
                             from == DT_BF16 ? between(g, 0x3f00, 0x3fff) : between(g, 0, 100);

        if (from == DT_F64)
            memcpy(data + i * 8, &real, 8);
        else /* little-endian */
            memcpy(data + i * (int64_t)dtype_size(from), &bits, dtype_size(from));
    }
    const struct operand x = constant_of(g, from, s, data, -2, 200, false);

    return NODE(g, "Cast", with_int(g, "", "to", dtype_to_onnx(to)), y, x);
}

bool gen_constant(struct gen *g, const char *op)
{
    static const enum dtype types[] = {
        DT_F64, DT_F16, DT_U16, DT_I16, DT_U32, DT_U64, DT_U8, DT_I8, DT_I32, DT_I64, DT_BF16,
    };
    const enum dtype from = types[between(g, 0, COUNT(types) - (g->opset >= 13 ? 1 : 2))];
    const bool is_real = from == DT_F64 || from == DT_F16 || from == DT_BF16;
    const enum dtype to = is_real || chance(g, 60) ? DT_F32 : chance(g, 50) ? DT_I64 : DT_I32;
    struct operand x = take(g, DT_F32, 0, 4), y, z;

    if (chance(g, 30)) { /* a node, whose output is read by Identity */
        const float one = (float)rng_real(&g->rng, -1, 1);
        const struct operand v = { .name = new_name(g, op), .type = DT_F32,
                                   .s = shape_of(1, 1), .lo = -1, .hi = 1 };

        model_node(g->m, op, "", v.name, NULL);
        model_node_tensor(g->m, "value", DT_F32, "1,1", &one);
        NODE(g, "Identity", NULL, shaped(&v, v.s), v);
        return true;
    }
    y = cast_constant(g, to == DT_F32 ? x.s : random_shape(g, 2, 60), from, to);
    if (to != DT_F32)
        return true;
    z = shaped(&x, x.s);
    z.lo = x.lo - 2, z.hi = x.hi + 200;
    z.whole = false;
    NODE(g, "Add", NULL, z, x, y);
    return true;
}
