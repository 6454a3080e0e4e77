// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

Test(unary, defaults_and_nan)
{
    const struct one_node cases[] = {
        { "Relu", 6, .in = { F32(S(4), -1, 0, 2, NAN) }, .out = { F32(S(4), 0, 0, 2, NAN) } },
        { "LeakyRelu", 16, .in = { F32(S(3), -1, 2, NAN) }, .out = { F32(S(3), -0.01, 2, NAN) } },
        { "LeakyRelu", 6, { FLOAT_ATTR("alpha", 0.5f) }, { F32(S(2), -1, 2) },
          { F32(S(2), -0.5, 2) } },
        { "Elu", 6, .in = { F32(S(4), -1, 2, NAN, -INFINITY) },
          .out = { F32(S(4), -0.632120559, 2, NAN, -1) } },
        { "Elu", 22, { FLOAT_ATTR("alpha", 2.0f) }, { F32(S(1), -1) },
          { F32(S(1), -1.264241118) } },
        { "HardSigmoid", 6, .in = { F32(S(5), -3, -1, 0, 1, 3) },
          .out = { F32(S(5), 0, 0.3, 0.5, 0.7, 1) } },
        { "HardSigmoid", 22, { FLOAT_ATTR("alpha", 0.5f), FLOAT_ATTR("beta", 0.6f) },
          { F32(S(3), -1, 0, NAN) }, { F32(S(3), 0.1, 0.6, NAN) } },
        { "HardSwish", 14, .in = { F32(S(5), -4, -1, 0, 1, 4) },
          .out = { F32(S(5), 0, -0.333333333, 0, 0.666666667, 4) } },
        { "Sigmoid", 13, .in = { F32(S(4), 0, 1, -200, 200) },
          .out = { F32(S(4), 0.5, 0.731058579, 0, 1) } },
        { "Tanh", 13, .in = { F32(S(2), 0.5, -100) }, .out = { F32(S(2), 0.462117157, -1) } },
        { "Sqrt", 6, .in = { F32(S(2), 4, -1) }, .out = { F32(S(2), 2, NAN) } },
        { "Exp", 6, .in = { F32(S(2), 0, 1) }, .out = { F32(S(2), 1, 2.718281828) } },
        { "Erf", 9, .in = { F32(S(2), 0.5, -100) }, .out = { F32(S(2), 0.520499878, -1) } },
        { "Neg", 6, .in = { F32(S(2), 1, -2) }, .out = { F32(S(2), -1, 2) } },
        { "Neg", 13, .in = { I64(S(3), 1, -2, INT64_MIN) },
          .out = { I64(S(3), -1, 2, INT64_MIN) } },
        { "Neg", 13, .in = { I32(S(2), 7, INT32_MIN) }, .out = { I32(S(2), -7, INT32_MIN) } },
        { "Relu", 14, .in = { I32(S(1), 1) }, .refused = "is i32, expected f32" },
    };

    one_nodes_are(cases);
}

Test(clip, bounds)
{
    const struct one_node cases[] = {
        { "Clip", 6, { FLOAT_ATTR("min", -1), FLOAT_ATTR("max", 1) },
          { F32(S(4), -2, 0.5, 3, NAN) },
          { F32(S(4), -1, 0.5, 1, NAN) } },
        { "Clip", 10, { FLOAT_ATTR("min", 0) }, { F32(S(2), -2, FLT_MAX) },
          { F32(S(2), 0, FLT_MAX) } },
        { "Clip", 11, .in = { F32(S(3), -2, 0.5, 3), CONST_F32(SCALAR, -1), CONST_F32(SCALAR, 1) },
          .out = { F32(S(3), -1, 0.5, 1) } },
        { "Clip", 13, .in = { F32(S(2), -2, 3), LEFT_OUT, CONST_F32(S(1), 1) },
          .out = { F32(S(2), -2, 1) } },
        { "Clip", 13, .in = { F32(S(2), -2, 3), CONST_F32(SCALAR, 0) },
          .out = { F32(S(2), 0, 3) } },
        { "Clip", 13, .in = { F32(S(2), -2, 3) }, .out = { F32(S(2), -2, 3) } },
        /* the upper bound wins where they cross */
        { "Clip", 13, .in = { F32(S(3), 0, 2, 4), CONST_F32(SCALAR, 3), CONST_F32(SCALAR, 1) },
          .out = { F32(S(3), 1, 1, 1) } },
        { "Clip", 12, .in = { CONST_I64(S(3), -5, 1, 9), CONST_I64(SCALAR, 0),
          CONST_I64(SCALAR, 6) },
          .out = { I64(S(3), 0, 1, 6) } },
        { "Clip", 12, .in = { CONST_I32(S(2), -5, 9), LEFT_OUT, CONST_I32(SCALAR, 6) },
          .out = { I32(S(2), -5, 6) } },
        { "Clip", 12, .in = { I64(S(1), 1) }, .refused = "expected f32 at run time" },
        { "Clip", 13, .in = { F32(S(1), 1), F32(SCALAR, 0) }, .refused = "known only at run time" },
        { "Clip", 13, .in = { F32(S(1), 1), CONST_F32(S(2), 0, 1) },
          .refused = "is not one element" },
        { "Clip", 13, .in = { F32(S(1), 1), CONST_I64(SCALAR, 0) },
          .refused = "is i64, expected f32" },
        { "Clip", 11, { FLOAT_ATTR("min", 0) }, { F32(S(1), 1) }, .refused = "unknown attribute" },
    };

    one_nodes_are(cases);
}
