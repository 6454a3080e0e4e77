// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>
#include <math.h>

#define IMAGE4 F32(S(1, 1, 4, 4), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
#define SIGNAL5 F32(S(1, 1, 5), 1, 2, 3, 4, 5)
#define KERNEL(...) INTS_ATTR("kernel_shape", __VA_ARGS__)
#define STRIDES(...) INTS_ATTR("strides", __VA_ARGS__)

Test(max_pool, works)
{
    const struct one_node cases[] = {
        { "MaxPool", 6, { KERNEL(2, 2), STRIDES(2, 2) }, { IMAGE4 },
          { F32(S(1, 1, 2, 2), 6, 8, 14, 16) } },
        { "MaxPool", 12, { KERNEL(3, 3), STRIDES(2, 2), INT_ATTR("ceil_mode", 1) }, { IMAGE4 },
          { F32(S(1, 1, 2, 2), 11, 12, 15, 16) } },
        { "MaxPool", 12, { KERNEL(3, 3), STRIDES(2, 2) }, { IMAGE4 },
          { F32(S(1, 1, 1, 1), 11) } },
        { "MaxPool", 12, { KERNEL(2, 2), INTS_ATTR("dilations", 2, 2) }, { IMAGE4 },
          { F32(S(1, 1, 2, 2), 11, 12, 15, 16) } },
        /* a pixel of padding counts as -inf, not as 0 */
        { "MaxPool", 12, { KERNEL(2), INTS_ATTR("pads", 1, 0) }, { F32(S(1, 1, 2), -3, -5) },
          { F32(S(1, 1, 2), -3, -3) } },
        { "MaxPool", 12, { KERNEL(2), INTS_ATTR("pads", 2, 0) }, { F32(S(1, 1, 1), -3) },
          { F32(S(1, 1, 2), -INFINITY, -3) } },
        { "MaxPool", 12, { KERNEL(2) }, { F32(S(1, 1, 4), 1, NAN, 2, 3) },
          { F32(S(1, 1, 3), NAN, NAN, 3) } },
        { "MaxPool", 12, { KERNEL(2), INT_ATTR("storage_order", 1) }, { SIGNAL5 },
          { F32(S(1, 1, 4), 2, 3, 4, 5), LEFT_OUT } },
        { "MaxPool", 12, { KERNEL(3), STRIDES(2), STRING_ATTR("auto_pad", "SAME_UPPER") },
          { F32(S(1, 1, 4), 1, 2, 3, 4) }, { F32(S(1, 1, 2), 3, 4) } },
        { "MaxPool", 12, { KERNEL(3), STRIDES(2), STRING_ATTR("auto_pad", "SAME_LOWER") },
          { F32(S(1, 1, 4), 1, 2, 3, 4) }, { F32(S(1, 1, 2), 2, 4) } },
    };

    one_nodes_are(cases);
}

Test(max_pool, indices)
{
    const struct one_node cases[] = {
        { "MaxPool", 8, { KERNEL(2, 2), STRIDES(2, 2) }, { IMAGE4 },
          { F32(S(1, 1, 2, 2), 6, 8, 14, 16), I64(S(1, 1, 2, 2), 5, 7, 13, 15) } },
        { "MaxPool", 12, { KERNEL(2, 2), STRIDES(2, 2), INT_ATTR("storage_order", 1) },
          { IMAGE4 }, { F32(S(1, 1, 2, 2), 6, 8, 14, 16), I64(S(1, 1, 2, 2), 5, 13, 7, 15) } },
        /* of equal ones the first; over all of x, not over a plane */
        { "MaxPool", 12, { KERNEL(2) }, { F32(S(1, 2, 3), 4, 4, 1, 2, 3, 3) },
          { F32(S(1, 2, 2), 4, 4, 3, 3), I64(S(1, 2, 2), 0, 1, 4, 4) } },
    };

    one_nodes_are(cases);
}

/* One more window where the stride leaves a rest, unless it would start to
 * the right of x and its left padding. */
Test(max_pool, ceil_mode)
{
    const struct one_node cases[] = {
        { "MaxPool", 12, { KERNEL(1, 1), STRIDES(2, 2), INT_ATTR("ceil_mode", 1) },
          { F32(S(1, 1, 2, 2), 1, 2, 3, 4) }, { F32(S(1, 1, 1, 1), 1) } },
        { "MaxPool", 10, { KERNEL(2), STRIDES(2), INT_ATTR("ceil_mode", 1) }, { SIGNAL5 },
          { F32(S(1, 1, 3), 2, 4, 5) } },
        { "MaxPool", 10, { KERNEL(1), STRIDES(1), INT_ATTR("ceil_mode", 1),
                           INTS_ATTR("pads", 0, 1) },
          { F32(S(1, 1, 1), 7) }, { F32(S(1, 1, 1), 7) } },
        { "MaxPool", 10, { KERNEL(3), STRIDES(2), INT_ATTR("ceil_mode", 1) },
          { F32(S(1, 1, 2), 7, 8) }, { F32(S(1, 1, 1), 8) } },
        { "MaxPool", 10, { KERNEL(2), STRIDES(2), INT_ATTR("ceil_mode", 1),
                           STRING_ATTR("auto_pad", "VALID") },
          { SIGNAL5 }, { F32(S(1, 1, 2), 2, 4) } },
        { "MaxPool", 10, { KERNEL(2), STRIDES(2), INT_ATTR("ceil_mode", 1),
                           STRING_ATTR("auto_pad", "SAME_UPPER") },
          { SIGNAL5 }, { F32(S(1, 1, 3), 2, 4, 5) } },
    };

    one_nodes_are(cases);
}

