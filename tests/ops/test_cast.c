// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

enum { F32_ = 1, U8_, I8_, U16_, I16_, I32_, I64_, BOOL_ = 9, F16_, F64_, U32_, U64_, BF16_ = 16 };

#define TO(type) { INT_ATTR("to", type) }
/* Types that only constants have. */
#define F16(shape, ...) ARG(ARG_CONST, DT_F16, uint16_t, shape, __VA_ARGS__)
#define BF16(shape, ...) ARG(ARG_CONST, DT_BF16, uint16_t, shape, __VA_ARGS__)
#define F64(shape, ...) ARG(ARG_CONST, DT_F64, double, shape, __VA_ARGS__)
#define U16(shape, ...) ARG(ARG_CONST, DT_U16, uint16_t, shape, __VA_ARGS__)
#define I16(shape, ...) ARG(ARG_CONST, DT_I16, int16_t, shape, __VA_ARGS__)
#define U32(shape, ...) ARG(ARG_CONST, DT_U32, uint32_t, shape, __VA_ARGS__)
#define U64(shape, ...) ARG(ARG_CONST, DT_U64, uint64_t, shape, __VA_ARGS__)

Test(cast, run_time_types)
{
    const struct one_node cases[] = {
        { "Cast", 6, TO(I64_), { F32(S(6), 1.9f, -1.9f, NAN, INFINITY, -1e30f, 9.3e18f) },
          { I64(S(6), 1, -1, 0, INT64_MAX, INT64_MIN, INT64_MAX) } },
        { "Cast", 13, TO(I64_), { F32(S(2), 0x1p63f, -0x1p63f) },
          { I64(S(2), INT64_MAX, INT64_MIN) } },
        { "Cast", 9, TO(I32_), { F32(S(5), 2.5f, -0.9f, NAN, 3e9f, -3e9f) },
          { I32(S(5), 2, 0, 0, INT32_MAX, INT32_MIN) } },
        { "Cast", 13, TO(U8_), { F32(S(4), 254.9f, 256, -1, NAN) }, { U8(S(4), 254, 255, 0, 0) } },
        { "Cast", 13, TO(I8_), { F32(S(3), 127.5f, 128, -129) }, { I8(S(3), 127, 127, -128) } },
        { "Cast", 13, TO(BOOL_), { F32(S(4), 0, -0.0f, 0.1f, NAN) }, { BOOLS(S(4), 0, 0, 1, 1) } },
        { "Cast", 19, TO(F32_), { I64(S(2), 16777217, -3) }, { F32(S(2), 16777216, -3) } },
        { "Cast", 13, TO(I32_), { I64(S(2), INT64_C(0x100000005), -1) }, { I32(S(2), 5, -1) } },
        { "Cast", 13, TO(U8_), { I32(S(2), 257, -1) }, { U8(S(2), 1, 255) } },
        { "Cast", 13, TO(I8_), { U8(S(1), 200) }, { I8(S(1), -56) } },
        { "Cast", 13, TO(BOOL_), { I64(S(2), INT64_C(1) << 40, 0) }, { BOOLS(S(2), 1, 0) } },
        { "Cast", 13, TO(F32_), { BOOLS(S(2), 1, 0) }, { F32(S(2), 1, 0) } },
        { "Cast", 13, TO(I64_), { I8(S(2), -128, 5) }, { I64(S(2), -128, 5) } },
        { "Cast", 13, TO(F32_), { F32(S(2), NAN, 5) }, { F32(S(2), NAN, 5) } },
        { "Cast", 19, { INT_ATTR("to", I64_), INT_ATTR("saturate", 0) }, { F32(S(1), 1) },
          { I64(S(1), 1) } },
    };

    one_nodes_are(cases);
}

/* Half an ulp goes to the even neighbour, a little more goes up; the last
 * values before infinity, the largest and smallest denormal, and its half. */
