// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>

#define IMAGE3 F32(S(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9)
#define ONES2 F32(S(1, 1, 2, 2), 1, 1, 1, 1)
#define SIGNAL5 F32(S(1, 1, 5), 1, 2, 3, 4, 5)
#define PAIR F32(S(1, 1, 2), 1, 1)

Test(conv, works)
{
    const struct one_node cases[] = {
        { "Conv", 11, .in = { F32(S(1, 1, 4, 4), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                  15, 16), F32(S(1, 1, 1, 1), 2) },
          .out = { F32(S(1, 1, 4, 4), 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30,
                       32) } },
        { "Conv", 6, .in = { IMAGE3, ONES2 }, .out = { F32(S(1, 1, 2, 2), 12, 16, 24, 28) } },
        { "Conv", 22, { INTS_ATTR("kernel_shape", 2, 2), INTS_ATTR("pads", 1, 0, 0, 0) },
          { IMAGE3, ONES2, LEFT_OUT }, { F32(S(1, 1, 3, 2), 3, 5, 12, 16, 24, 28) } },
        { "Conv", 11, { INTS_ATTR("strides", 2, 1) }, { IMAGE3, ONES2, F32(S(1), 0.5f) },
          { F32(S(1, 1, 1, 2), 12.5f, 16.5f) } },
        { "Conv", 11, { INTS_ATTR("dilations", 2, 2) }, { IMAGE3, ONES2 },
          { F32(S(1, 1, 1, 1), 20) } },
        { "Conv", 11, { INT_ATTR("group", 2) },
          { F32(S(1, 2, 1, 2), 1, 2, 3, 4), F32(S(2, 1, 1, 1), 10, 100), F32(S(2), 1, 2) },
          { F32(S(1, 2, 1, 2), 11, 21, 302, 402) } },
        { "Conv", 11, { INT_ATTR("group", 2) },
          { F32(S(2, 4, 1, 1), 1, 2, 3, 4, 5, 6, 7, 8), F32(S(2, 2, 1, 1), 1, 10, 1, 10) },
          { F32(S(2, 2, 1, 1), 21, 43, 65, 87) } },
        { "Conv", 11, { INTS_ATTR("strides", 2), INTS_ATTR("pads", 1, 0) }, { SIGNAL5, PAIR },
          { F32(S(1, 1, 3), 1, 5, 9) } },
        { "Conv", 11, .in = { F32(S(0, 1, 2), 0), PAIR }, .out = { F32(S(0, 1, 1), 0) } },
    };

    one_nodes_are(cases);
}

Test(conv, auto_pad)
{
    const struct one_node cases[] = {
        { "Conv", 6, { STRING_ATTR("auto_pad", "NOTSET") }, { IMAGE3, ONES2 },
          { F32(S(1, 1, 2, 2), 12, 16, 24, 28) } },
        { "Conv", 6, { STRING_ATTR("auto_pad", "VALID") }, { IMAGE3, ONES2 },
          { F32(S(1, 1, 2, 2), 12, 16, 24, 28) } },
        { "Conv", 6, { STRING_ATTR("auto_pad", "SAME_UPPER") }, { IMAGE3, ONES2 },
          { F32(S(1, 1, 3, 3), 12, 16, 9, 24, 28, 15, 15, 17, 9) } },
        { "Conv", 6, { STRING_ATTR("auto_pad", "SAME_LOWER") }, { IMAGE3, ONES2 },
          { F32(S(1, 1, 3, 3), 1, 3, 5, 5, 12, 16, 11, 24, 28) } },
        /* dilated: 2 more pixels are wanted, 1 on each side */
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_UPPER"), INTS_ATTR("dilations", 2) },
          { SIGNAL5, PAIR }, { F32(S(1, 1, 5), 2, 4, 6, 8, 4) } },
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_LOWER"), INTS_ATTR("dilations", 2),
                        INTS_ATTR("strides", 2) },
          { SIGNAL5, PAIR }, { F32(S(1, 1, 3), 2, 6, 4) } },
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_UPPER"), INTS_ATTR("dilations", 3) },
          { SIGNAL5, PAIR }, { F32(S(1, 1, 5), 3, 5, 7, 3, 4) } },
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_LOWER"), INTS_ATTR("dilations", 3) },
          { SIGNAL5, PAIR }, { F32(S(1, 1, 5), 2, 3, 5, 7, 3) } },
        /* a stride larger than the kernel: nothing to pad */
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_UPPER"), INTS_ATTR("strides", 4) },
          { SIGNAL5, PAIR }, { F32(S(1, 1, 2), 3, 5) } },
        { "Conv", 11, { STRING_ATTR("auto_pad", "SAME_UPPER"), INTS_ATTR("pads", 0, 0, 1, 1) },
          { IMAGE3, ONES2 }, { F32(S(1, 1, 3, 3), 12, 16, 9, 24, 28, 15, 15, 17, 9) } },
    };

    one_nodes_are(cases);
}

#define REFUSED(text, ...) { "Conv", 11, __VA_ARGS__, .refused = text }

