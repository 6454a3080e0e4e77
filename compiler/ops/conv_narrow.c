// SPDX-License-Identifier: Apache-2.0
/* conv_narrow - weights of a convolution in groups of few channels. */
#include "base/arena.h"
#include "ops/common.h"
#include "ops/conv.h"
#include "ops/conv_pack.h"

int64_t conv_group_width(const struct node *n)
{
    const int64_t groups = ATTR(conv_attr, n)->group, ic = n->in[CONV_X]->shape.dim[1];

    return groups > 1 && ic == n->out[0]->shape.dim[1] ? ic / groups : 0;
}

double conv_narrow_work(const struct node *n)
{
    const struct shape *w = &n->in[CONV_W]->shape, *y = &n->out[0]->shape;
    const ptrdiff_t channels = resc_c16_blocks((ptrdiff_t)y->dim[1]) * RESC_LANES;

    return (double)channels * (double)y->dim[0] * (double)shape_product(y, 2, y->rank) *
           (double)shape_product(w, 1, w->rank);
}

void conv_pack_narrow(struct graph *g, const struct node *n, struct value **in)
{
    const struct value *w = n->in[CONV_W];
    const struct window *win = &ATTR(conv_attr, n)->win;
    const int64_t oc = w->shape.dim[0], width = w->shape.dim[1];
    const int64_t window = win->kernel[0] * win->kernel[1];
    const struct shape s = shape_of(resc_c16_blocks((ptrdiff_t)oc), win->kernel[0],
                                    win->kernel[1], width, RESC_LANES);
    float *const to = arena_new_n(g->arena, float, shape_len(&s));
    const float *from = w->data;

    for (int64_t c = 0; c < oc; c++)
    for (int64_t i = 0; i < width; i++)
    for (int64_t k = 0; k < window; k++)
        to[((c / RESC_LANES * window + k) * width + i) * RESC_LANES + c % RESC_LANES] =
            from[(c * width + i) * window + k];
    in[CONV_W] = graph_add_constant(g, w->name, DT_F32, s, to);
    conv_pack_bias(g, n, in);
}
