// SPDX-License-Identifier: Apache-2.0
/* cast - element type conversion.  Types that generated code does not hold are
 * converted while compiling: each element as a double or as an integer. */
#include "ops/common.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct cast_attr {
    enum dtype to;
};

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct cast_attr *a = n->attr;
    const int64_t to = attr_int(attrs, "to", 0);

    a->to = to > 0 && to < INT32_MAX ? dtype_from_onnx((int)to) : DT_NONE;
    if (a->to == DT_NONE)
        return node_error(attrs->diag, n, "attribute 'to' is %" PRId64
                          ", which is no element type that resc knows", to);
    if (attrs->opset >= 19)
        attr_ignore(attrs, "saturate"); /* of the 8-bit floats */
    if (attrs->opset >= 24)
        attr_ignore(attrs, "round_mode"); /* of float8e8m0 */
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    const struct cast_attr *a = n->attr;
    const struct value *x = n->in[0];

    if (!x->data && (!dtype_runs(x->type) || !dtype_runs(a->to)))
        return node_error(d, n, "from %s to %s at run time, which is supported for constants only",
                          dtype_name(x->type), dtype_name(a->to));
    if (!set_output(n, 0, a->to, x->shape, d))
        return false;
    if (!dtype_runs(x->type) && dtype_runs(a->to))
        evaluate_now(g, n);
    return true;
}

static enum resc_type runtime_type(enum dtype t)
{
    switch (t) {
    case DT_I64:
        return RESC_TYPE_I64;
    case DT_I32:
        return RESC_TYPE_I32;
    case DT_I8:
        return RESC_TYPE_I8;
    case DT_U8:
        return RESC_TYPE_U8;
    case DT_BOOL:
        return RESC_TYPE_BOOL;
    default:
        return RESC_TYPE_F32;
    }
}

static void fill(const struct node *n, void *params)
{
    struct resc_cast *p = params;

    p->from = runtime_type(n->in[0]->type);
    p->to = runtime_type(n->out[0]->type);
    p->len = (ptrdiff_t)shape_len(&n->out[0]->shape);
}

static const char *const type_names[] = {
    "RESC_TYPE_F32", "RESC_TYPE_I64", "RESC_TYPE_I32", "RESC_TYPE_I8", "RESC_TYPE_U8",
    "RESC_TYPE_BOOL",
};

static const struct field fields[] = {
    PARAM_ENUM(resc_cast, from, type_names), PARAM_ENUM(resc_cast, to, type_names),
    PARAM_SIZE(resc_cast, len),
};

static const struct params params = {
    "resc_cast", sizeof(struct resc_cast), fields, COUNT(fields), fill, NULL,
};

/* A binary float of 1 + exponent + mantissa bits, as in IEEE 754, -> its value. */
static double decode(unsigned bits, int exponent, int mantissa)
{
    const int bias = (1 << (exponent - 1)) - 1;
    const int e = (int)(bits >> mantissa) & ((1 << exponent) - 1);
    const int m = (int)bits & ((1 << mantissa) - 1);
    const bool negative = bits >> (exponent + mantissa);
    double v;

    if (e == (1 << exponent) - 1)
        v = m ? (double)NAN : (double)INFINITY;
    else if (e == 0)
        v = ldexp(m, 1 - bias - mantissa);
    else
        v = ldexp(m + (1 << mantissa), e - bias - mantissa);
    return negative ? -v : v;
}

/* The nearest such float, ties to even. */
static unsigned encode(double v, int exponent, int mantissa)
{
    const int bias = (1 << (exponent - 1)) - 1;
    const unsigned infinity = ((1u << exponent) - 1) << mantissa;
    const unsigned sign = signbit(v) ? 1u << (exponent + mantissa) : 0;
    int e;

    if (isnan(v))
        return sign | infinity | 1u << (mantissa - 1);
    if (isinf(v))
        return sign | infinity;
    frexp(v, &e);
    e = v == 0.0 || e - 1 < 1 - bias ? 1 - bias : e - 1;
    if (e > bias)
        return sign | infinity;
    /* The leading 1 of a normal number adds the 1 that e + bias - 1 lacks; so
     * does rounding up to the next power of two, or to infinity. */
    return sign | (((unsigned)(e + bias - 1) << mantissa) +
                   (unsigned)rint(ldexp(fabs(v), mantissa - e)));
}

/* One element on its way: a real, or an integer that is unsigned if `is_unsigned`. */
struct number {
    bool is_real, is_unsigned;
    double real;
    uint64_t bits;
};

