// SPDX-License-Identifier: Apache-2.0
#include "ops/layout.h"

#include "ops/window.h"

#include <string.h>

bool layout_can_block(const struct value *v)
{
    return v->type == DT_F32 && !v->data && (v->shape.rank == 3 || v->shape.rank == 4);
}

static ptrdiff_t images_and_blocks(const struct value *v)
{
    return (ptrdiff_t)v->shape.dim[0] * resc_c16_blocks((ptrdiff_t)v->shape.dim[1]);
}

size_t layout_size(const struct value *v, const struct layout *l)
{
    int64_t hw[2];

    if (l->kind == LAYOUT_NCHW)
        return value_size(v);
    window_spatial(&v->shape, hw);
    return (size_t)(images_and_blocks(v) *
                    resc_c16_block(l->halo, (ptrdiff_t)hw[0], (ptrdiff_t)hw[1])) * sizeof(float);
}

struct resc_halo halo_union(struct resc_halo a, struct resc_halo b)
{
    return (struct resc_halo){
        a.top > b.top ? a.top : b.top, a.left > b.left ? a.left : b.left,
        a.bottom > b.bottom ? a.bottom : b.bottom, a.right > b.right ? a.right : b.right,
    };
}

bool halo_equal(struct resc_halo a, struct resc_halo b)
{
    return a.top == b.top && a.left == b.left && a.bottom == b.bottom && a.right == b.right;
}

bool layout_is_neutral(const struct value *v, const struct layout *l)
{
    int64_t hw[2];

    if (!layout_can_block(v))
        return false;
    window_spatial(&v->shape, hw);
    return halo_equal(l->halo, (struct resc_halo){ 0 }) && hw[0] * hw[1] == 1 &&
           v->shape.dim[1] % RESC_LANES == 0;
}

/* Both directions: from and to are walked in ONNX's order of elements. */
static void convert(const struct value *v, const struct layout *l, const float *from, float *to,
                    bool to_c16)
{
    const ptrdiff_t n = (ptrdiff_t)v->shape.dim[0], c = (ptrdiff_t)v->shape.dim[1];
    int64_t hw[2];
    ptrdiff_t at = 0;

    window_spatial(&v->shape, hw);
    const ptrdiff_t w = (ptrdiff_t)hw[1], row = resc_c16_row(l->halo, w);
    const ptrdiff_t block = resc_c16_block(l->halo, (ptrdiff_t)hw[0], w);

    for (ptrdiff_t i = 0; i < n; i++)
    for (ptrdiff_t k = 0; k < c; k++)
    for (ptrdiff_t y = 0; y < hw[0]; y++)
    for (ptrdiff_t x = 0; x < w; x++, at++) {
        const ptrdiff_t in_c16 = (i * resc_c16_blocks(c) + k / RESC_LANES) * block +
                                 resc_c16_first(l->halo, w) + y * row + x * RESC_LANES +
                                 k % RESC_LANES;

        to[to_c16 ? in_c16 : at] = from[to_c16 ? at : in_c16];
    }
}

void layout_to_nchw(const struct value *v, const struct layout *l, const float *from, float *to)
{
    if (l->kind == LAYOUT_NCHW)
        memcpy(to, from, value_size(v));
    else
        convert(v, l, from, to, false);
}

void layout_from_nchw(const struct value *v, const struct layout *l, const float *from, float *to)
{
    if (l->kind == LAYOUT_NCHW) {
        memcpy(to, from, value_size(v));
        return;
    }
    memset(to, 0, layout_size(v, l));
    convert(v, l, from, to, true);
}