Test(conv, refuses)
{
    const struct one_node cases[] = {
        REFUSED("3-D kernel [3,3,3]: only 1-D and 2-D are supported",
                { INTS_ATTR("kernel_shape", 3, 3, 3) },
                { F32(S(1, 1, 1, 1, 1), 0), F32(S(1, 1, 1, 1, 1), 0) }),
        REFUSED("3-D kernel on input [1,1,1,1,1]: only 1-D and 2-D are supported",
                .in = { F32(S(1, 1, 1, 1, 1), 0), F32(S(1, 1, 1, 1, 1), 0) }),
        REFUSED("has shape [1,1], expected [N,C,W] or [N,C,H,W]",
                .in = { F32(S(1, 1), 0), F32(S(1, 1), 0) }),
        REFUSED("weights [1,1,2] on input [1,1,3,3]: expected as many dimensions",
                .in = { IMAGE3, PAIR }),
        REFUSED("weights [1,2,1,1] on input [1,1,3,3] with group=1: the input has 1 channels, "
                "the weights are for 2 in each group",
                .in = { IMAGE3, F32(S(1, 2, 1, 1), 1, 1) }),
        REFUSED("with group=2: the input has 1 channels", { INT_ATTR("group", 2) },
                { IMAGE3, ONES2 }),
        REFUSED("weights [1,1,1,1]: 1 filters cannot be divided into 2 groups",
                { INT_ATTR("group", 2) },
                { F32(S(1, 2, 1, 1), 1, 1), F32(S(1, 1, 1, 1), 1) }),
        REFUSED("group=0: expected at least 1", { INT_ATTR("group", 0) }, { IMAGE3, ONES2 }),
        REFUSED("bias [2], expected [1]", .in = { IMAGE3, ONES2, F32(S(2), 0, 0) }),
        REFUSED("bias [1,1], expected [1]", .in = { IMAGE3, ONES2, F32(S(1, 1), 0) }),
        REFUSED("kernel_shape is 3x3, the weights are [1,1,2,2]",
                { INTS_ATTR("kernel_shape", 3, 3) }, { IMAGE3, ONES2 }),
        REFUSED("weights [1,1,0,2] have no elements",
                .in = { IMAGE3, F32(S(1, 1, 0, 2), 0) }),
        REFUSED("kernel [2,2] with dilations 3x1 is larger than the padded input [1,1,3,3]",
                { INTS_ATTR("dilations", 3, 1) }, { IMAGE3, ONES2 }),
        REFUSED("is larger than the padded input [1,1,0,3]",
                .in = { F32(S(1, 1, 0, 3), 0), ONES2 }),
        REFUSED("strides=[0,1]: expected 1 to", { INTS_ATTR("strides", 0, 1) },
                { IMAGE3, ONES2 }),
        REFUSED("strides=[-2,1]: expected 1 to", { INTS_ATTR("strides", -2, 1) },
                { IMAGE3, ONES2 }),
        REFUSED("dilations=[1,0]: expected 1 to", { INTS_ATTR("dilations", 1, 0) },
                { IMAGE3, ONES2 }),
        REFUSED("kernel_shape=[0,2]: expected 1 to", { INTS_ATTR("kernel_shape", 0, 2) },
                { IMAGE3, ONES2 }),
        REFUSED("strides=[9223372036854775807,1]: expected 1 to 536870912",
                { INTS_ATTR("strides", INT64_MAX, 1) }, { IMAGE3, ONES2 }),
        REFUSED("pads=[0,0,-1,0]: negative pads are not supported",
                { INTS_ATTR("pads", 0, 0, -1, 0) }, { IMAGE3, ONES2 }),
        REFUSED("pads=[1,1] has 2 values, expected 4",
                { INTS_ATTR("kernel_shape", 2, 2), INTS_ATTR("pads", 1, 1) }, { IMAGE3, ONES2 }),
        REFUSED("pads=[1,1,1] has 3 values, expected an even number",
                { INTS_ATTR("pads", 1, 1, 1) }, { IMAGE3, ONES2 }),
        REFUSED("attributes for 1 spatial dimensions, input [1,1,3,3] has 2",
                { INTS_ATTR("strides", 1) }, { IMAGE3, ONES2 }),
        REFUSED("strides=[1] has 1 values, expected 2",
                { INTS_ATTR("kernel_shape", 2, 2), INTS_ATTR("strides", 1) }, { IMAGE3, ONES2 }),
        REFUSED("pads=[1,1,1,1] contradict auto_pad SAME_UPPER, which amounts to [0,0,1,1]",
                { STRING_ATTR("auto_pad", "SAME_UPPER"), INTS_ATTR("pads", 1, 1, 1, 1) },
                { IMAGE3, ONES2 }),
        REFUSED("auto_pad 'SAME': expected NOTSET, SAME_UPPER, SAME_LOWER or VALID",
                { STRING_ATTR("auto_pad", "SAME") }, { IMAGE3, ONES2 }),
        REFUSED("output 0 would have shape [1,1,536870914,536870914]: too large",
                { INTS_ATTR("pads", 1 << 28, 1 << 28, 1 << 28, 1 << 28) }, { IMAGE3, ONES2 }),
        REFUSED("input 0 'x' is i64, expected f32", .in = { I64(S(1, 1, 1, 1), 0), ONES2 }),
        REFUSED("input 1 'x' is i64, expected f32", .in = { IMAGE3, I64(S(1, 1, 1, 1), 0) }),
        REFUSED("unknown attribute 'ceil_mode'", { INT_ATTR("ceil_mode", 1) }, { IMAGE3, ONES2 }),
    };

    one_nodes_are(cases);
}