Test(cast, to_small_floats)
{
    const struct one_node cases[] = {
        { "Cast", 13, TO(F16_),
          { CONST_F32(S(14), 1, -2, 65504, 65519.996f, 65520, 1e9f, 0x1.002p0f, 0x1.00200001p0f,
                      0x1.006p0f, 0x1p-24f, 0x1p-25f, 0x1.000002p-25f, 0x1.ff8p-15f, -0.0f) },
          { F16(S(14), 0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0x7c00, 0x3c00, 0x3c00, 0x3c02, 1, 0,
                1, 0x03ff, 0x8000) } },
        { "Cast", 13, TO(F16_), { CONST_F32(S(4), INFINITY, -INFINITY, 0x1.ffcp-15f, 0x1.0021p0f) },
          { F16(S(4), 0x7c00, 0xfc00, 0x0400, 0x3c01) } },
        /* one rounding only: through f32 this would be a tie */
        { "Cast", 13, TO(F16_), { F64(S(2), 0x1.002000000001p0, 1e-300) },
          { F16(S(2), 0x3c01, 0) } },
        { "Cast", 13, TO(BF16_),
          { CONST_F32(S(7), 1, 0x1.01p0f, 0x1.010002p0f, 0x1.03p0f, 3.4e38f, 0x1p-133f,
                      0x1p-134f) },
          { BF16(S(7), 0x3f80, 0x3f80, 0x3f81, 0x3f82, 0x7f80, 1, 0) } },
        { "Cast", 13, TO(BF16_), { CONST_I64(S(2), 257, -3) }, { BF16(S(2), 0x4380, 0xc040) } },
    };

    one_nodes_are(cases);
}

Test(cast, from_compile_time_types)
{
    const struct one_node cases[] = {
        { "Cast", 13, TO(F32_), { F16(S(7), 0x3c00, 0x7bff, 1, 0x03ff, 0x7c00, 0xfc00, 0x7e00) },
          { F32(S(7), 1, 65504, 0x1p-24f, 0x1.ff8p-15f, INFINITY, -INFINITY, NAN) } },
        { "Cast", 13, TO(F32_), { BF16(S(3), 0x3f81, 0xff80, 1) },
          { F32(S(3), 0x1.02p0f, -INFINITY, 0x1p-133f) } },
        { "Cast", 13, TO(F32_), { F64(S(3), 0.1, 1e300, -1e-300) },
          { F32(S(3), 0.1f, INFINITY, 0) } },
        { "Cast", 13, TO(I64_), { F64(S(4), 9007199254740993.0, 1e19, -1e19, NAN) },
          { I64(S(4), 9007199254740992, INT64_MAX, INT64_MIN, 0) } },
        { "Cast", 13, TO(I64_), { F64(S(2), 0x1p63, -0x1p63) },
          { I64(S(2), INT64_MAX, INT64_MIN) } },
        { "Cast", 13, TO(U64_), { F64(S(4), 1e19, 1e20, -5, 2.5) },
          { U64(S(4), 10000000000000000000u, UINT64_MAX, 0, 2) } },
        { "Cast", 13, TO(I16_), { F64(S(3), 40000, -40000, -1.5) },
          { I16(S(3), 32767, -32768, -1) } },
        { "Cast", 13, TO(U16_), { CONST_I64(S(2), 65537, -1) }, { U16(S(2), 1, 65535) } },
        { "Cast", 13, TO(F32_), { U64(S(1), UINT64_MAX) }, { F32(S(1), 18446744073709551616.0f) } },
        { "Cast", 13, TO(I64_), { U32(S(1), UINT32_MAX) }, { I64(S(1), UINT32_MAX) } },
        { "Cast", 13, TO(I64_), { I16(S(1), -7) }, { I64(S(1), -7) } },
        { "Cast", 13, TO(BOOL_), { F16(S(3), 0x8000, 1, 0x7e00) }, { BOOLS(S(3), 0, 1, 1) } },
        { "Cast", 13, TO(F64_), { CONST_I64(S(1), INT64_MIN) }, { F64(S(1), -0x1p63) } },
    };

    one_nodes_are(cases);
}

Test(cast, refuses)
{
    const struct one_node cases[] = {
        { "Cast", 13, TO(F16_), { F32(S(1), 1) }, .refused = "supported for constants only" },
        { "Cast", 13, TO(8), { F32(S(1), 1) }, .refused = "no element type that resc knows" },
        { "Cast", 13, TO(INT64_C(1) << 40), { F32(S(1), 1) }, .refused = "no element type" },
        { "Cast", 13, .in = { F32(S(1), 1) }, .refused = "attribute 'to' is 0" },
        { "Cast", 13, { STRING_ATTR("to", "FLOAT") }, { F32(S(1), 1) },
          .refused = "expected an int" },
    };

    one_nodes_are(cases);
}
