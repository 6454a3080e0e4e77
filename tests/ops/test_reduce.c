// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

#define CUBE F32(S(2, 2, 2), 1, 2, 3, 4, 5, 6, 7, 9)

Test(reduce, axes)
{
    const struct one_node cases[] = {
        { "ReduceSum", 6, { INTS_ATTR("axes", 1) }, { CUBE }, { F32(S(2, 1, 2), 4, 6, 12, 15) } },
        { "ReduceSum", 11, { INTS_ATTR("axes", -1), INT_ATTR("keepdims", 0) }, { CUBE },
          { F32(S(2, 2), 3, 7, 11, 16) } },
        { "ReduceSum", 13, .in = { CUBE, CONST_I64(S(2), 0, 2) },
          .out = { F32(S(1, 2, 1), 14, 23) } },
        { "ReduceSum", 13, .in = { CUBE }, .out = { F32(S(1, 1, 1), 37) } },
        { "ReduceSum", 13, { INT_ATTR("keepdims", 0) }, { CUBE }, { F32(SCALAR, 37) } },
        { "ReduceSum", 13, { INT_ATTR("noop_with_empty_axes", 1) }, { CUBE }, { CUBE } },
        { "ReduceSum", 13, { INT_ATTR("noop_with_empty_axes", 1) }, { CUBE, CONST_I64(S(0), 0) },
          { CUBE } },
        { "ReduceMean", 6, { INTS_ATTR("axes", 1, 2) }, { CUBE }, { F32(S(2, 1, 1), 2.5, 6.75) } },
        { "ReduceMean", 18, .in = { CUBE, CONST_I64(S(1), -3) },
          .out = { F32(S(1, 2, 2), 3, 4, 5, 6.5) } },
        { "ReduceMean", 18, .in = { F32(SCALAR, 5) }, .out = { F32(SCALAR, 5) } },
        /* nothing to add up, and nothing at all */
        { "ReduceSum", 13, .in = { F32(S(2, 0), 0), CONST_I64(S(1), 1) },
          .out = { F32(S(2, 1), 0, 0) } },
        { "ReduceMean", 18, .in = { F32(S(2, 0), 0), CONST_I64(S(1), 1) },
          .out = { F32(S(2, 1), NAN, NAN) } },
        { "ReduceSum", 13, .in = { F32(S(2, 0), 0), CONST_I64(S(1), 0) },
          .out = { F32(S(1, 0), 0) } },
        { "ReduceSum", 13, .in = { I64(S(2, 2), INT64_MAX, 1, 2, 3), CONST_I64(S(1), 1) },
          .out = { I64(S(2, 1), INT64_MIN, 5) } },
        { "ReduceSum", 13, .in = { I32(S(3), 1, 2, INT32_MAX) },
          .out = { I32(S(1), INT32_MIN + 2) } },
        /* the 1 would be lost if the sum were a float */
        { "ReduceSum", 13, .in = { F32(S(3), 1e8f, 1, -1e8f) }, .out = { F32(S(1), 1) } },
    };

    one_nodes_are(cases);
}

Test(reduce, refuses)
{
    const struct one_node cases[] = {
        { "ReduceSum", 6, { INTS_ATTR("axes", 3) }, { CUBE }, .refused = "axis 3 is outside" },
        { "ReduceSum", 6, { INTS_ATTR("axes", 1, -2) }, { CUBE }, .refused = "is given twice" },
        { "ReduceSum", 13, { INTS_ATTR("axes", 1) }, { CUBE },
          .refused = "unknown attribute 'axes'" },
        { "ReduceSum", 13, .in = { CUBE, I64(S(1), 0) }, .refused = "known only at run time" },
        { "ReduceMean", 18, .in = { I64(S(1), 1) }, .refused = "is i64, expected f32" },
        { "ReduceSum", 13, .in = { BOOLS(S(1), 1) }, .refused = "expected f32, i64 or i32" },
    };

    one_nodes_are(cases);
}

