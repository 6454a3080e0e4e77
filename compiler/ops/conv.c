// SPDX-License-Identifier: Apache-2.0
/* conv - Conv in one and two dimensions. */
#include "ops/conv.h"

#include "ops/common.h"
#include "ops/conv_eval.h"
#include "ops/conv_pack.h"
#include "ops/conv_wino.h"
#include "ops/conv_wino_bound.h"

#include <inttypes.h>

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct conv_attr *a = n->attr;

    a->group = attr_int(attrs, "group", 1);
    if (a->group < 1)
        return node_error(attrs->diag, n, "group=%" PRId64 ": expected at least 1", a->group);
    return window_parse(&a->win, attrs, false);
}

static bool infer_kernel(struct node *n, struct diag *d)
{
    struct window *win = &ATTR(conv_attr, n)->win;
    const struct shape *w = &n->in[CONV_W]->shape;
    char text[SHAPE_TEXT_MAX];
    int64_t kernel[2];

    window_spatial(w, kernel);
    if (kernel[0] < 1 || kernel[1] < 1)
        return node_error(d, n, "weights %s have no elements", shape_text(w, text));
    if (win->kernel[0] == 0) {
        win->kernel[0] = kernel[0];
        win->kernel[1] = kernel[1];
    }
    if (win->kernel[0] != kernel[0] || win->kernel[1] != kernel[1])
        return node_error(d, n, "kernel_shape is %" PRId64 "x%" PRId64 ", the weights are %s",
                          win->kernel[0], win->kernel[1], shape_text(w, text));
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct conv_attr *a = n->attr;
    const struct shape *x = &n->in[CONV_X]->shape, *w = &n->in[CONV_W]->shape;
    char xt[SHAPE_TEXT_MAX], wt[SHAPE_TEXT_MAX];
    int64_t out[2];

    (void)g;
    if (!need_types(n, DT_F32, d))
        return false;
    if (x->rank <= 4 && w->rank != x->rank)
        return node_error(d, n, "weights %s on input %s: expected as many dimensions",
                          shape_text(w, wt), shape_text(x, xt));
    if (x->rank >= 3 && x->rank <= 4) {
        if (x->dim[1] % a->group != 0 || w->dim[1] != x->dim[1] / a->group)
            return node_error(d, n, "weights %s on input %s with group=%" PRId64
                              ": the input has %" PRId64 " channels, the weights are for %" PRId64
                              " in each group", shape_text(w, wt), shape_text(x, xt), a->group,
                              x->dim[1], w->dim[1]);
        if (w->dim[0] % a->group != 0)
            return node_error(d, n, "weights %s: %" PRId64 " filters cannot be divided into %"
                              PRId64 " groups", shape_text(w, wt), w->dim[0], a->group);
        if (!infer_kernel(n, d))
            return false;
    }
    if (!window_infer(&a->win, n, x, out, d))
        return false;
    if (node_in(n, CONV_B)) {
        const struct shape *b = &n->in[CONV_B]->shape;

        if (b->rank != 1 || b->dim[0] != w->dim[0])
            return node_error(d, n, "bias %s, expected [%" PRId64 "]", shape_text(b, wt),
                              w->dim[0]);
    }
    return set_output(n, 0, DT_F32, window_output(x, w->dim[0], out), d);
}

/* Scratch of about 1 MiB keeps what im2col gathers in the second-level cache.
 * A small layer takes no more of it than its own input and output take, so
 * that scratch does not decide how much workspace a small network needs; but
 * at least so many pixels that the matrix product stays efficient. */
enum { BLOCK_BYTES = 1 << 20, BLOCK_MIN = 128, BLOCK_STEP = 16 };

/* Rows of the matrix that im2col builds. */
static int64_t patch(const struct node *n)
{
    return shape_product(&n->in[CONV_W]->shape, 1, n->in[CONV_W]->shape.rank);
}

