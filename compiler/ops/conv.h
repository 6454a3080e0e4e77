// SPDX-License-Identifier: Apache-2.0
/* conv.h - Conv, as passes see it.  Inputs: x, w [oc, ic/group, kh, kw], b [oc]
 * or NULL, and, once fused, a residual of the output's shape. */
#ifndef RESC_OPS_CONV_H
#define RESC_OPS_CONV_H

#include "ops/window.h"

enum { CONV_X, CONV_W, CONV_B, CONV_ADD };

struct conv_attr {
    struct window win;
    int64_t group;
};

#endif