#define LOAD(type) (*(const type *)at)
static struct number load(enum dtype t, const void *at)
{
    switch (t) {
    case DT_F32:
        return (struct number){ .is_real = true, .real = (double)LOAD(float) };
    case DT_F64:
        return (struct number){ .is_real = true, .real = LOAD(double) };
    case DT_F16:
        return (struct number){ .is_real = true, .real = decode(LOAD(uint16_t), 5, 10) };
    case DT_BF16:
        return (struct number){ .is_real = true, .real = decode(LOAD(uint16_t), 8, 7) };
    case DT_I8:
        return (struct number){ .bits = (uint64_t)LOAD(int8_t) };
    case DT_I16:
        return (struct number){ .bits = (uint64_t)LOAD(int16_t) };
    case DT_I32:
        return (struct number){ .bits = (uint64_t)LOAD(int32_t) };
    case DT_I64:
        return (struct number){ .bits = (uint64_t)LOAD(int64_t) };
    case DT_U16:
        return (struct number){ .is_unsigned = true, .bits = LOAD(uint16_t) };
    case DT_U32:
        return (struct number){ .is_unsigned = true, .bits = LOAD(uint32_t) };
    case DT_U64:
        return (struct number){ .is_unsigned = true, .bits = LOAD(uint64_t) };
    default:
        return (struct number){ .is_unsigned = true, .bits = LOAD(uint8_t) };
    }
}
#undef LOAD

static double as_double(struct number v)
{
    return v.is_real ? v.real : v.is_unsigned ? (double)v.bits : (double)(int64_t)v.bits;
}

static float as_float(struct number v)
{
    return v.is_real ? (float)v.real : v.is_unsigned ? (float)v.bits : (float)(int64_t)v.bits;
}

/* To an integer of `bits` bits: reals are cut and saturate, NaN is 0, integers
 * keep their low bits. */
static uint64_t as_int(struct number v, int bits, bool is_unsigned)
{
    const double limit = ldexp(1.0, is_unsigned ? bits : bits - 1);

    if (!v.is_real)
        return v.bits;
    if (isnan(v.real))
        return 0;
    if (v.real >= limit)
        return UINT64_MAX >> (64 - bits) >> !is_unsigned;
    if (is_unsigned)
        return v.real <= 0.0 ? 0 : (uint64_t)v.real;
    return v.real <= -limit ? (uint64_t)1 << (bits - 1) : (uint64_t)(int64_t)v.real;
}

static void store(enum dtype t, void *at, struct number v)
{
    switch (t) {
    case DT_F32:
        *(float *)at = as_float(v);
        break;
    case DT_F64:
        *(double *)at = as_double(v);
        break;
    case DT_F16:
        *(uint16_t *)at = (uint16_t)encode(as_double(v), 5, 10);
        break;
    case DT_BF16:
        *(uint16_t *)at = (uint16_t)encode(as_double(v), 8, 7);
        break;
    case DT_BOOL:
        *(uint8_t *)at = v.is_real ? v.real != 0.0 : v.bits != 0;
        break;
    case DT_I8:
    case DT_U8:
        *(uint8_t *)at = (uint8_t)as_int(v, 8, t == DT_U8);
        break;
    case DT_I16:
    case DT_U16:
        *(uint16_t *)at = (uint16_t)as_int(v, 16, t == DT_U16);
        break;
    case DT_I32:
    case DT_U32:
        *(uint32_t *)at = (uint32_t)as_int(v, 32, t == DT_U32);
        break;
    default:
        *(uint64_t *)at = as_int(v, 64, t == DT_U64);
    }
}

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    const enum dtype from = n->in[0]->type, to = n->out[0]->type;
    struct resc_cast p = { 0 };

    fill(n, &p);
    if (from == to) {
        if (p.len)
            memcpy(out[0], in[0], value_size(n->out[0]));
        return;
    }
    if (dtype_runs(from) && dtype_runs(to)) {
        resc_cast_any(&p, in[0], out[0]);
        return;
    }
    for (ptrdiff_t i = 0; i < p.len; i++)
        store(to, (char *)out[0] + (size_t)i * dtype_size(to),
              load(from, (const char *)in[0] + (size_t)i * dtype_size(from)));
}

static void print(const struct node *n, FILE *out)
{
    fprintf(out, " to=%s", dtype_name(ATTR(cast_attr, n)->to));
}

static const struct kernel kernels[] = {
    { .fn = "resc_cast_any", .file = "cast_any.c" },
};

const struct op op_cast = {
    .name = "Cast", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct cast_attr),
    .parse = parse, .infer = infer, .eval = eval, .params = &params, .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
