// SPDX-License-Identifier: Apache-2.0
/* subject_reorder - into blocks of 16 channels, and out of them. */
#include "subjects.h"

#include "ops/common.h"

static const struct shape shapes[] = {
    { 4, { 1, 1, 1, 1 } },  { 4, { 1, 16, 7, 5 } }, { 4, { 2, 17, 3, 40 } }, { 3, { 2, 33, 50 } },
    { 4, { 1, 15, 1, 1 } }, { 4, { 0, 3, 4, 4 } },  { 4, { 1, 3, 0, 4 } },
    /* timing */
    { 4, { 1, 3, 224, 224 } }, { 4, { 1, 64, 56, 56 } }, { 4, { 1, 512, 7, 7 } },
};
enum { N_SHAPES = COUNT(shapes), N_BENCHES = 3 };

static struct node *build(struct graph *g, int shape, const struct kernel *aim, struct rng *r)
{
    const int n = rng_between(r, 1, 3), c = rng_between(r, 1, 70);
    const int h = rng_between(r, 1, 15), w = rng_between(r, 1, rng_one_in(r, 4) ? 40 : 15);
    const struct shape s = shape < N_SHAPES ? shapes[shape]
                         : rng_one_in(r, 4) ? shape_of(n, c, w) : shape_of(n, c, h, w);
    struct value *in = subject_value(g, "x", s), *out = subject_value(g, "y", s);

    (void)aim;
    return graph_append(g, &op_reorder, "reorder", 1, &in, 1, &out);
}

KERNEL_CALL(resc_reorder_f32_to_c16, in[0], y)
KERNEL_CALL(resc_reorder_f32_from_c16, in[0], y)

static const struct kernel_call calls[] = {
    KERNEL_ROW(resc_reorder_f32_to_c16), KERNEL_ROW(resc_reorder_f32_from_c16),
};

const struct subject subject_reorder = {
    .op = &op_reorder, .build = build, .n_shapes = N_SHAPES - N_BENCHES, .n_benches = N_BENCHES,
    .specials = true, .calls = calls, .n_calls = COUNT(calls),
};
