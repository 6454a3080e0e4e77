// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>

#define A23 F32(S(2, 3), 1, 2, 3, 4, 5, 6)
#define A32 F32(S(3, 2), 1, 4, 2, 5, 3, 6) /* A23 transposed */
#define B32 F32(S(3, 2), 1, 0, 0, 1, 1, 1)
#define B23 F32(S(2, 3), 1, 0, 1, 0, 1, 1) /* B32 transposed */

Test(gemm, works)
{
    const struct one_node cases[] = {
        { "Gemm", 11, .in = { A23, B32 }, .out = { F32(S(2, 2), 4, 5, 10, 11) } },
        { "Gemm", 11, { INT_ATTR("transA", 1) }, { A32, B32, LEFT_OUT },
          { F32(S(2, 2), 4, 5, 10, 11) } },
        { "Gemm", 9, { INT_ATTR("transB", 1) }, { A23, B23, F32(S(2), 1, 2) },
          { F32(S(2, 2), 5, 7, 11, 13) } },
        { "Gemm", 9, { INT_ATTR("transA", 1), INT_ATTR("transB", 1), FLOAT_ATTR("alpha", 0.5f),
                       FLOAT_ATTR("beta", 2) },
          { A32, B23, F32(S(2, 1), 1, 2) }, { F32(S(2, 2), 4, 4.5f, 9, 9.5f) } },
        { "Gemm", 6, { INT_ATTR("broadcast", 1) }, { A23, B32, F32(S(1), 1) },
          { F32(S(2, 2), 5, 6, 11, 12) } },
        { "Gemm", 13, .in = { A23, B32, F32(SCALAR, -4) },
          .out = { F32(S(2, 2), 0, 1, 6, 7) } },
        { "Gemm", 13, .in = { A23, B32, F32(S(1, 2), 1, 2) },
          .out = { F32(S(2, 2), 5, 7, 11, 13) } },
        { "Gemm", 13, .in = { A23, B32, F32(S(2, 2), 1, 2, 3, 4) },
          .out = { F32(S(2, 2), 5, 7, 13, 15) } },
        { "Gemm", 13, .in = { F32(S(2, 0), 0), F32(S(0, 2), 0), F32(S(2), 1, 2) },
          .out = { F32(S(2, 2), 1, 2, 1, 2) } },
    };

    one_nodes_are(cases);
}

Test(gemm, refuses)
{
    const struct one_node cases[] = {
        { "Gemm", 11, .in = { A23, A23 },
          .refused = "cannot multiply [2,3] by [2,3]: the inner dimensions differ" },
        { "Gemm", 11, { INT_ATTR("transA", 1) }, { A23, B32 },
          .refused = "cannot multiply [2,3] transposed by [3,2]: the inner dimensions differ" },
        { "Gemm", 11, .in = { F32(S(1, 1, 1), 0), B32 },
          .refused = "has shape [1,1,1], expected 2 dimensions" },
        { "Gemm", 11, .in = { A23, B32, F32(S(3), 0, 0, 0) },
          .refused = "C [3] does not broadcast to the product's [2,2]" },
        { "Gemm", 11, .in = { A23, B32, F32(S(1, 2, 2), 0, 0, 0, 0) },
          .refused = "C [1,2,2] does not broadcast to the product's [2,2]" },
        { "Gemm", 11, .in = { A23, I32(S(3, 2), 0, 0, 0, 0, 0, 0) },
          .refused = "is i32, expected f32" },
        { "Gemm", 7, { INT_ATTR("broadcast", 1) }, { A23, B32, F32(S(1), 1) },
          .refused = "unknown attribute 'broadcast'" },
    };

    one_nodes_are(cases);
}

Test(mat_mul, works)
{
    const struct one_node cases[] = {
        { "MatMul", 6, .in = { A23, B32 }, .out = { F32(S(2, 2), 4, 5, 10, 11) } },
        { "MatMul", 13, .in = { F32(S(3), 1, 2, 3), F32(S(3), 4, 5, 6) },
          .out = { F32(SCALAR, 32) } },
        { "MatMul", 13, .in = { F32(S(3), 1, 2, 3), B32 }, .out = { F32(S(2), 4, 5) } },
        { "MatMul", 13, .in = { A23, F32(S(3), 1, 0, 1) }, .out = { F32(S(2), 4, 10) } },
        { "MatMul", 13, .in = { F32(S(2, 1, 2), 1, 2, 3, 4), F32(S(2, 2, 1), 1, 1, 2, 2) },
          .out = { F32(S(2, 1, 1), 3, 14) } },
        { "MatMul", 13, .in = { F32(S(2, 1, 2), 1, 2, 3, 4), F32(S(2, 2), 1, 0, 1, 1) },
          .out = { F32(S(2, 1, 2), 3, 2, 7, 4) } },
        { "MatMul", 13, .in = { F32(S(2), 1, 2), F32(S(2, 2, 1), 1, 1, 2, 2) },
          .out = { F32(S(2, 1), 3, 6) } },
        /* each operand is repeated along a dimension of the other's */
        { "MatMul", 13, .in = { F32(S(2, 1, 1, 1), 1, 2), F32(S(3, 1, 1), 1, 10, 100) },
          .out = { F32(S(2, 3, 1, 1), 1, 10, 100, 2, 20, 200) } },
        { "MatMul", 13, .in = { F32(S(1, 2), 1, 2), F32(S(1, 2, 2, 1), 1, 1, 2, 2) },
          .out = { F32(S(1, 2, 1, 1), 3, 6) } },
    };

    one_nodes_are(cases);
}

Test(mat_mul, refuses)
{
    const struct one_node cases[] = {
        { "MatMul", 13, .in = { A23, A23 },
          .refused = "cannot multiply [2,3] by [2,3]: the inner dimensions differ" },
        { "MatMul", 13, .in = { F32(S(2), 0, 0), F32(S(3), 0, 0, 0) },
          .refused = "cannot multiply [2] by [3]: the inner dimensions differ" },
        { "MatMul", 13, .in = { F32(S(2, 1, 1), 0, 0), F32(S(3, 1, 1), 0, 0, 0) },
          .refused = "the outer dimensions do not broadcast" },
        { "MatMul", 13, .in = { F32(SCALAR, 0), A23 },
          .refused = "has shape [], expected 1 to 8 dimensions" },
        { "MatMul", 13, .in = { I64(S(1, 1), 0), I64(S(1, 1), 0) },
          .refused = "is i64, expected f32" },
    };

    one_nodes_are(cases);
}
