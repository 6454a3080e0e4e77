// SPDX-License-Identifier: Apache-2.0
/* conv_shapes.h - the shapes that convolutions are checked and timed with. */
#ifndef RESC_TESTS_CONV_SHAPES_H
#define RESC_TESTS_CONV_SHAPES_H

#include "kernel_check.h"

struct conv_case {
    int n, ic, ih, iw, oc, kh, kw, sh, sw, dh, dw, pt, pl, pb, pr, groups;
};

enum { N_CONV_CASES = 43, N_CONV_BENCHES = 68 };

extern const struct conv_case conv_cases[N_CONV_CASES];
/* Layers of ResNet-18, ResNet-50, ResNeXt-50 and MobileNetV2. */
struct conv_case conv_bench(int i);
/* Random, and such that the row likes it. */
struct conv_case conv_case_for(const struct kernel *aim, struct rng *r);

int conv_out_h(const struct conv_case *c);
int conv_out_w(const struct conv_case *c);

#endif
