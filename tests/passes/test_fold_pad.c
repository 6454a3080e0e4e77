// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/conv.h"
#include "ops/pad.h"
#include "ops/pool.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* `n` pads as ONNX wants them: all begins, then all ends. */
static struct node *pad_of(struct build *b, struct value *x, int n, const int64_t *pads,
                           double value)
{
    struct value *list = b_i64(b, "pads", n, pads);
    struct value *fill = b_filled(b, "fill", (float)value, 1);

    return b_node(b, &op_pad, "pad", x, list, fill);
}

static struct node *pad_image(struct build *b, struct value *x, int64_t top, int64_t left,
                              int64_t bottom, int64_t right, double value)
{
    return pad_of(b, x, 8, (int64_t[]){ 0, 0, top, left, 0, 0, bottom, right }, value);
}

Test(fold_pad, into_conv)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
    struct value *y = pad_image(&b, x, 1, 0, 2, 3, 0.0)->out[0];
    struct value *w = b_random(&b, "w", 4, 3, 3, 3);

    b_output(&b, b_conv_of(&b, "conv", y, w, NULL)->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_fold_pad,
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  const   %4 w  f32[4,3,3,3]\n"
        "  %3 = Pad(%0) mode=constant begin=0,0,1,0 end=0,0,2,3  f32[1,3,9,9]"
        "  # pad (Pad)\n"
        "  %5 = Conv(%3, %4) kernel=3x3 pads=1,1,1,1  f32[1,4,9,9]  # conv (Conv)\n"
        "  output  %5 conv_out  f32[1,4,9,9]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  const   %4 w  f32[4,3,3,3]\n"
        "  %3 = Pad(%0) mode=constant begin=0,0,1,0 end=0,0,2,3  f32[1,3,9,9]"
        "  # pad (Pad)\n"
        "  %5 = Conv(%0, %4) kernel=3x3 pads=2,1,3,4  f32[1,4,9,9]"
        "  # conv (Conv) + pad (Pad)\n"
        "  output  %5 conv_out  f32[1,4,9,9]\n", 0.0));
    b_free(&b);
}

Test(fold_pad, into_conv_of_one_dimension)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6);
    struct value *y = pad_of(&b, x, 6, (int64_t[]){ 0, 0, 1, 0, 0, 2 }, 0.0)->out[0];
    struct node *conv = b_node(&b, &op_conv, "conv", y, b_random(&b, "w", 4, 3, 3));
    const struct window *w = b_window(conv);

    *(struct conv_attr *)conv->attr = (struct conv_attr){
        .win = { .spatial = 1, .kernel = { 1, 3 }, .stride = { 1, 1 }, .dilation = { 1, 1 } },
        .group = 1,
    };
    b_output(&b, conv->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fold_pad, 0.0));
    cr_assert_eq(conv->in[0], x);
    cr_assert_eq(w->pad[1], 1);
    cr_assert_eq(w->pad[3], 2);
    cr_assert_eq(w->pad[0] + w->pad[2], 0);
    b_free(&b);
}

/* The average counts what Pad wrote: so must the pool, with ceil_mode too. */
Test(fold_pad, into_average_pool)
{
    for (int i = 0; i < 8; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 2, 6, 7);
        struct node *pad = pad_image(&b, x, 1, 1, 1, 0, 0.0);
        struct node *pool = b_pool(&b, &op_average_pool, "pool", pad->out[0], 3, 2);
        struct pool_attr *attr = pool->attr;

        attr->win.ceil_mode = i & 1;
        attr->count_include_pad = i & 2;
        if (i & 4)
            memcpy(attr->win.pad, (int64_t[]){ 0, 1, 1, 1 }, sizeof(attr->win.pad));
        b_output(&b, pool->out[0]);
        b_infer(&b);
        if ((i & 4) && !(i & 2)) {
            cr_assert(pass_leaves(&b, pass_fold_pad), "case %d", i);
        } else {
            cr_assert(pass_keeps_results(&b, pass_fold_pad, 0.0), "case %d", i);
            cr_assert_eq(pool->in[0], x);
            cr_assert(attr->count_include_pad);
            cr_assert(pass_leaves(&b, pass_fold_pad));
        }
        b_free(&b);
    }
}

/* x -> `before`, if any -> Pad -> MaxPool */
static struct node *max_pool(struct build *b, const struct op *before, double value)
{
    struct value *x = b_input(b, "x", DT_F32, 1, 2, 6, 7);

