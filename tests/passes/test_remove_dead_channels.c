// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/gemm.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Filters `from`, `from` + 2, ... < `to` of a Conv become 0, their biases `bias`. */
static void kill_filters(struct node *conv, int64_t from, int64_t to, float bias)
{
    const int64_t n = conv->in[CONV_W]->shape.dim[0];

    for (int64_t c = from; c < to; c += 2) {
        fill_part(conv->in[CONV_W], c, n, 0.0f);
        fill_part(conv->in[CONV_B], c, n, bias);
    }
}

static struct value *flat(struct build *b, struct value *x)
{
    struct value *shape = b_i64(b, "flat_shape", 2, (const int64_t[]){ 2, -1 });

    return b_node(b, &op_reshape, "flat", x, shape)->out[0];
}

static int64_t channels(const struct node *n)
{
    return n->out[0]->shape.dim[1];
}

Test(remove_dead_channels, from_filter_to_column)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
    struct node *one = b_conv(&b, "one", x, 3, 4, 3);
    struct value *y = b_node(&b, &op_unary_TANH, "tanh", one->out[0])->out[0];

    b_output(&b, b_conv(&b, "two", y, 4, 2, 3)->out[0]);
    kill_filters(one, 1, 4, 0.0f);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_remove_dead_channels,
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  const   %1 one_w  f32[4,3,3,3]\n"
        "  const   %2 one_b  f32[4]\n"
        "  const   %5 two_w  f32[2,4,3,3]\n"
        "  const   %6 two_b  f32[2]\n"
        "  %3 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1  f32[1,4,6,6]  # one (Conv)\n"
        "  %4 = Tanh(%3)  f32[1,4,6,6]  # tanh (Tanh)\n"
        "  %7 = Conv(%4, %5, %6) kernel=3x3 pads=1,1,1,1  f32[1,2,6,6]  # two (Conv)\n"
        "  output  %7 two_out  f32[1,2,6,6]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  const   %6 two_b  f32[2]\n"
        "  const   %8 two_w  f32[2,2,3,3]\n"
        "  const   %9 one_w  f32[2,3,3,3]\n"
        "  const   %10 one_b  f32[2]\n"
        "  %3 = Conv(%0, %9, %10) kernel=3x3 pads=1,1,1,1  f32[1,2,6,6]  # one (Conv)\n"
        "  %4 = Tanh(%3)  f32[1,2,6,6]  # tanh (Tanh)\n"
        "  %7 = Conv(%4, %8, %6) kernel=3x3 pads=1,1,1,1  f32[1,2,6,6]  # two (Conv)\n"
        "  output  %7 two_out  f32[1,2,6,6]\n", SAME_NUMBERS));
    b_free(&b);
}

/* A constant goes into the next bias, unless padding would be 0 in its place. */
Test(remove_dead_channels, constants)
{
    for (int pads = 0; pads < 3; pads++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 3, 6, 6);
        struct node *one = b_conv(&b, "one", x, 3, 6, 3);
        struct value *y = b_node(&b, &op_unary_RELU, "relu", one->out[0])->out[0];
        struct value *w = b_random(&b, "w", 4, 6, 3, 3);
        struct node *two = b_conv_of(&b, "two", y, w, NULL);

        for (int i = 0; i < 4; i++)
            b_window(two)->pad[i] = pads == 1 && i == 3;
        if (pads == 2)
            b_window(two)->pad[1] = -1; /* crops */
        kill_filters(one, 0, 3, 0.75f);
        kill_filters(one, 1, 2, -0.5f); /* which the Relu makes 0 */
        b_output(&b, two->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, pads == 1 ? SAME_NUMBERS
                                                                              : 1e-6));
        cr_assert_eq(channels(one), pads == 1 ? 5 : 3);
        cr_assert_eq(node_in(two, CONV_B) != NULL, pads != 1);
        cr_assert(pass_leaves(&b, pass_remove_dead_channels));
        b_free(&b);
    }
}

/* Nobody makes use of them: columns of zeros, in all that read the value. */
Test(remove_dead_channels, that_meet_zeros_only)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
    struct node *one = b_conv(&b, "one", x, 3, 4, 3);
    struct node *two = b_conv(&b, "two", one->out[0], 4, 2, 3);
    struct node *three = b_conv(&b, "three", one->out[0], 4, 2, 3);

    for (int64_t o = 0; o < 2; o++) {
        fill_part(two->in[CONV_W], o * 4 + 1, 8, 0.0f);
        fill_part(two->in[CONV_W], o * 4 + 2, 8, 0.0f);
        fill_part(three->in[CONV_W], o * 4 + 2, 8, 0.0f);
    }
    b_output(&b, two->out[0]);
    b_output(&b, three->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, SAME_NUMBERS));
    cr_assert_eq(channels(one), 3);
    b_free(&b);
}

