// SPDX-License-Identifier: Apache-2.0
/* layout.h - how the elements of an activation lie in memory.
 *
 * LAYOUT_NCHW is ONNX's own: dense, row-major, any type and rank.  LAYOUT_C16
 * (runtime/resc_c16.h) is for f32 of rank 3 [N,C,W] or 4 [N,C,H,W]: channels
 * in blocks of 16, with a halo of zeros. */
#ifndef RESC_OPS_LAYOUT_H
#define RESC_OPS_LAYOUT_H

#include "ir/graph.h"
#include "resc_c16.h"

enum layout_kind { LAYOUT_NCHW, LAYOUT_C16 };

struct layout {
    enum layout_kind kind;
    struct resc_halo halo; /* LAYOUT_C16 */
};

/* Whether `v` can be LAYOUT_C16. */
bool layout_can_block(const struct value *v);
size_t layout_size(const struct value *v, const struct layout *l); /* bytes */
/* Without a halo, and of such a shape that both layouts are the same bytes:
 * one pixel, and a multiple of 16 channels. */
bool layout_is_neutral(const struct value *v, const struct layout *l);
/* The least halo that has all that `a` has and all that `b` has. */
struct resc_halo halo_union(struct resc_halo a, struct resc_halo b);
bool halo_equal(struct resc_halo a, struct resc_halo b);
/* The elements in ONNX's order, from bytes as `l` says. */
void layout_to_nchw(const struct value *v, const struct layout *l, const float *from, float *to);
void layout_from_nchw(const struct value *v, const struct layout *l, const float *from, float *to);

#endif
