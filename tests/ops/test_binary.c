// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

#define MIN64 INT64_MIN
#define MAX64 INT64_MAX

Test(binary, f32)
{
    const struct one_node cases[] = {
        { "Add", 7, .in = { F32(S(2, 2), 1, 2, 3, 4), F32(S(2, 2), 10, 20, 30, 40) },
          .out = { F32(S(2, 2), 11, 22, 33, 44) } },
        { "Sub", 28, .in = { F32(S(2, 3), 1, 2, 3, 4, 5, 6), F32(S(3), 1, 0, -1) },
          .out = { F32(S(2, 3), 0, 2, 4, 3, 5, 7) } },
        { "Sub", 13, .in = { F32(S(3), 1, 0, -1), F32(S(2, 3), 1, 2, 3, 4, 5, 6) },
          .out = { F32(S(2, 3), 0, -2, -4, -3, -5, -7) } },
        { "Mul", 14, .in = { F32(S(1, 2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8), F32(S(2, 1, 1), 2, -1) },
          .out = { F32(S(1, 2, 2, 2), 2, 4, 6, 8, -5, -6, -7, -8) } },
        { "Div", 7, .in = { F32(SCALAR, 1), F32(S(4), 2, -4, 0, 8) },
          .out = { F32(S(4), 0.5, -0.25, INFINITY, 0.125) } },
        { "Div", 7, .in = { F32(S(1), 0), F32(SCALAR, 0) }, .out = { F32(S(1), NAN) } },
        /* both are repeated, along different dimensions */
        { "Add", 7, .in = { F32(S(3, 1), 1, 2, 3), F32(S(2), 10, 20) },
          .out = { F32(S(3, 2), 11, 21, 12, 22, 13, 23) } },
        { "Add", 7, .in = { F32(S(2, 1, 2), 1, 2, 3, 4), F32(S(1, 2, 1), 10, 20) },
          .out = { F32(S(2, 2, 2), 11, 12, 21, 22, 13, 14, 23, 24) } },
        { "Add", 7, .in = { F32(S(0, 3), 0), F32(S(3), 1, 2, 3) }, .out = { F32(S(0, 3), 0) } },
        { "Max", 12, .in = { F32(S(4), 1, NAN, 3, -1), F32(S(4), 2, 2, NAN, -2) },
          .out = { F32(S(4), 2, NAN, NAN, -1) } },
        { "Min", 8, .in = { F32(S(4), 1, NAN, 3, -1), F32(SCALAR, 2) },
          .out = { F32(S(4), 1, NAN, 2, -1) } },
        { "PRelu", 16, .in = { F32(S(2, 2), -1, 2, -3, 4), F32(S(2), 0.5, 10) },
          .out = { F32(S(2, 2), -0.5, 2, -1.5, 4) } },
    };

    one_nodes_are(cases);
}

Test(binary, integers)
{
    const struct one_node cases[] = {
        { "Add", 7, .in = { I64(S(2), MAX64, 1), I64(S(1), 1) }, .out = { I64(S(2), MIN64, 2) } },
        { "Sub", 7, .in = { I32(S(1), INT32_MIN), I32(S(1), 1) },
          .out = { I32(S(1), INT32_MAX) } },
        { "Mul", 7, .in = { I64(S(2), MAX64, -3), I64(S(2), 2, 7) },
          .out = { I64(S(2), -2, -21) } },
        { "Mul", 7, .in = { I32(S(1), 65536), I32(S(1), 65536) }, .out = { I32(S(1), 0) } },
        /* toward zero; the one quotient that is out of range wraps */
        { "Div", 14, .in = { I64(S(5), 7, -7, 7, -7, MIN64), I64(S(5), 2, 2, -2, -2, -1) },
          .out = { I64(S(5), 3, -3, -3, 3, MIN64) } },
        { "Div", 14, .in = { I32(S(3), 7, -7, INT32_MIN), I32(S(3), 2, 2, -1) },
          .out = { I32(S(3), 3, -3, INT32_MIN) } },
        { "Max", 12, .in = { I32(S(3), 1, 5, -3), I32(S(3), 4, 2, -9) },
          .out = { I32(S(3), 4, 5, -3) } },
        { "Min", 12, .in = { I64(S(3), 1, 5, -3), I64(SCALAR, 2) },
          .out = { I64(S(3), 1, 2, -3) } },
    };

    one_nodes_are(cases);
}

Test(binary, of_any_number)
{
    const struct one_node cases[] = {
        { "Sum", 6, .in = { F32(S(2), 1, NAN) }, .out = { F32(S(2), 1, NAN) } },
        { "Sum", 13, .in = { F32(S(2), 1, 2), F32(S(2), 3, 4) }, .out = { F32(S(2), 4, 6) } },
        /* the first two are smaller than the result */
        { "Sum", 8, .in = { F32(SCALAR, 1), F32(S(1), 10), F32(S(2, 1), 100, 200),
          F32(S(2), 5, 6) },
          .out = { F32(S(2, 2), 116, 117, 216, 217) } },
        { "Max", 13, .in = { F32(S(3), 1, 5, 3), F32(S(3), 2, 1, 4), F32(SCALAR, 2) },
          .out = { F32(S(3), 2, 5, 4) } },
        { "Min", 13, .in = { I64(S(3), 1, 5, 3), I64(S(3), 2, 1, 4), I64(SCALAR, 2) },
          .out = { I64(S(3), 1, 1, 2) } },
    };

    one_nodes_are(cases);
}

Test(binary, opset_6)
{
    const struct one_node cases[] = {
        { "Add", 6, .in = { F32(S(2), 1, 2), F32(S(2), 3, 4) }, .out = { F32(S(2), 4, 6) } },
        { "Add", 6, { INT_ATTR("broadcast", 1) },
          { F32(S(2, 2), 1, 2, 3, 4), F32(S(2), 10, 20) }, { F32(S(2, 2), 11, 22, 13, 24) } },
        { "Sub", 6, { INT_ATTR("broadcast", 1), INT_ATTR("axis", 0) },
          { F32(S(2, 2), 1, 2, 3, 4), F32(S(2), 10, 20) }, { F32(S(2, 2), -9, -8, -17, -16) } },
        { "Mul", 6, { INT_ATTR("broadcast", 1), INT_ATTR("axis", 1) },
          { F32(S(1, 2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 8), F32(S(2), 10, 20) },
          { F32(S(1, 2, 2, 2), 10, 20, 30, 40, 100, 120, 140, 160) } },
        { "Mul", 6, { INT_ATTR("broadcast", 1), INT_ATTR("axis", 0) },
          { F32(S(2, 1, 2), 1, 2, 3, 4), F32(S(2, 1), 10, 20) },
          { F32(S(2, 1, 2), 10, 20, 60, 80) } },
        { "Div", 6, { INT_ATTR("broadcast", 1) }, { F32(S(2), 1, 2), F32(SCALAR, 4) },
          { F32(S(2), 0.25, 0.5) } },
        { "PRelu", 6, .in = { F32(S(1, 2, 2), -1, 2, -3, -4), F32(S(2), 0.5, 10) },
          .out = { F32(S(1, 2, 2), -0.5, 2, -30, -40) } },
        { "PRelu", 6, .in = { F32(S(1, 2, 2), -1, 2, -3, -4), F32(S(1), 2) },
          .out = { F32(S(1, 2, 2), -2, 2, -6, -8) } },
        { "Add", 6, .in = { F32(S(2, 2), 1, 2, 3, 4), F32(S(2), 10, 20) },
          .refused = "cannot be broadcast" },
        { "Add", 6, { INT_ATTR("broadcast", 1), INT_ATTR("axis", 1) },
          { F32(S(2, 2), 1, 2, 3, 4), F32(S(2, 2), 1, 2, 3, 4) },
          .refused = "cannot be broadcast" },
        { "Add", 6, { INT_ATTR("broadcast", 1), INT_ATTR("axis", 2) },
          { F32(S(2, 2), 1, 2, 3, 4), F32(S(2), 1, 2) }, .refused = "outside of the 2 dimensions" },
        /* the output has the shape of the first input */
        { "Add", 6, { INT_ATTR("broadcast", 1) }, { F32(S(1), 1), F32(S(2), 1, 2) },
          .refused = "cannot be broadcast" },
    };

    one_nodes_are(cases);
}

Test(binary, refuses)
{
    const struct one_node cases[] = {
        { "Add", 7, .in = { F32(S(2), 1, 2), F32(S(3), 1, 2, 3) },
          .refused = "has shape [3], which cannot be broadcast with [2]" },
        { "Add", 7, .in = { F32(S(1), 1), I64(S(1), 1) }, .refused = "they must be of one type" },
        { "Add", 14, .in = { U8(S(1), 1), U8(S(1), 1) }, .refused = "expected f32, i64 or i32" },
        { "Add", 7, { INT_ATTR("broadcast", 1) }, { F32(S(1), 1), F32(S(1), 1) },
          .refused = "unknown attribute 'broadcast'" },
        { "Sum", 8, .in = { F32(S(1), 1), LEFT_OUT, F32(S(1), 1) },
          .refused = "input 1 is missing" },
        { "Div", 7, .in = { I64(S(2), 1, 2), CONST_I64(S(2), 1, 0) },
          .refused = "integer division by zero" },
        { "Div", 7, .in = { I32(S(2), 1, 2), CONST_I32(SCALAR, 0) },
          .refused = "integer division by zero" },
        { "PRelu", 7, .in = { F32(S(1), 1), F32(S(2), 1, 2) }, .refused = "cannot be broadcast" },
        { "Max", 8, .in = { F32(S(2), 1, 2), F32(SCALAR, 1), F32(S(3), 1, 2, 3) },
          .refused = "input 2 'x' has shape [3]" },
    };

    one_nodes_are(cases);
}