static int64_t pixels(const struct node *n)
{
    return shape_product(&n->out[0]->shape, 2, n->out[0]->shape.rank);
}

/* Columns of it at a time: the pixels in blocks of about the same size. */
static int64_t block(const struct node *n)
{
    const int64_t k = patch(n), all = pixels(n);
    const int64_t own = (int64_t)(value_size(n->in[CONV_X]) + value_size(n->out[0]));
    const int64_t bytes = own < BLOCK_BYTES ? own : BLOCK_BYTES;
    int64_t b = bytes / (int64_t)sizeof(float) / (k > 0 ? k : 1);

    b = b < BLOCK_MIN ? BLOCK_MIN : b;
    if (b >= all)
        return all;
    const int64_t n_blocks = (all + b - 1) / b;

    b = (all + n_blocks - 1) / n_blocks;
    b = (b + BLOCK_STEP - 1) / BLOCK_STEP * BLOCK_STEP;
    return b < all ? b : all;
}

static void fill(const struct node *n, void *params)
{
    struct resc_conv2d *p = params;
    const struct conv_attr *a = n->attr;
    const struct shape *x = &n->in[CONV_X]->shape, *y = &n->out[0]->shape;
    int64_t in[2], out[2];

    window_spatial(x, in);
    window_spatial(y, out);
    p->n = (int)x->dim[0];
    p->ic = (int)x->dim[1], p->ih = (int)in[0], p->iw = (int)in[1];
    p->oc = (int)y->dim[1], p->oh = (int)out[0], p->ow = (int)out[1];
    p->kh = (int)a->win.kernel[0], p->kw = (int)a->win.kernel[1];
    p->sh = (int)a->win.stride[0], p->sw = (int)a->win.stride[1];
    p->dh = (int)a->win.dilation[0], p->dw = (int)a->win.dilation[1];
    p->pt = (int)a->win.pad[0], p->pl = (int)a->win.pad[1];
    p->groups = (int)a->group;
    p->block = (int)block(n);
    p->act = act_params(n);
}

static const struct field fields[] = {
    PARAM_INT(resc_conv2d, n), PARAM_INT(resc_conv2d, ic), PARAM_INT(resc_conv2d, ih),
    PARAM_INT(resc_conv2d, iw), PARAM_INT(resc_conv2d, oc), PARAM_INT(resc_conv2d, oh),
    PARAM_INT(resc_conv2d, ow), PARAM_INT(resc_conv2d, kh), PARAM_INT(resc_conv2d, kw),
    PARAM_INT(resc_conv2d, sh), PARAM_INT(resc_conv2d, sw), PARAM_INT(resc_conv2d, dh),
    PARAM_INT(resc_conv2d, dw), PARAM_INT(resc_conv2d, pt), PARAM_INT(resc_conv2d, pl),
    PARAM_INT(resc_conv2d, groups), PARAM_INT(resc_conv2d, block), PARAM_ACT(resc_conv2d, act),
    PARAM_HALO(resc_conv2d, x_halo), PARAM_HALO(resc_conv2d, add_halo),
    PARAM_HALO(resc_conv2d, y_halo),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    struct resc_conv2d *p = params;

    p->groups = (int)conv_packed_groups(n);
    p->x_halo = in[CONV_X]->halo;
    if (node_in(n, CONV_ADD))
        p->add_halo = in[CONV_ADD]->halo;
    p->y_halo = out->halo;
}

static const struct params params = {
    "resc_conv2d", sizeof(struct resc_conv2d), fields, COUNT(fields), fill, place,
};

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_conv2d p = { 0 };

    fill(n, &p);
    conv_eval(&p, in[CONV_X], in[CONV_W], node_in(n, CONV_B) ? in[CONV_B] : NULL,
              node_in(n, CONV_ADD) ? in[CONV_ADD] : NULL, out[0]);
}

/* The definition adds up in double precision; the others round products and sums, bias and
 * residual. */
