// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

#define F16(shape, ...) ARG(ARG_CONST, DT_F16, uint16_t, shape, __VA_ARGS__)
#define SIX(...) F32(S(__VA_ARGS__), 1, 2, 3, 4, 5, 6)

Test(reshape, shapes)
{
    const struct one_node cases[] = {
        { "Reshape", 6, .in = { SIX(2, 3), CONST_I64(S(1), -1) }, .out = { SIX(6) } },
        { "Reshape", 13, .in = { SIX(2, 3), CONST_I64(S(3), 0, -1, 1) }, .out = { SIX(2, 3, 1) } },
        { "Reshape", 13, .in = { SIX(2, 3), CONST_I64(S(2), 3, 2) }, .out = { SIX(3, 2) } },
        { "Reshape", 13, .in = { I64(S(1), 4), CONST_I64(S(0), 0) }, .out = { I64(SCALAR, 4) } },
        { "Reshape", 13, .in = { F16(S(2), 1, 2), CONST_I64(S(2), 2, 1) },
          .out = { F16(S(2, 1), 1, 2) } },
        { "Reshape", 13, .in = { F32(S(0, 3), 0), CONST_I64(S(2), 3, 0) },
          .refused = "cannot become" },
        { "Reshape", 14, { INT_ATTR("allowzero", 1) }, { F32(S(0, 3), 0), CONST_I64(S(2), 3, 0) },
          { F32(S(3, 0), 0) } },
        { "Reshape", 13, .in = { F32(S(0, 3), 0), CONST_I64(S(2), 0, 7) },
          .out = { F32(S(0, 7), 0) } },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(2), -1, -1) }, .refused = "more than one -1" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(2), 4, -1) },
          .refused = "shape [6] cannot become [4,?]" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(1), 5) }, .refused = "cannot become [5]" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(2), 6, 0) },
          .refused = "only 1 dimensions to copy from" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(2), -2, -3) }, .refused = "cannot become" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(3), INT64_MAX, INT64_MAX, 6) },
          .refused = "cannot become" },
        /* -1 could be anything */
        { "Reshape", 13, .in = { F32(S(0), 0), CONST_I64(S(2), 0, -1) },
          .refused = "cannot become" },
        { "Reshape", 13, .in = { SIX(6), I64(S(1), 6) }, .refused = "known only at run time" },
        { "Reshape", 13, .in = { SIX(6), CONST_I64(S(9), 1, 1, 1, 1, 1, 1, 1, 1, 6) },
          .refused = "at most 8" },
        { "Reshape", 13, { INT_ATTR("allowzero", 1) }, { SIX(6), CONST_I64(S(1), 6) },
          .refused = "unknown attribute" },
    };

    one_nodes_are(cases);
}

Test(flatten, axes)
{
    const struct one_node cases[] = {
        { "Flatten", 6, .in = { SIX(1, 2, 3) }, .out = { SIX(1, 6) } },
        { "Flatten", 9, { INT_ATTR("axis", 0) }, { SIX(1, 2, 3) }, { SIX(1, 6) } },
        { "Flatten", 9, { INT_ATTR("axis", 2) }, { SIX(1, 2, 3) }, { SIX(2, 3) } },
        { "Flatten", 13, { INT_ATTR("axis", 3) }, { SIX(1, 2, 3) }, { SIX(6, 1) } },
        { "Flatten", 13, { INT_ATTR("axis", -1) }, { SIX(1, 2, 3) }, { SIX(2, 3) } },
        { "Flatten", 13, { INT_ATTR("axis", 0) }, { F32(SCALAR, 1) }, { F32(S(1, 1), 1) } },
        { "Flatten", 13, .in = { F32(S(0, 2, 3), 0) }, .out = { F32(S(0, 6), 0) } },
        { "Flatten", 13, { INT_ATTR("axis", 4) }, { SIX(1, 2, 3) },
          .refused = "axis 4 is outside" },
        { "Flatten", 13, { INT_ATTR("axis", -4) }, { SIX(1, 2, 3) },
          .refused = "axis -4 is outside" },
    };

    one_nodes_are(cases);
}

Test(squeeze, axes)
{
    const struct one_node cases[] = {
        { "Squeeze", 6, { INTS_ATTR("axes", 0) }, { SIX(1, 6, 1) }, { SIX(6, 1) } },
        { "Squeeze", 6, .in = { SIX(1, 6, 1) }, .out = { SIX(6) } },
        { "Squeeze", 13, .in = { SIX(1, 6, 1), CONST_I64(S(1), -1) }, .out = { SIX(1, 6) } },
        { "Squeeze", 13, .in = { SIX(1, 6, 1) }, .out = { SIX(6) } },
        { "Squeeze", 13, .in = { SIX(1, 6, 1), CONST_I64(S(2), 0, 2) }, .out = { SIX(6) } },
        { "Squeeze", 13, .in = { SIX(1, 6), CONST_I64(S(1), 1) },
          .refused = "axis 1 has 6 elements" },
        { "Squeeze", 13, .in = { SIX(1, 6), CONST_I64(S(2), 0, -2) }, .refused = "is given twice" },
        { "Squeeze", 13, .in = { SIX(1, 6), I64(S(1), 0) }, .refused = "known only at run time" },
        { "Unsqueeze", 6, { INTS_ATTR("axes", 0, 2) }, { SIX(6) }, { SIX(1, 6, 1) } },
        { "Unsqueeze", 11, { INTS_ATTR("axes", -1) }, { SIX(6) }, { SIX(6, 1) } },
        { "Unsqueeze", 13, .in = { SIX(2, 3), CONST_I64(S(2), 2, 1) }, .out = { SIX(2, 1, 1, 3) } },
        { "Unsqueeze", 13, .in = { I64(SCALAR, 3), CONST_I64(SCALAR, 0) },
          .out = { I64(S(1), 3) } },
        { "Unsqueeze", 13, .in = { SIX(6), CONST_I64(S(1), 2) }, .refused = "axis 2 is outside" },
        { "Unsqueeze", 13, .in = { SIX(6), CONST_I64(S(2), 0, -3) }, .refused = "is given twice" },
        { "Unsqueeze", 13, .in = { SIX(6), CONST_I64(S(8), 0, 1, 2, 3, 4, 5, 6, 7) },
          .refused = "9 dimensions" },
    };

    one_nodes_are(cases);
}

