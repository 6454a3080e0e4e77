// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

#define F16(shape, ...) ARG(ARG_CONST, DT_F16, uint16_t, shape, __VA_ARGS__)
#define MIN64 INT64_MIN
#define MAX64 INT64_MAX

Test(transpose, permutations)
{
    const struct one_node cases[] = {
        { "Transpose", 6, .in = { F32(S(2, 3), 1, 2, 3, 4, 5, 6) },
          .out = { F32(S(3, 2), 1, 4, 2, 5, 3, 6) } },
        { "Transpose", 13, { INTS_ATTR("perm", 0, 2, 1) },
          { I64(S(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8) },
          { I64(S(2, 2, 2), 1, 3, 2, 4, 5, 7, 6, 8) } },
        { "Transpose", 13, { INTS_ATTR("perm", 2, 0, 1) }, { U8(S(2, 1, 3), 1, 2, 3, 4, 5, 6) },
          { U8(S(3, 2, 1), 1, 4, 2, 5, 3, 6) } },
        { "Transpose", 13, { INTS_ATTR("perm", 1, 0) }, { F16(S(2, 2), 1, 2, 3, 4) },
          { F16(S(2, 2), 1, 3, 2, 4) } },
        { "Transpose", 13, .in = { F32(SCALAR, 3) }, .out = { F32(SCALAR, 3) } },
        { "Transpose", 13, .in = { F32(S(2, 0), 0) }, .out = { F32(S(0, 2), 0) } },
        { "Transpose", 13, { INTS_ATTR("perm", 0, 0) }, { F32(S(1, 1), 0) },
          .refused = "no permutation" },
        { "Transpose", 13, { INTS_ATTR("perm", 0, 2) }, { F32(S(1, 1), 0) },
          .refused = "no permutation" },
        { "Transpose", 13, { INTS_ATTR("perm", 0, -1) }, { F32(S(1, 1), 0) },
          .refused = "no permutation" },
        { "Transpose", 13, { INTS_ATTR("perm", 0) }, { F32(S(1, 1), 0) },
          .refused = "perm has 1 elements, the input 2 dimensions" },
    };

    one_nodes_are(cases);
}

Test(expand, shapes)
{
    const struct one_node cases[] = {
        { "Expand", 8, .in = { F32(S(2, 1), 1, 2), CONST_I64(S(2), 2, 3) },
          .out = { F32(S(2, 3), 1, 1, 1, 2, 2, 2) } },
        /* both ways: the shape's 1 gives way */
        { "Expand", 13, .in = { I32(S(3), 1, 2, 3), CONST_I64(S(2), 2, 1) },
          .out = { I32(S(2, 3), 1, 2, 3, 1, 2, 3) } },
        { "Expand", 13, .in = { BOOLS(SCALAR, 1), CONST_I64(S(1), 2) },
          .out = { BOOLS(S(2), 1, 1) } },
        { "Expand", 13, .in = { I64(S(1), 1), CONST_I64(S(2), 0, 4) }, .out = { I64(S(0, 4), 0) } },
        { "Expand", 13, .in = { F32(S(2), 1, 2), CONST_I64(S(1), 3) },
          .refused = "[2] cannot be expanded to [3]" },
        { "Expand", 13, .in = { F32(S(1), 1), CONST_I64(S(1), -1) },
          .refused = "cannot be expanded" },
        { "Expand", 13, .in = { F32(S(1), 1), CONST_I64(S(2), MAX64, 2) },
          .refused = "cannot be expanded" },
        { "Expand", 13, .in = { F32(S(65536, 1, 0), 0), CONST_I64(S(3), 65536, 65536, 1) },
          .refused = "cannot be expanded" },
        { "Expand", 13, .in = { F32(S(1), 1), I64(S(1), 2) }, .refused = "known only at run time" },
    };

    one_nodes_are(cases);
}

Test(concat, axes)
{
    const struct one_node cases[] = {
        { "Concat", 6, { INT_ATTR("axis", 0) }, { F32(S(1, 2), 1, 2), F32(S(2, 2), 3, 4, 5, 6) },
          { F32(S(3, 2), 1, 2, 3, 4, 5, 6) } },
        { "Concat", 13, { INT_ATTR("axis", -1) },
          { I64(S(2, 1), 1, 2), I64(S(2, 2), 3, 4, 5, 6), I64(S(2, 0), 0) },
          { I64(S(2, 3), 1, 3, 4, 2, 5, 6) } },
        { "Concat", 13, { INT_ATTR("axis", 0) }, { U8(S(2), 1, 2) }, { U8(S(2), 1, 2) } },
        { "Concat", 13, .in = { F32(S(1), 1) }, .refused = "attribute 'axis' is missing" },
        { "Concat", 13, { INT_ATTR("axis", 1) }, { F32(S(1), 1) }, .refused = "axis 1 is outside" },
        { "Concat", 13, { INT_ATTR("axis", 0) }, { F32(S(1, 2), 1, 2), F32(S(1, 3), 1, 2, 3) },
          .refused = "[1,3], which does not fit [1,2] along axis 0" },
        { "Concat", 13, { INT_ATTR("axis", 0) }, { F32(S(1), 1), I64(S(1), 1) },
          .refused = "they must be of one type" },
    };

    one_nodes_are(cases);
}

#define TEN F32(S(10), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
#define AT(start, end, step) \
    { TEN, CONST_I64(S(1), start), CONST_I64(S(1), end), CONST_I64(S(1), 0), CONST_I64(S(1), step) }

Test(slice, ranges)
{
    const struct one_node cases[] = {
        { "Slice", 13, .in = AT(2, 5, 1), .out = { F32(S(3), 2, 3, 4) } },
        { "Slice", 13, .in = AT(-3, MAX64, 1), .out = { F32(S(3), 7, 8, 9) } },
        { "Slice", 13, .in = AT(0, -7, 1), .out = { F32(S(3), 0, 1, 2) } },
        { "Slice", 13, .in = AT(1, 9, 3), .out = { F32(S(3), 1, 4, 7) } },
        { "Slice", 13, .in = AT(9, MIN64, -4), .out = { F32(S(3), 9, 5, 1) } },
        { "Slice", 13, .in = AT(MAX64, 6, -1), .out = { F32(S(3), 9, 8, 7) } },
        { "Slice", 13, .in = AT(-1, -11, -9), .out = { F32(S(2), 9, 0) } },
        { "Slice", 13, .in = AT(5, 5, 1), .out = { F32(S(0), 0) } },
        { "Slice", 13, .in = AT(7, 3, 1), .out = { F32(S(0), 0) } },
        { "Slice", 13, .in = AT(20, 30, 1), .out = { F32(S(0), 0) } },
        { "Slice", 13, .in = AT(3, 7, -1), .out = { F32(S(0), 0) } },
        { "Slice", 13, .in = AT(4, MAX64, MAX64), .out = { F32(S(1), 4) } },
        { "Slice", 13, .in = AT(4, MIN64, MIN64), .out = { F32(S(1), 4) } },
        { "Slice", 13, .in = AT(MIN64, MIN64, -1), .out = { F32(S(1), 0) } },
        { "Slice", 13, .in = AT(MIN64, 2, 1), .out = { F32(S(2), 0, 1) } },
        { "Slice", 13, .in = AT(0, 9, 0), .refused = "the step along axis 0 is 0" },
    };

    one_nodes_are(cases);
}

Test(slice, dimensions)
{
    const struct one_node cases[] = {
        { "Slice", 6, { INTS_ATTR("starts", 0, 1), INTS_ATTR("ends", 1, 1000) },
          { F32(S(2, 3), 1, 2, 3, 4, 5, 6) }, { F32(S(1, 2), 2, 3) } },
        { "Slice", 9, { INTS_ATTR("starts", 1), INTS_ATTR("ends", -1), INTS_ATTR("axes", 1) },
          { F32(S(2, 3), 1, 2, 3, 4, 5, 6) }, { F32(S(2, 1), 2, 5) } },
        { "Slice", 10, .in = { I64(S(2, 3), 1, 2, 3, 4, 5, 6), CONST_I32(S(2), -1, 1),
                               CONST_I32(S(2), INT32_MIN, 2), CONST_I32(S(2), -1, 0),
                               CONST_I32(S(2), -2, 1) },
          .out = { I64(S(1, 2), 6, 4) } },
        { "Slice", 13, .in = { BOOLS(S(2, 2), 1, 0, 0, 1), CONST_I64(S(2), 1, 1),
                               CONST_I64(S(2), -9, -9), LEFT_OUT, CONST_I64(S(2), -1, -1) },
          .out = { BOOLS(S(2, 2), 1, 0, 0, 1) } },
        { "Slice", 13, .in = { F32(S(0, 2), 0), CONST_I64(S(1), -1), CONST_I64(S(1), MIN64),
                               CONST_I64(S(1), 0), CONST_I64(S(1), -1) },
          .out = { F32(S(0, 2), 0) } },
        { "Slice", 13, .in = { TEN, CONST_I64(S(2), 0, 0), CONST_I64(S(1), 1) },
          .refused = "expected equally many" },
        { "Slice", 13, .in = { TEN, CONST_I64(S(2), 0, 0), CONST_I64(S(2), 1, 1),
                               CONST_I64(S(2), 0, -1) },
          .refused = "is given twice" },
        { "Slice", 13, .in = { TEN, CONST_I64(S(1), 0), CONST_I64(S(1), 1), CONST_I64(S(1), 1) },
          .refused = "axis 1 is outside" },
        { "Slice", 13, .in = { TEN, I64(S(1), 0), CONST_I64(S(1), 1) },
          .refused = "known only at run time" },
        { "Slice", 13, .in = { TEN, CONST_F32(S(1), 0), CONST_I64(S(1), 1) },
          .refused = "expected a list of i64" },
    };

    one_nodes_are(cases);
}

Test(split, sizes)
{
    const struct one_node cases[] = {
        { "Split", 6, .in = { F32(S(4), 1, 2, 3, 4) }, .out = { F32(S(2), 1, 2),
          F32(S(2), 3, 4) } },
        { "Split", 11, { INT_ATTR("axis", 1), INTS_ATTR("split", 1, 2) },
          { F32(S(2, 3), 1, 2, 3, 4, 5, 6) }, { F32(S(2, 1), 1, 4), F32(S(2, 2), 2, 3, 5, 6) } },
        { "Split", 13, { INT_ATTR("axis", -1) }, { I64(S(1, 3), 1, 2, 3),
          CONST_I64(S(3), 0, 2, 1) },
          { I64(S(1, 0), 0), I64(S(1, 2), 1, 2), I64(S(1, 1), 3) } },
        { "Split", 13, .in = { U8(S(2), 1, 2) }, .out = { U8(S(1), 1), U8(S(1), 2) } },
        /* 7 in 3 parts: the last is smaller */
        { "Split", 18, { INT_ATTR("num_outputs", 3) }, { F32(S(7), 1, 2, 3, 4, 5, 6, 7) },
          { F32(S(3), 1, 2, 3), F32(S(3), 4, 5, 6), F32(S(1), 7) } },
        { "Split", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(3), 1, 1, 1) },
          .out = { F32(S(1), 1), LEFT_OUT, F32(S(1), 3) } },
    };
    const struct one_node refused[] = {
        { "Split", 13, .in = { F32(S(3), 1, 2, 3) }, .out = { F32(S(1), 0), F32(S(1), 0) },
          .refused = "cannot be split into 2 equal parts" },
        { "Split", 18, { INT_ATTR("num_outputs", 4) }, { F32(S(5), 1, 2, 3, 4, 5) },
          { F32(S(1), 0), F32(S(1), 0), F32(S(1), 0), F32(S(1), 0) },
          .refused = "cannot be split into 4 equal parts" },
        { "Split", 18, { INT_ATTR("num_outputs", 3) }, { F32(S(3), 1, 2, 3) }, { F32(S(1), 0) },
          .refused = "num_outputs is 3, the node has 1 outputs" },
        { "Split", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(2), 1, 1) },
          .out = { F32(S(1), 0), F32(S(1), 0) }, .refused = "add up to 2, there are 3" },
        { "Split", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(2), 4, -1) },
          .out = { F32(S(1), 0), F32(S(1), 0) }, .refused = "do not add up" },
        { "Split", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(2), 2, MAX64) },
          .out = { F32(S(1), 0), F32(S(1), 0) }, .refused = "do not add up" },
        { "Split", 6, { INTS_ATTR("split", 1, 1, 1) }, { F32(S(3), 1, 2, 3) },
          { F32(S(1), 0), F32(S(1), 0) }, .refused = "3 sizes for 2 outputs" },
        { "Split", 13, { INT_ATTR("axis", 1) }, { F32(S(2), 1, 2) },
          .refused = "axis 1 is outside" },
        { "Split", 13, .in = { F32(SCALAR, 1) }, .refused = "axis 0 is outside" },
    };

    one_nodes_are(cases);
    one_nodes_are(refused);
}

