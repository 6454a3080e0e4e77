// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include "ops/clip.h"
#include "ops/conv.h"
#include "ops/unary.h"

#include <criterion/criterion.h>
#include <math.h>

static struct value *clip(struct build *b, const char *name, struct value *x, float lo, float hi)
{
    struct node *n = b_node(b, &op_clip_6, name, x);

    ((struct clip_attr *)n->attr)->lo = lo;
    ((struct clip_attr *)n->attr)->hi = hi;
    return n->out[0];
}

static struct value *relu(struct build *b, const char *name, struct value *x)
{
    return b_node(b, &op_unary_RELU, name, x)->out[0];
}

Test(drop_activation, of_what_a_relu_has_made)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);

    x = b_pool(&b, &op_max_pool, "pool", relu(&b, "one", x), 2, 2)->out[0];
    b_output(&b, b_node(&b, &op_unary_NEG, "neg", relu(&b, "two", x))->out[0]);
    b_infer(&b);
    cr_assert(pass_turns(&b, pass_drop_activation,
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  %1 = Relu(%0)  f32[1,3,6,6]  # one (Relu)\n"
        "  %2 = MaxPool(%1) kernel=2x2 stride=2x2  f32[1,3,3,3]  # pool (MaxPool)\n"
        "  %3 = Relu(%2)  f32[1,3,3,3]  # two (Relu)\n"
        "  %4 = Neg(%3)  f32[1,3,3,3]  # neg (Neg)\n"
        "  output  %4 neg_out  f32[1,3,3,3]\n",
        "graph g\n"
        "  input   %0 x  f32[1,3,6,6]\n"
        "  %1 = Relu(%0)  f32[1,3,6,6]  # one (Relu)\n"
        "  %2 = MaxPool(%1) kernel=2x2 stride=2x2  f32[1,3,3,3]  # pool (MaxPool)\n"
        "  %3 = Identity(%2)  f32[1,3,3,3]  # two (Relu)\n"
        "  %4 = Neg(%3)  f32[1,3,3,3]  # neg (Neg)\n"
        "  output  %4 neg_out  f32[1,3,3,3]\n", 0.0));
    b_free(&b);
}

/* Ways to come from something that is at least 0 to something that is, or is not. */
enum way {
    ADD, MUL, CONCAT, AVERAGE, FLATTEN, SIGMOID, TRANSPOSE, MAX, MINIMUM, SCALE,
    N_POSITIVE,
    SUB = N_POSITIVE, NEG, MAX_OF_NOTHING, CONV, LEAKY, MINIMUM_OF_ONE, SCALE_BELOW, PLAIN,
    N_WAYS
};

static struct value *go(struct build *b, enum way way, struct value *x, struct value *any)
{
    switch (way) {
    case ADD: return b_node(b, &op_add, "n", x, x)->out[0];
    case MUL: return b_node(b, &op_mul, "n", x, x)->out[0];
    case SUB: return b_node(b, &op_sub, "n", x, x)->out[0];
    case NEG: return b_node(b, &op_unary_NEG, "n", x)->out[0];
    case AVERAGE: return b_node(b, &op_global_average_pool, "n", x)->out[0];
    case FLATTEN: return b_node(b, &op_flatten, "n", x)->out[0];
    case SIGMOID: return b_node(b, &op_unary_SIGMOID, "n", any)->out[0];
    case MAX: return b_node(b, &op_max, "n", any, x)->out[0];
    case MINIMUM: return b_node(b, &op_min, "n", x, x)->out[0];
    case MINIMUM_OF_ONE: return b_node(b, &op_min, "n", x, any)->out[0];
    case CONV: return b_conv(b, "n", x, 3, 3, 1)->out[0];
    case LEAKY: return b_node(b, &op_unary_LEAKY_RELU, "n", any)->out[0];
    case SCALE:
    case SCALE_BELOW: {
        struct value *s = b_positive(b, "s", 3), *t = b_positive(b, "t", 3);

        elements(t)[1] = way == SCALE ? 0.0f : -0.5f;
        return b_node(b, &op_scale_shift, "n", x, s, t)->out[0];
    }
    case MAX_OF_NOTHING: { /* windows that lie in the padding alone give the least number */
        struct node *pool = b_pool(b, &op_max_pool, "n", x, 2, 2);

        b_window(pool)->pad[0] = 2;
        return pool->out[0];
    }
    default: return any;
    }
}

