// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include <criterion/criterion.h>

#define X F32(S(1, 2, 1, 2), 1, 3, 5, 9)
#define SCALE F32(S(2), 2, 3)
#define SHIFT F32(S(2), 10, 20)
#define MEAN F32(S(2), 1, 5)
#define VAR F32(S(2), 4, 16)
#define Y F32(S(1, 2, 1, 2), 10, 12, 20, 23)
#define EXACT FLOAT_ATTR("epsilon", 0)

Test(batch_norm, works)
{
    const struct one_node cases[] = {
        { "BatchNormalization", 6, { INT_ATTR("is_test", 1), EXACT, INT_ATTR("spatial", 1) },
          { X, SCALE, SHIFT, MEAN, VAR }, { Y } },
        { "BatchNormalization", 7, { EXACT, FLOAT_ATTR("momentum", 0.5f) },
          { X, SCALE, SHIFT, MEAN, VAR }, { Y } },
        /* statistics a channel in spite of spatial=0, as MXNet writes it */
        { "BatchNormalization", 7, { EXACT, INT_ATTR("spatial", 0) },
          { X, SCALE, SHIFT, MEAN, VAR }, { Y } },
        { "BatchNormalization", 14, { EXACT, INT_ATTR("training_mode", 0) },
          { X, SCALE, SHIFT, MEAN, VAR }, { Y, LEFT_OUT, LEFT_OUT } },
        { "BatchNormalization", 15, { FLOAT_ATTR("epsilon", 12) },
          { F32(S(2, 1), 3, 5), F32(S(1), 2), F32(S(1), 1), F32(S(1), 1), F32(S(1), 4) },
          { F32(S(2, 1), 2, 3) } },
        { "BatchNormalization", 15, { EXACT },
          { F32(S(3), 1, 2, 3), F32(S(1), 2), F32(S(1), 1), F32(S(1), 2), F32(S(1), 4) },
          { F32(S(3), 0, 1, 2) } },
        { "BatchNormalization", 15, .in = { F32(S(1, 1, 1), 1), F32(S(1), 1), F32(S(1), 0),
                                            F32(S(1), 0), F32(S(1), 0) },
          .out = { F32(S(1, 1, 1), 316.227766f) } }, /* 1 / sqrt(the default epsilon, 1e-5) */
    };

    one_nodes_are(cases);
}

Test(batch_norm, refuses)
{
    const struct one_node cases[] = {
        { "BatchNormalization", 6, { EXACT }, { X, SCALE, SHIFT, MEAN, VAR },
          .refused = "is_test=0: normalisation by the statistics of the batch" },
        { "BatchNormalization", 14, { INT_ATTR("training_mode", 1) },
          { X, SCALE, SHIFT, MEAN, VAR },
          .refused = "training_mode=1: normalisation by the statistics of the batch" },
        { "BatchNormalization", 9, .in = { X, SCALE, SHIFT, MEAN, VAR },
          .out = { Y, F32(S(2), 0, 0) },
          .refused = "output 1 'y' (statistics, for training) is not supported" },
        { "BatchNormalization", 9, .in = { X, SCALE, F32(S(1), 0), MEAN, VAR },
          .refused = "input 2 'x' has shape [1], expected one value a channel: [2]" },
        { "BatchNormalization", 7, { INT_ATTR("spatial", 0) },
          { X, F32(S(2, 1, 2), 1, 1, 1, 1), SHIFT, MEAN, VAR },
          .refused = "input 1 'x' has shape [2,1,2], expected one value a channel: [2]" },
        { "BatchNormalization", 9, .in = { X, SCALE, SHIFT, MEAN, I64(S(2), 1, 1) },
          .refused = "is i64, expected f32" },
        { "BatchNormalization", 9, .in = { F32(SCALAR, 1), SCALE, SHIFT, MEAN, VAR },
          .refused = "has shape [], expected 1 to 8 dimensions" },
    };

    one_nodes_are(cases);
}

Test(lrn, works)
{
    const struct one_node cases[] = {
        /* size 1: x / (1 + 3 * x^2)^0.5; size 2 reaches one channel up; size 3 both ways */
        { "LRN", 6, { INT_ATTR("size", 1), FLOAT_ATTR("alpha", 3), FLOAT_ATTR("beta", 0.5f) },
          { F32(S(1, 2, 1), 1, 4) }, { F32(S(1, 2, 1), 0.5f, 0.571428571f) } },
        { "LRN", 13, { INT_ATTR("size", 2), FLOAT_ATTR("alpha", 2), FLOAT_ATTR("beta", 1),
                       FLOAT_ATTR("bias", 0) },
          { F32(S(1, 3, 1, 1), 1, 2, 3) }, { F32(S(1, 3, 1, 1), 0.2f, 2.0f / 13, 3.0f / 9) } },
        { "LRN", 13, { INT_ATTR("size", 3), FLOAT_ATTR("alpha", 3), FLOAT_ATTR("beta", 1),
                       FLOAT_ATTR("bias", 2) },
          { F32(S(1, 3, 1, 1), 1, 2, 3) }, { F32(S(1, 3, 1, 1), 1.0f / 7, 0.125f, 0.2f) } },
        /* a size far beyond the channels; the defaults of the others */
        { "LRN", 13, { INT_ATTR("size", INT32_MAX), FLOAT_ATTR("alpha", 0) },
          { F32(S(1, 2), 1, 2) }, { F32(S(1, 2), 1, 2) } },
    };

    one_nodes_are(cases);
}

Test(lrn, refuses)
{
    const struct one_node cases[] = {
        { "LRN", 13, .in = { X }, .refused = "attribute 'size' is missing" },
        { "LRN", 13, { INT_ATTR("size", 0) }, { X }, .refused = "size=0: expected 1 to 2147483647" },
        { "LRN", 13, { INT_ATTR("size", 3) }, { F32(S(2), 1, 2) },
          .refused = "has shape [2], expected 2 to 8 dimensions" },
    };

    one_nodes_are(cases);
}