Test(average_pool, works)
{
    const struct one_node cases[] = {
        { "AveragePool", 7, { KERNEL(2, 2), STRIDES(2, 2) }, { IMAGE4 },
          { F32(S(1, 1, 2, 2), 3.5f, 5.5f, 11.5f, 13.5f) } },
        { "AveragePool", 19, { KERNEL(3, 3), STRIDES(2, 2), INT_ATTR("ceil_mode", 1) },
          { IMAGE4 }, { F32(S(1, 1, 2, 2), 6, 7.5f, 12, 13.5f) } },
        { "AveragePool", 7, { KERNEL(2), INTS_ATTR("pads", 1, 1) }, { F32(S(1, 1, 2), 2, 4) },
          { F32(S(1, 1, 3), 2, 3, 4) } },
        { "AveragePool", 7, { KERNEL(2), INTS_ATTR("pads", 1, 1),
                              INT_ATTR("count_include_pad", 1) },
          { F32(S(1, 1, 2), 2, 4) }, { F32(S(1, 1, 3), 1, 3, 2) } },
        { "AveragePool", 19, { KERNEL(2), INTS_ATTR("dilations", 2) }, { SIGNAL5 },
          { F32(S(1, 1, 3), 2, 3, 4) } },
        /* what sticks out beyond the padding is not counted: 4, 5 and one pad of 0 */
        { "AveragePool", 19, { KERNEL(4), STRIDES(4), INT_ATTR("ceil_mode", 1),
                               INT_ATTR("count_include_pad", 1) },
          { F32(S(1, 1, 6), 1, 2, 3, 4, 5, 7) }, { F32(S(1, 1, 2), 2.5f, 6) } },
    };

    one_nodes_are(cases);
}

Test(pool, refuses)
{
    const struct one_node cases[] = {
        { "MaxPool", 12, .in = { IMAGE4 }, .refused = "attribute 'kernel_shape' is missing" },
        { "MaxPool", 12, { KERNEL(2, 2, 2) }, { F32(S(1, 1, 1, 1, 1), 0) },
          .refused = "3-D kernel [2,2,2]: only 1-D and 2-D are supported" },
        { "MaxPool", 12, { KERNEL(2) }, { IMAGE4 },
          .refused = "attributes for 1 spatial dimensions, input [1,1,4,4] has 2" },
        { "MaxPool", 12, { KERNEL(5, 1) }, { IMAGE4 },
          .refused = "kernel [5,1] with dilations 1x1 is larger than the padded input" },
        { "MaxPool", 12, { KERNEL(2, 2) }, { U8(S(1, 1, 2, 2), 0, 0, 0, 0) },
          .refused = "is u8, expected f32" },
        { "MaxPool", 12, { KERNEL(2), INTS_ATTR("pads", 0, -1) }, { SIGNAL5 },
          .refused = "pads=[0,-1]: negative pads are not supported" },
        { "AveragePool", 7, { KERNEL(2), STRIDES(0) }, { SIGNAL5 },
          .refused = "strides=[0]: expected 1 to" },
        { "GlobalAveragePool", 6, .in = { F32(S(1, 2), 0, 0) },
          .refused = "has shape [1,2], expected 3 to 8 dimensions" },
        { "GlobalMaxPool", 6, .in = { F32(S(1, 2, 0), 0) },
          .refused = "input [1,2,0] has nothing to pool" },
    };

    one_nodes_are(cases);
}

Test(global_pool, works)
{
    const struct one_node cases[] = {
        { "GlobalAveragePool", 6, .in = { F32(S(1, 2, 1, 2), 1, 2, 5, 9) },
          .out = { F32(S(1, 2, 1, 1), 1.5f, 7) } },
        { "GlobalMaxPool", 6, .in = { F32(S(2, 1, 3), -3, -1, -2, 4, NAN, 5) },
          .out = { F32(S(2, 1, 1), -1, NAN) } },
        { "GlobalMaxPool", 22, .in = { F32(S(1, 1, 2, 1, 2), 1, 4, 3, 2) },
          .out = { F32(S(1, 1, 1, 1, 1), 4) } },
    };

    one_nodes_are(cases);
}