/* Two blocks on one trunk, an image as features, a product: channel 2 is 0 in all of them. */
static struct node *trunk(struct build *b, struct value *x, struct node *makers[3], bool trans_b)
{
    struct value *y, *z, *scale = b_random(b, "s", 5), *shift = b_random(b, "t", 5);
    struct value *slope = b_random(b, "slope", 5, 1, 1), *addend = b_random(b, "a", 1, 5, 1, 1);

    makers[0] = b_conv(b, "stem", x, 3, 5, 3);
    y = b_node(b, &op_p_relu, "p", makers[0]->out[0], slope)->out[0];
    makers[1] = b_conv(b, "one", y, 5, 5, 3);
    y = b_node(b, &op_add, "add1", makers[1]->out[0], y)->out[0];
    makers[2] = b_conv(b, "two", y, 5, 5, 3);
    node_set_input(b->g, makers[2], CONV_ADD, y);
    makers[2]->act.kind = ACT_RELU;
    elements(shift)[2] = elements(addend)[2] = 0.0f;
    y = b_node(b, &op_scale_shift, "bn", makers[2]->out[0], scale, shift)->out[0];
    y = b_node(b, &op_add, "add2", y, addend)->out[0];
    y = b_pool(b, &op_max_pool, "pool", y, 2, 2)->out[0];
    struct value *w = b_random(b, "depthwise_w", 5, 1, 3, 3);
    struct node *depthwise = b_conv_of(b, "depthwise", y, w, NULL);

    ((struct conv_attr *)depthwise->attr)->group = 5;
    z = b_node(b, &op_global_average_pool, "gap", depthwise->out[0])->out[0];
    y = b_node(b, &op_mul, "gate", depthwise->out[0], z)->out[0];
    y = flat(b, y);
    struct value *fc = trans_b ? b_random(b, "fc", 7, 45) : b_random(b, "fc", 45, 7);
    struct node *gemm = b_node(b, &op_gemm, "gemm", y, fc, b_random(b, "c", 7));

    *(struct gemm_attr *)gemm->attr = (struct gemm_attr){ 0.5f, 2.0f, false, trans_b };
    for (int i = 0; i < 3; i++)
        kill_filters(makers[i], 2, 3, 0.0f);
    return gemm;
}

Test(remove_dead_channels, through_a_trunk)
{
    for (int trans_b = 0; trans_b < 2; trans_b++) {
        struct build b = b_new("g");
        struct node *makers[3];

        b_output(&b, trunk(&b, b_input(&b, "x", DT_F32, 2, 3, 6, 6), makers, trans_b)->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, SAME_NUMBERS));
        graph_foreach_node(n, b.g)
            cr_assert(channels(n) == 4 || channels(n) == 36 || channels(n) == 7, "%s", b_text(&b));
        cr_assert(pass_leaves(&b, pass_remove_dead_channels));
        b_free(&b);
    }
}

/* One block that makes something of the channel keeps it in all. */
Test(remove_dead_channels, all_that_are_added_agree)
{
    for (int way = 0; way < 2; way++) {
        struct build b = b_new("g");
        struct node *makers[3];
        struct node *gemm = trunk(&b, b_input(&b, "x", DT_F32, 2, 3, 6, 6), makers, true);

        if (way == 0)
            elements(makers[1]->in[CONV_W])[2 * 45 + 7] = 0.5f;
        else
            b_output(&b, makers[1]->out[0]);
        b_output(&b, gemm->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_remove_dead_channels), "way %d", way);
        b_free(&b);
    }
}

/* After a global average, into the bias of a Gemm that has one a row, a number, or none. */
Test(remove_dead_channels, constants_into_a_gemm)
{
    for (int way = 0; way < 5; way++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 2, 3, 6, 6);
        struct node *conv = b_conv(&b, "conv", x, 3, 4, 3);
        struct value *y = b_node(&b, &op_unary_RELU, "relu", conv->out[0])->out[0];
        struct value *c = way == 0 ? b_random(&b, "c", 7) : way == 1 ? b_random(&b, "c", 2, 1) :
                          way == 2 ? b_random(&b, "c", 2, 7) : way == 3 ? b_random(&b, "c", 1) : NULL;

        y = b_node(&b, &op_global_average_pool, "gap", y)->out[0];
        y = flat(&b, y);
        struct value *w = b_random(&b, "w", 4, 7);
        struct node *gemm = c ? b_node(&b, &op_gemm, "gemm", y, w, c) :
                                b_node(&b, &op_gemm, "gemm", y, w);

        *(struct gemm_attr *)gemm->attr = (struct gemm_attr){ 0.5f, 2.0f, false, false };
        kill_filters(conv, 1, 4, 0.3f);
        b_output(&b, gemm->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, 1e-6), "way %d", way);
        cr_assert_eq(channels(conv), 2);
        b_free(&b);
    }
}