#define THREE F32(S(3), 1, 2, 3)

Test(pad, modes)
{
    const struct one_node cases[] = {
        { "Pad", 6, { INTS_ATTR("pads", 0, 1, 1, 0), FLOAT_ATTR("value", 9) },
          { F32(S(2, 2), 1, 2, 3, 4) }, { F32(S(3, 3), 9, 1, 2, 9, 3, 4, 9, 9, 9) } },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), 2, 1) },
          .out = { F32(S(6), 0, 0, 1, 2, 3, 0) } },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), 0, 1), CONST_F32(SCALAR, -INFINITY) },
          .out = { F32(S(4), 1, 2, 3, -INFINITY) } },
        { "Pad", 13, .in = { I64(S(1), 5), CONST_I64(S(2), 1, 1), CONST_I64(SCALAR, -7) },
          .out = { I64(S(3), -7, 5, -7) } },
        { "Pad", 13, .in = { I32(S(1), 5), CONST_I64(S(2), 1, 0), CONST_I32(SCALAR, INT32_MIN) },
          .out = { I32(S(2), INT32_MIN, 5) } },
        { "Pad", 13, .in = { BOOLS(S(1), 0), CONST_I64(S(2), 0, 1), CONST_BOOL(SCALAR, 1) },
          .out = { BOOLS(S(2), 0, 1) } },
        { "Pad", 13, .in = { U8(S(1), 7), CONST_I64(S(2), 0, 1), ARG(ARG_CONST, DT_U8, uint8_t,
                                                                   SCALAR, 200) },
          .out = { U8(S(2), 7, 200) } },
        { "Pad", 11, { STRING_ATTR("mode", "reflect") }, { THREE, CONST_I64(S(2), 2, 1) },
          { F32(S(6), 3, 2, 1, 2, 3, 2) } },
        /* farther than the tensor is long: back and forth */
        { "Pad", 11, { STRING_ATTR("mode", "reflect") }, { THREE, CONST_I64(S(2), 5, 0) },
          { F32(S(8), 2, 1, 2, 3, 2, 1, 2, 3) } },
        { "Pad", 11, { STRING_ATTR("mode", "reflect") }, { F32(S(1), 4), CONST_I64(S(2), 1, 2) },
          { F32(S(4), 4, 4, 4, 4) } },
        { "Pad", 11, { STRING_ATTR("mode", "edge") }, { THREE, CONST_I64(S(2), 2, 1) },
          { F32(S(6), 1, 1, 1, 2, 3, 3) } },
        { "Pad", 19, { STRING_ATTR("mode", "wrap") }, { THREE, CONST_I64(S(2), 4, 2) },
          { F32(S(9), 3, 1, 2, 3, 1, 2, 3, 1, 2) } },
        { "Pad", 11, { STRING_ATTR("mode", "edge") },
          { F32(S(2, 2), 1, 2, 3, 4), CONST_I64(S(4), 1, 0, 0, 1) },
          { F32(S(3, 3), 1, 2, 2, 1, 2, 2, 3, 4, 4) } },
        { "Pad", 18, .in = { F32(S(1, 2), 1, 2), CONST_I64(S(2), 1, 0), LEFT_OUT,
                             CONST_I64(S(1), -1) },
          .out = { F32(S(1, 3), 0, 1, 2) } },
    };

    one_nodes_are(cases);
}