Test(softmax, axis)
{
    const struct one_node cases[] = {
        { "Softmax", 13, .in = { F32(S(2, 2), 0, 0, 1, 3) },
          .out = { F32(S(2, 2), 0.5, 0.5, 0.119202922, 0.880797078) } },
        { "Softmax", 13, { INT_ATTR("axis", 0) }, { F32(S(2, 2), 0, 0, 1, 3) },
          { F32(S(2, 2), 0.268941421, 0.0474258732, 0.731058579, 0.952574127) } },
        /* until opset 12: all that is behind the axis */
        { "Softmax", 12, .in = { F32(S(1, 2, 2), 0, 0, 0, 0) },
          .out = { F32(S(1, 2, 2), 0.25, 0.25, 0.25, 0.25) } },
        { "Softmax", 6, { INT_ATTR("axis", 2) }, { F32(S(1, 2, 2), 0, 0, 0, 0) },
          { F32(S(1, 2, 2), 0.5, 0.5, 0.5, 0.5) } },
        { "Softmax", 11, { INT_ATTR("axis", -1) }, { F32(S(1, 2, 2), 0, 0, 0, 0) },
          { F32(S(1, 2, 2), 0.5, 0.5, 0.5, 0.5) } },
        { "LogSoftmax", 13, { INT_ATTR("axis", 1) }, { F32(S(1, 3, 1), 1, 2, 4) },
          { F32(S(1, 3, 1), -3.16984602, -2.16984602, -0.169846020) } },
        { "LogSoftmax", 6, { INT_ATTR("axis", 0) }, { F32(S(2, 2), 0, 0, 0, 0) },
          { F32(S(2, 2), -1.38629436, -1.38629436, -1.38629436, -1.38629436) } },
        /* no overflow, and exact where all but one vanish */
        { "Softmax", 13, .in = { F32(S(3), 1000, 0, 1000) }, .out = { F32(S(3), 0.5, 0, 0.5) } },
        { "LogSoftmax", 13, .in = { F32(S(2), 1000, 0) }, .out = { F32(S(2), 0, -1000) } },
        { "Softmax", 13, .in = { F32(S(2), NAN, 0) }, .out = { F32(S(2), NAN, NAN) } },
        { "Softmax", 13, .in = { F32(S(0, 3), 0) }, .out = { F32(S(0, 3), 0) } },
        { "Softmax", 13, .in = { F32(S(3, 0), 0) }, .out = { F32(S(3, 0), 0) } },
        { "Softmax", 13, { INT_ATTR("axis", 2) }, { F32(S(2, 2), 0, 0, 0, 0) },
          .refused = "axis 2 is outside" },
        { "LogSoftmax", 13, .in = { I64(S(1), 1) }, .refused = "expected f32" },
    };

    one_nodes_are(cases);
}

Test(arg_max, axis)
{
    const struct one_node cases[] = {
        { "ArgMax", 6, .in = { F32(S(2, 3), 1, 5, 2, 3, 4, 2) }, .out = { I64(S(1, 3), 1, 0, 0) } },
        { "ArgMax", 11, { INT_ATTR("axis", -1), INT_ATTR("keepdims", 0) },
          { F32(S(2, 3), 1, 5, 2, 3, 4, 4) }, { I64(S(2), 1, 1) } },
        { "ArgMax", 12, { INT_ATTR("axis", 1), INT_ATTR("select_last_index", 1) },
          { F32(S(2, 3), 5, 5, 2, 3, 4, 4) }, { I64(S(2, 1), 1, 2) } },
        { "ArgMax", 13, .in = { F32(S(4), 1, NAN, 9, NAN) }, .out = { I64(S(1), 1) } },
        { "ArgMax", 13, { INT_ATTR("select_last_index", 1) }, { F32(S(4), 1, NAN, 9, NAN) },
          { I64(S(1), 3) } },
        { "ArgMax", 13, { INT_ATTR("select_last_index", 1) }, { F32(S(3), NAN, 9, 1) },
          { I64(S(1), 0) } },
        { "ArgMax", 13, .in = { I32(S(3), -4, -2, -2) }, .out = { I64(S(1), 1) } },
        { "ArgMax", 13, .in = { I64(S(3), -4, INT64_MAX, 2) }, .out = { I64(S(1), 1) } },
        { "ArgMax", 13, { INT_ATTR("axis", 1) }, { F32(S(0, 3), 0) }, { I64(S(0, 1), 0) } },
        { "ArgMax", 13, .in = { F32(S(0, 3), 0) }, .refused = "no elements to choose from" },
        { "ArgMax", 13, .in = { F32(SCALAR, 1) }, .refused = "axis 0 is outside" },
        { "ArgMax", 11, { INT_ATTR("select_last_index", 1) }, { F32(S(1), 0) },
          .refused = "unknown attribute" },
    };

    one_nodes_are(cases);
}