    if (before)
        x = b_node(b, before, "before", x)->out[0];
    struct node *pad = pad_image(b, x, 1, 1, 1, 0, value);
    struct node *pool = b_pool(b, &op_max_pool, "pool", pad->out[0], 3, 2);

    b_output(b, pool->out[0]);
    return pool;
}

Test(fold_pad, into_max_pool)
{
    struct { const struct op *before; double value; bool folds; } cases[] = {
        { NULL, (double)-INFINITY, true },
        { NULL, 0.0, false },
        { NULL, -1e30, false },
        { &op_unary_RELU, 0.0, true },
        { &op_unary_RELU, -2.0, true },
        { &op_unary_RELU, 0.5, false },
        { &op_unary_NEG, 0.0, false },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct build b = b_new("g");
        struct node *pool = max_pool(&b, cases[i].before, cases[i].value);

        b_infer(&b);
        if (cases[i].folds) {
            cr_assert(pass_keeps_results(&b, pass_fold_pad, 0.0), "case %zu", i);
            cr_assert_eq(b_window(pool)->pad[0], 1);
            cr_assert(pass_leaves(&b, pass_fold_pad));
        } else {
            cr_assert(pass_leaves(&b, pass_fold_pad), "case %zu", i);
        }
        b_free(&b);
    }
}

/* The bound may also come from what was fused into the node before. */
Test(fold_pad, into_max_pool_after_an_activation)
{
    for (int i = 0; i < 3; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 2, 6, 6);
        struct node *conv = b_conv(&b, "conv", x, 2, 2, 3);
        struct node *pad = pad_image(&b, conv->out[0], 0, 0, 1, 1, 0.0);
        struct node *pool = b_pool(&b, &op_max_pool, "pool", pad->out[0], 3, 2);

        conv->act = (struct act[]){
            { ACT_RELU, 0.0f, 0.0f }, { ACT_CLIP, 0.0f, 6.0f }, { ACT_CLIP, -0.5f, 6.0f },
        }[i];
        b_output(&b, pool->out[0]);
        b_infer(&b);
        cr_assert(i < 2 ? pass_keeps_results(&b, pass_fold_pad, 0.0)
                        : pass_leaves(&b, pass_fold_pad), "case %d", i);
        b_free(&b);
    }
}

/* Windows that see nothing but padding: a maximum of no element. */
Test(fold_pad, not_if_a_window_is_empty)
{
    for (int i = 0; i < 2; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 2, 5, 5);
        struct node *pad = i ? pad_image(&b, x, 0, 0, 0, 4, (double)-INFINITY)
                             : pad_image(&b, x, 3, 0, 0, 0, (double)-INFINITY);
        struct node *pool = b_pool(&b, &op_max_pool, "pool", pad->out[0], 2, 2);

        b_output(&b, pool->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_fold_pad), "case %d", i);
        b_free(&b);
    }
}

enum refusal { NOT_ZERO, CROPS, CHANNELS, BATCH, REFLECTS, OTHER_OP, N_REFUSALS };

static void build_refused(struct build *b, enum refusal why)
{
    struct value *x = b_input(b, "x", DT_F32, 2, 3, 6, 6);
    const int64_t pads[8] = { why == BATCH, 0, 1, why == CROPS ? -1 : 1,
                              0, why == CHANNELS, 1, 1 };
    struct node *pad = pad_of(b, x, 8, pads, why == NOT_ZERO ? 0.5 : 0.0);
    struct value *y = pad->out[0];
    struct value *w = b_random(b, "w", 4, why == CHANNELS ? 4 : 3, 3, 3);

    if (why == REFLECTS)
        ((struct pad_attr *)pad->attr)->mode = PAD_REFLECT;
    if (why == OTHER_OP)
        b_output(b, b_node(b, &op_unary_NEG, "neg", y)->out[0]);
    else
        b_output(b, b_conv_of(b, "conv", y, w, NULL)->out[0]);
}

Test(fold_pad, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");

        build_refused(&b, (enum refusal)why);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_fold_pad), "case %d", why);
        b_free(&b);
    }
}

/* Another reader keeps the Pad; the Conv does without all the same. */
Test(fold_pad, with_another_reader)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
    struct node *pad = pad_image(&b, x, 1, 1, 1, 1, 0.0);
    struct node *conv = b_conv(&b, "conv", pad->out[0], 3, 4, 3);

    b_output(&b, pad->out[0]);
    b_output(&b, conv->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_fold_pad, 0.0));
    cr_assert_eq(conv->in[0], x);
    b_free(&b);
}