Test(pad, crops)
{
    const struct one_node cases[] = {
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), -1, 2) }, .out = { F32(S(4), 2, 3, 0, 0) } },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), -1, -2) }, .out = { F32(S(0), 0) } },
        { "Pad", 11, { STRING_ATTR("mode", "edge") }, { THREE, CONST_I64(S(2), 2, -1) },
          { F32(S(4), 1, 1, 1, 2) } },
        { "Pad", 11, .in = { F32(SCALAR, 3), CONST_I64(S(0), 0) }, .out = { F32(SCALAR, 3) } },
        { "Pad", 11, .in = { F32(S(0), 0), CONST_I64(S(2), 1, 1) }, .out = { F32(S(2), 0, 0) } },
        { "Pad", 11, .in = { F32(S(2, 0), 0), CONST_I64(S(4), 1, 0, 0, 1) },
          .out = { F32(S(3, 1), 0, 0, 0) } },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), -4, 9) }, .refused = "pads -4 and 9" },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), -2, -2) }, .refused = "pads -2 and -2" },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), MIN64, 0) }, .refused = "along axis 0" },
        { "Pad", 11, .in = { THREE, CONST_I64(S(2), 0, MAX64) }, .refused = "along axis 0" },
        { "Pad", 11, .in = { THREE, CONST_I64(S(3), 0, 0, 0) }, .refused = "3 pads for 1 axes" },
        { "Pad", 11, { STRING_ATTR("mode", "edge") }, { F32(S(0), 0), CONST_I64(S(2), 0, 1) },
          .refused = "which has no elements" },
        { "Pad", 11, { STRING_ATTR("mode", "wrap") }, { THREE, CONST_I64(S(2), 0, 1) },
          .refused = "mode \"wrap\" is not one of" },
        { "Pad", 6, { INTS_ATTR("pads", 1, 1) }, { F32(S(1, 1), 1) },
          .refused = "2 pads for 2 dimensions" },
        { "Pad", 6, .in = { THREE }, .refused = "attribute 'pads' is missing" },
        { "Pad", 13, .in = { THREE, CONST_I64(S(2), 0, 1), F32(SCALAR, 1) },
          .refused = "known only at run time" },
        { "Pad", 13, .in = { THREE, CONST_I64(S(2), 0, 1), CONST_I64(SCALAR, 1) },
          .refused = "is i64, expected f32" },
        { "Pad", 13, .in = { I64(S(1), 1), CONST_I64(S(2), 0, 1), CONST_I64(SCALAR, MAX64) },
          .refused = "is too large" },
    };

    one_nodes_are(cases);
}