Test(identity, and_dropout)
{
    const struct one_node cases[] = {
        { "Identity", 6, .in = { SIX(6) }, .out = { SIX(6) } },
        { "Identity", 16, .in = { F16(S(2), 1, 2) }, .out = { F16(S(2), 1, 2) } },
        { "Dropout", 6, { FLOAT_ATTR("ratio", 0.5f), INT_ATTR("is_test", 1) }, { SIX(6) },
          { SIX(6) } },
        { "Dropout", 7, { FLOAT_ATTR("ratio", 0.5f) }, { SIX(6) }, { SIX(6) } },
        { "Dropout", 10, .in = { SIX(6) }, .out = { SIX(6), BOOLS(S(6), 1, 1, 1, 1, 1, 1) } },
        { "Dropout", 12, { INT_ATTR("seed", 3) },
          { SIX(6), CONST_F32(SCALAR, 0.5f), CONST_BOOL(SCALAR, 0) }, { SIX(6) } },
        { "Dropout", 13, .in = { SIX(6), CONST_F32(SCALAR, 0), CONST_BOOL(SCALAR, 1) },
          .out = { SIX(6), BOOLS(S(6), 1, 1, 1, 1, 1, 1) } },
        { "Dropout", 12, .in = { SIX(6), F32(SCALAR, 0.5f), CONST_BOOL(SCALAR, 1) },
          .refused = "training_mode is true" },
        { "Dropout", 12, .in = { SIX(6), CONST_F32(SCALAR, 0.5f), CONST_BOOL(SCALAR, 1) },
          .refused = "training_mode is true" },
        { "Dropout", 12, .in = { SIX(6), LEFT_OUT, BOOLS(SCALAR, 0) },
          .refused = "known only at run time" },
        { "Dropout", 7, .in = { SIX(6) }, .out = { SIX(6), SIX(6) },
          .refused = "means nothing before opset 10" },
    };

    one_nodes_are(cases);
}

Test(constant, shape_and_constant_of_shape)
{
    const float two = 2.0f;
    const int64_t pair[] = { 1, 2 };
    const struct one_node cases[] = {
        { "Shape", 6, .in = { SIX(2, 3) }, .out = { I64(S(2), 2, 3) } },
        { "Shape", 15, { INT_ATTR("start", 1) }, { SIX(1, 2, 3) }, { I64(S(2), 2, 3) } },
        { "Shape", 15, { INT_ATTR("start", -2), INT_ATTR("end", -1) }, { SIX(1, 2, 3) },
          { I64(S(1), 2) } },
        { "Shape", 15, { INT_ATTR("start", 2), INT_ATTR("end", 1) }, { SIX(1, 2, 3) },
          { I64(S(0), 0) } },
        { "Shape", 15, { INT_ATTR("start", -9), INT_ATTR("end", INT64_MAX) }, { SIX(1, 6) },
          { I64(S(2), 1, 6) } },
        { "Shape", 13, .in = { F32(SCALAR, 1) }, .out = { I64(S(0), 0) } },
        { "Shape", 14, { INT_ATTR("start", 1) }, { SIX(6) }, .refused = "unknown attribute" },
        { "ConstantOfShape", 9, .in = { CONST_I64(S(2), 2, 1) }, .out = { F32(S(2, 1), 0, 0) } },
        { "ConstantOfShape", 9,
          { { .name = "value", .type = ATTR_TENSOR, .t = { "", DT_F32, S(1), &two } } },
          { CONST_I64(S(1), 3) }, { F32(S(3), 2, 2, 2) } },
        { "ConstantOfShape", 9,
          { { .name = "value", .type = ATTR_TENSOR, .t = { "", DT_I64, S(1), pair } } },
          { CONST_I64(S(0), 0) }, { I64(SCALAR, 1) } },
        { "ConstantOfShape", 9, .in = { CONST_I64(S(2), 0, 5) }, .out = { F32(S(0, 5), 0) } },
        { "ConstantOfShape", 9,
          { { .name = "value", .type = ATTR_TENSOR, .t = { "", DT_I64, S(2), pair } } },
          { CONST_I64(S(1), 3) }, .refused = "is not one element" },
        { "ConstantOfShape", 9, .in = { CONST_I64(S(2), 65536, 65536) }, .refused = "too large" },
        { "ConstantOfShape", 9, .in = { CONST_I64(S(1), 1 << 30) }, .refused = "too large" },
        { "ConstantOfShape", 9, .in = { CONST_I64(S(1), -1) }, .refused = "too large" },
        { "ConstantOfShape", 9, .in = { I64(S(1), 1) }, .refused = "known only at run time" },
    };

    one_nodes_are(cases);
}