static bool bound(const struct node *n, const struct kernel *k, const struct bounds *b)
{
    const double terms = (double)patch(n) + 2.0;

    if (k->flags & KERNEL_WINOGRAD)
        return conv_wino_bound(n, k, b);
    return bound_sum(n, NULL, k->family == FAMILY_REF ? bound_in_double(terms) : terms, b);
}

static double macs(const struct node *n)
{
    return (double)shape_len(&n->out[0]->shape) * (double)patch(n);
}

static void print(const struct node *n, FILE *out)
{
    const struct conv_attr *a = n->attr;

    window_print(&a->win, out);
    if (a->group != 1)
        fprintf(out, " group=%" PRId64, a->group);
}

static bool is_depthwise(const struct node *n)
{
    const int64_t channels = n->in[CONV_X]->shape.dim[1];

    return ATTR(conv_attr, n)->group == channels && channels > 1;
}

static bool is_pointwise(const struct node *n)
{
    const struct window *w = &ATTR(conv_attr, n)->win;

    return w->kernel[0] == 1 && w->kernel[1] == 1 && w->pad[0] == 0 && w->pad[1] == 0 &&
           w->pad[2] == 0 && w->pad[3] == 0;
}

static size_t im2col_scratch(const struct node *n)
{
    return (size_t)patch(n) * (size_t)block(n) * sizeof(float);
}

/* Gathering a value takes the time of nine multiply-adds in the product. */
static double im2col_work(const struct node *n)
{
    const struct shape *y = &n->out[0]->shape;
    const double columns = (double)shape_product(y, 2, y->rank) * (double)y->dim[0];

    return macs(n) + 9 * columns * (double)patch(n) * (double)ATTR(conv_attr, n)->group;
}

static size_t pointwise_scratch(const struct node *n)
{
    const struct window *w = &ATTR(conv_attr, n)->win;

    return w->stride[0] == 1 && w->stride[1] == 1 ? 0 : im2col_scratch(n);
}

static bool packs(const struct node *n)
{
    return n->in[CONV_W]->data && (!node_in(n, CONV_B) || n->in[CONV_B]->data);
}

/* Not of nothing: sizes are divided by. */
static bool blocks_out(const struct node *n)
{
    return packs(n) && layout_can_block(n->out[0]) && shape_len(&n->out[0]->shape) > 0 &&
           shape_len(&n->in[CONV_X]->shape) > 0 &&
           (!node_in(n, CONV_ADD) || layout_can_block(n->in[CONV_ADD]));
}

/* What the kernels in blocks of 16 channels ask for: a halo is never cropped. */
static bool blocks(const struct node *n)
{
    const struct window *w = &ATTR(conv_attr, n)->win;

    return blocks_out(n) && layout_can_block(n->in[CONV_X]) && w->pad[0] >= 0 && w->pad[1] >= 0;
}

static bool merges_groups(const struct node *n)
{
    return conv_packed_groups(n) != ATTR(conv_attr, n)->group;
}

static bool depthwise(const struct node *n)
{
    return blocks(n) && conv_group_width(n) == 1;
}

static bool groups4(const struct node *n)
{
    return blocks(n) && conv_group_width(n) == 4;
}

static bool groups8(const struct node *n)
{
    return blocks(n) && conv_group_width(n) == 8;
}

static bool direct(const struct node *n)
{
    return blocks(n) && !merges_groups(n);
}

static bool direct_merged(const struct node *n)
{
    return blocks(n) && merges_groups(n);
}

static bool winograd(const struct node *n)
{
    return blocks(n) && conv_wino_fits(n);
}

/* From weights that do not grow. */
static bool winograd_late(const struct node *n)
{
    return winograd(n) && !merges_groups(n);
}

/* All activations would be NCHW, a residual too. */
static bool direct_first(const struct node *n)
{
    return blocks_out(n) && !n->in[CONV_X]->data && !node_in(n, CONV_ADD) &&
           ATTR(conv_attr, n)->group == 1;
}