Test(gather, indices)
{
    const struct one_node cases[] = {
        { "Gather", 6, .in = { F32(S(3, 2), 1, 2, 3, 4, 5, 6), I64(S(2), 2, 0) },
          .out = { F32(S(2, 2), 5, 6, 1, 2) } },
        { "Gather", 13, { INT_ATTR("axis", -1) },
          { I64(S(2, 3), 1, 2, 3, 4, 5, 6), CONST_I32(S(1, 2), -1, 0) },
          { I64(S(2, 1, 2), 3, 1, 6, 4) } },
        { "Gather", 13, .in = { I64(S(3), 7, 8, 9), CONST_I64(SCALAR, 1) },
          .out = { I64(SCALAR, 8) } },
        { "Gather", 13, .in = { BOOLS(S(2), 0, 1), I32(S(3), 1, -2, -1) },
          .out = { BOOLS(S(3), 1, 0, 1) } },
        { "Gather", 13, .in = { F32(S(0, 2), 0), I64(S(0), 0) }, .out = { F32(S(0, 2), 0) } },
        { "Gather", 13, .in = { F16(S(2), 3, 4), CONST_I64(SCALAR, -1) },
          .out = { F16(SCALAR, 4) } },
        { "Gather", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(1), 3) },
          .refused = "index 3 is outside of the 3 elements" },
        { "Gather", 13, .in = { F32(S(3), 1, 2, 3), CONST_I64(S(1), -4) }, .refused = "index -4" },
        { "Gather", 13, .in = { F32(S(0), 0), I64(S(1), 0) }, .refused = "nothing to gather from" },
        { "Gather", 13, .in = { F32(SCALAR, 0), I64(S(1), 0) }, .refused = "dimensions" },
        { "Gather", 13, .in = { F32(S(1), 0), F32(S(1), 0) }, .refused = "the indices are f32" },
        { "Gather", 13, .in = { F32(S(1, 1, 1, 1, 1), 0), I64(S(1, 1, 1, 1, 1), 0) },
          .refused = "9 dimensions" },
    };

    one_nodes_are(cases);
}