Test(drop_activation, ways)
{
    for (int way = 0; way < N_WAYS; way++) {
        struct build b = b_new("g");
        struct value *any = b_input(&b, "x", DT_F32, 1, 3, 6, 6);

        if (way == CONCAT || way == TRANSPOSE)
            continue; /* their attributes are private: see the random graphs */
        struct value *y = go(&b, (enum way)way, relu(&b, "one", any), any);

        b_output(&b, relu(&b, "two", y));
        b_infer(&b);
        if (way < N_POSITIVE)
            cr_assert(pass_keeps_results(&b, pass_drop_activation, 0.0), "way %d", way);
        else
            cr_assert(pass_leaves(&b, pass_drop_activation), "way %d", way);
        b_free(&b);
    }
}

Test(drop_activation, bounds_of_clip)
{
    static const struct { float lo, hi, lo2, hi2; bool goes; } cases[] = {
        { 0, 6, 0, 6, true }, { 0, 6, -1, 7, true }, { 0, 6, 1, 6, false }, { 0, 6, 0, 5, false },
        { -1, FLT_MAX, -1, FLT_MAX, true }, { 0, FLT_MAX, 0, 6, false },
        { 0, INFINITY, -INFINITY, INFINITY, true },
    };

    for (int i = 0; i < 7; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 6, 6);

        x = clip(&b, "one", x, cases[i].lo, cases[i].hi);
        b_output(&b, clip(&b, "two", x, cases[i].lo2, cases[i].hi2));
        b_infer(&b);
        if (cases[i].goes)
            cr_assert(pass_keeps_results(&b, pass_drop_activation, 0.0), "case %d", i);
        else
            cr_assert(pass_leaves(&b, pass_drop_activation), "case %d", i);
        b_free(&b);
    }
}

/* An activation that was fused: of a scale, and of zeros with a residual. */
Test(drop_activation, fused)
{
    struct build b = b_new("g");
    struct value *x = relu(&b, "one", b_input(&b, "x", DT_F32, 1, 3, 6, 6));
    struct value *s = b_positive(&b, "s", 3), *t = b_positive(&b, "t", 3);
    struct node *scale = b_node(&b, &op_scale_shift, "scale", x, s, t);
    struct node *conv = b_conv(&b, "conv", x, 3, 3, 3);

    scale->act.kind = ACT_LEAKY_RELU;
    fill_part(conv->in[CONV_W], 0, 1, 0.0f);
    fill_part(conv->in[CONV_B], 0, 1, 0.25f);
    node_set_input(b.g, conv, CONV_ADD, scale->out[0]);
    conv->act.kind = ACT_RELU;
    b_output(&b, conv->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, pass_drop_activation, 0.0));
    cr_assert_eq(scale->act.kind, ACT_NONE);
    cr_assert_eq(conv->act.kind, ACT_NONE);
    b_free(&b);
}

/* An average of equal numbers may be off by its rounding: how it compares with another
 * number is not known. */
Test(drop_activation, not_after_numbers_that_cancel)
{
    const float bias = 0.1f, almost[] = { -nextafterf(bias, 0.0f) };
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 2, 7, 9);
    struct node *conv = b_conv(&b, "conv", x, 2, 1, 1);
    float *w = (float *)(uintptr_t)conv->in[CONV_W]->data;

    for (int64_t i = 0; i < shape_len(&conv->in[CONV_W]->shape); i++)
        w[i] = 0.0f;
    node_set_input(b.g, conv, CONV_B,
                   graph_add_constant(b.g, "bias", DT_F32, shape_of(1), &bias));
    x = b_node(&b, &op_global_average_pool, "pool", conv->out[0])->out[0];
    x = b_node(&b, &op_add, "add", x,
               graph_add_constant(b.g, "almost", DT_F32, shape_of(1), almost))->out[0];
    b_output(&b, relu(&b, "relu", x));
    b_infer(&b);
    cr_assert(!pass_drop_activation(b.g));
    b_free(&b);
}