static bool winograd_first(const struct node *n)
{
    return direct_first(n) && conv_wino_first_fits(n);
}

static double first_work(const struct node *n)
{
    const double oc = (double)n->out[0]->shape.dim[1];

    return macs(n) * (double)(resc_c16_blocks((ptrdiff_t)oc) * RESC_LANES) / oc;
}

/* What the windows reach beyond x. */
static struct resc_halo window_halo(const struct node *n, int i)
{
    struct resc_halo h = { 0 };
    struct resc_conv2d p = { 0 };

    if (i != CONV_X)
        return h;
    fill(n, &p);
    h.top = p.pt, h.left = p.pl;
    h.bottom = (int)resc_conv2d_reach(p.oh, p.sh, p.kh, p.dh) - p.pt - p.ih;
    h.right = (int)resc_conv2d_reach(p.ow, p.sw, p.kw, p.dw) - p.pl - p.iw;
    h.bottom = h.bottom > 0 ? h.bottom : 0;
    h.right = h.right > 0 ? h.right : 0;
    return h;
}

/* An image with all that the windows reach. */
static size_t first_scratch(const struct node *n)
{
    struct resc_conv2d p = { 0 };

    fill(n, &p);
    return (size_t)(p.ic * resc_conv2d_reach(p.oh, p.sh, p.kh, p.dh) *
                    resc_conv2d_reach(p.ow, p.sw, p.kw, p.dw)) * sizeof(float);
}

