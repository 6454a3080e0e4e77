// SPDX-License-Identifier: Apache-2.0
/* pad.h - Pad, as passes see it. */
#ifndef RESC_OPS_PAD_H
#define RESC_OPS_PAD_H

#include "ir/shape.h"

enum pad_mode { PAD_CONSTANT, PAD_REFLECT, PAD_EDGE, PAD_WRAP };

/* After infer: the pads of every axis; negative ones crop. */
struct pad_attr {
    enum pad_mode mode;
    int64_t begin[MAX_RANK], end[MAX_RANK];
    double value; /* PAD_CONSTANT */
    int n_given;  /* before infer, opset 6: pads in the attribute, half of them */
};

#endif