/* Weights that two share are cut for each of them alone. */
Test(remove_dead_channels, shared_weights)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 4, 6, 6);
    struct node *one = b_conv(&b, "one", x, 4, 4, 3);
    struct node *two = b_conv_of(&b, "two", one->out[0], one->in[CONV_W], one->in[CONV_B]);

    kill_filters(one, 3, 4, 0.0f);
    b_output(&b, two->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, SAME_NUMBERS));
    cr_assert_eq(channels(one), 3);
    cr_assert_eq(channels(two), 4);
    b_free(&b);
}

Test(remove_dead_channels, one_stays)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
    struct node *one = b_conv(&b, "one", x, 3, 4, 3);

    fill_part(one->in[CONV_W], 0, 1, 0.0f);
    fill_part(one->in[CONV_B], 0, 1, 0.0f);
    b_output(&b, b_conv(&b, "two", one->out[0], 4, 2, 3)->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_remove_dead_channels, SAME_NUMBERS));
    cr_assert_eq(channels(one), 1);
    cr_assert(pass_leaves(&b, pass_remove_dead_channels));
    b_free(&b);
}

enum refusal { OUTPUT, CONCAT_LIKE, GROUPS, NAN_COLUMN, NAN_FILTER, VARIES, BY_PIXEL, UNKNOWN_READER,
               N_REFUSALS };

Test(remove_dead_channels, not_if)
{
    for (int why = 0; why < N_REFUSALS; why++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
        struct node *one = b_conv(&b, "one", x, 3, 4, 3);
        struct value *y = one->out[0];

        kill_filters(one, 1, 4, 0.0f);
        if (why == BY_PIXEL) {
            struct value *pixels = b_input(&b, "p", DT_F32, 4, 6, 6);

            y = b_node(&b, &op_mul, "mul", y, pixels)->out[0];
        }
        struct node *two = b_conv(&b, "two", y, 4, 2, 3);

        if (why == OUTPUT)
            b_output(&b, y);
        if (why == CONCAT_LIKE || why == UNKNOWN_READER)
            b_output(&b, b_node(&b, why == UNKNOWN_READER ? &op_softmax : &op_identity, "n", y)->out[0]);
        if (why == GROUPS) {
            node_set_input(b.g, two, CONV_W, b_random(&b, "g", 2, 2, 3, 3));
            ((struct conv_attr *)two->attr)->group = 2;
        }
        if (why == NAN_COLUMN)
            elements(two->in[CONV_W])[9] = elements(two->in[CONV_W])[27] = NAN;
        if (why == NAN_FILTER)
            elements(one->in[CONV_W])[27] = elements(one->in[CONV_W])[3 * 27] = NAN;
        if (why == VARIES)
            node_set_input(b.g, two, CONV_W, b_input(&b, "v", DT_F32, 2, 4, 3, 3));
        b_output(&b, two->out[0]);
        b_infer(&b);
        cr_assert(pass_leaves(&b, pass_remove_dead_channels), "case %d", why);
        b_free(&b);
    }
}

static double macs_of(const struct graph *g)
{
    double macs = 0.0;

    graph_foreach_node(n, g)
        macs += n->op->macs ? n->op->macs(n) : 0.0;
    return macs;
}

/* Says what it saved. */
Test(remove_dead_channels, logs_what_it_saved)
{
    for (int rounds = 0; rounds < 2; rounds++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);
        struct node *one = b_conv(&b, "one", x, 3, 4, 3);

        kill_filters(one, 1, 2, rounds ? 0.25f : 0.0f);
        b_output(&b, b_conv(&b, "two", one->out[0], 4, 2, 1)->out[0]);
        b_infer(&b);
        const double before = macs_of(b.g);

        rewrite_begin(b.g, "test");
        cr_assert(pass_remove_dead_channels(b.g));
        const struct rewrite *r = b.g->rewrites;

        cr_assert_eq(r->exactness, REWRITE_ROUNDED);
        cr_assert_str_eq(r->node, "one (Conv)");
        cr_assert_eq(r->macs, before - macs_of(b.g));
        cr_assert_eq(r->macs, 36.0 * (27.0 + 2.0));
        cr_assert_eq(r->bytes, 4.0 * (27.0 + 1.0 + 2.0));
        cr_assert(!strncmp(r->why, "1 of its 4 channels ", 20), "%s", r->why);
        b_free(&b);
    }
}