static const struct kernel kernels[] = {
    { .fn = "resc_conv2d_f32_c16_depthwise", .file = "conv2d_f32_c16_depthwise.c",
      .family = FAMILY_NATIVE, .match = depthwise, .in_place = 1u << CONV_ADD,
      .brief = "depthwise",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = window_halo, .pack = conv_pack_narrow,
      .work = conv_narrow_work, .rate = 40 },
    { .fn = "resc_conv2d_f32_c16_groups4", .file = "conv2d_f32_c16_groups4.c",
      .family = FAMILY_NATIVE, .match = groups4, .in_place = 1u << CONV_ADD,
      .brief = "groups of 4 channels",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = window_halo, .pack = conv_pack_narrow,
      .work = conv_narrow_work, .rate = 40 },
    { .fn = "resc_conv2d_f32_c16_groups8", .file = "conv2d_f32_c16_groups8.c",
      .family = FAMILY_NATIVE, .match = groups8, .in_place = 1u << CONV_ADD,
      .brief = "groups of 8 channels",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = window_halo, .pack = conv_pack_narrow,
      .work = conv_narrow_work, .rate = 40 },
    { .fn = "resc_conv2d_f32_c16_wino4", .file = "conv2d_f32_c16_wino4.c",
      .family = FAMILY_NATIVE,
      .flags = KERNEL_WINOGRAD | KERNEL_GROWS, .match = winograd, .scratch = conv_wino4_scratch,
      .in_place = 1u << CONV_ADD, .brief = "Winograd F(4x4,3x3)",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = conv_wino4_halo, .pack = conv_wino4_pack,
      .work = conv_wino4_work, .growth = 4 },
    { .fn = "resc_conv2d_f32_c16_wino2", .file = "conv2d_f32_c16_wino2.c",
      .family = FAMILY_NATIVE,
      .flags = KERNEL_WINOGRAD | KERNEL_GROWS, .match = winograd, .scratch = conv_wino2_scratch,
      .in_place = 1u << CONV_ADD, .brief = "Winograd F(2x2,3x3)",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = conv_wino2_halo, .pack = conv_wino2_pack,
      .work = conv_wino2_work, .growth = 16.0 / 9 },
    { .fn = "resc_conv2d_f32_c16_wino4_late", .file = "conv2d_f32_c16_wino4_late.c",
      .family = FAMILY_NATIVE, .flags = KERNEL_WINOGRAD, .match = winograd_late,
      .scratch = conv_wino4_late_scratch, .in_place = 1u << CONV_ADD,
      .brief = "Winograd F(4x4,3x3), weights transformed late",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = conv_wino4_halo,
      .pack = conv_wino4_late_pack, .work = conv_wino4_late_work },
    { .fn = "resc_conv2d_f32_c16_wino2_late", .file = "conv2d_f32_c16_wino2_late.c",
      .family = FAMILY_NATIVE, .flags = KERNEL_WINOGRAD, .match = winograd_late,
      .scratch = conv_wino2_late_scratch, .in_place = 1u << CONV_ADD,
      .brief = "Winograd F(2x2,3x3), weights transformed late",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = conv_wino2_halo,
      .pack = conv_wino2_late_pack, .work = conv_wino2_late_work },
    { .fn = "resc_conv2d_f32_c16", .file = "conv2d_f32_c16.c", .family = FAMILY_NATIVE,
      .match = direct, .in_place = 1u << CONV_ADD, .brief = "direct",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = window_halo, .pack = conv_pack_c16,
      .work = conv_packed_work },
    { .fn = "resc_conv2d_f32_c16", .file = "conv2d_f32_c16.c", .family = FAMILY_NATIVE,
      .flags = KERNEL_GROWS, .match = direct_merged, .in_place = 1u << CONV_ADD,
      .brief = "direct, groups merged",
      .in = LAYOUT_C16, .out = LAYOUT_C16, .halo = window_halo, .pack = conv_pack_c16,
      .work = conv_packed_work },
    { .fn = "resc_conv2d_f32_c16_first_wino", .file = "conv2d_f32_c16_first_wino.c",
      .family = FAMILY_NATIVE, .flags = KERNEL_WINOGRAD | KERNEL_GROWS, .match = winograd_first,
      .scratch = conv_wino_first_scratch, .brief = "Winograd of four phases, from NCHW",
      .in = LAYOUT_NCHW, .out = LAYOUT_C16, .pack = conv_wino_first_pack,
      .work = conv_wino_first_work, .growth = 3 },
    { .fn = "resc_conv2d_f32_c16_first", .file = "conv2d_f32_c16_first.c",
      .family = FAMILY_NATIVE, .match = direct_first, .scratch = first_scratch,
      .brief = "direct, from NCHW",
      .in = LAYOUT_NCHW, .out = LAYOUT_C16, .pack = conv_pack_first, .work = first_work },
    { .fn = "resc_conv2d_f32_depthwise", .file = "conv2d_f32_depthwise.c", .family = FAMILY_BLAS,
      .match = is_depthwise, .in_place = 1u << CONV_ADD, .brief = "depthwise", .rate = 5 },
    { .fn = "resc_conv2d_f32_gemm1x1", .file = "conv2d_f32_gemm1x1.c", .family = FAMILY_BLAS,
      .match = is_pointwise, .scratch = pointwise_scratch, .in_place = 1u << CONV_ADD,
      .brief = "1x1 as GEMM" },
    { .fn = "resc_conv2d_f32_im2col", .file = "conv2d_f32_im2col.c", .family = FAMILY_BLAS,
      .scratch = im2col_scratch, .in_place = 1u << CONV_ADD, .brief = "im2col + GEMM",
      .work = im2col_work },
    { .fn = "resc_conv2d_f32_ref", .file = "conv2d_f32_ref.c", .family = FAMILY_REF,
      .in_place = 1u << CONV_ADD },
};

const struct op op_conv = {
    .name = "Conv", .since = 6, .until = OPSET_MAX,
    .min_in = 2, .max_in = 4, .min_out = 1, .max_out = 1,
    .flags = OP_FUSES_ACT | OP_FUSES_ADD | OP_SCRATCH | OP_WEIGHTS | OP_AFFINE,
    .attr_size = sizeof(struct conv_attr),
    .parse = parse, .infer = infer, .eval = eval, .bound = bound, .params = &params, .macs = macs,
    .print = print,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
