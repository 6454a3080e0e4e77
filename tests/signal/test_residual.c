// SPDX-License-Identifier: Apache-2.0
/* Residual blocks are found by structure, in every form in which networks have them. */
#include "analysis/residual.h"
#include "base/arena.h"
#include "build.h"
#include "ops/transpose.h"
#include "passes/pass.h"

#include <criterion/criterion.h>

enum { C = 4 }; /* channels, wherever they do not matter */

static struct value *input(struct build *b, const char *name)
{
    return b_input(b, name, DT_F32, 1, C, 6, 6);
}

static struct value *conv(struct build *b, const char *name, struct value *x)
{
    return b_conv(b, name, x, C, C, 3)->out[0];
}

static struct value *relu(struct build *b, const char *name, struct value *x)
{
    return b_node(b, &op_unary_RELU, name, x)->out[0];
}

static struct value *norm(struct build *b, const char *name, struct value *x)
{
    return b_batch_norm(b, name, x, C)->out[0];
}

static struct value *add(struct build *b, const char *name, struct value *x, struct value *y)
{
    return b_node(b, &op_add, name, x, y)->out[0];
}

/* conv(relu(conv(x))) */
static struct value *two_convs(struct build *b, const char *name, struct value *x)
{
    struct value *y = conv(b, arena_printf(b->arena, "%s_1", name), x);

    y = relu(b, arena_printf(b->arena, "%s_relu", name), y);
    return conv(b, arena_printf(b->arena, "%s_2", name), y);
}

static const char *name_of(const struct value *v)
{
    return v ? v->name : "NULL";
}

/* A line each: "from | skip | branch | to, N convs[, projection]". */
static const char *blocks_text(struct build *b)
{
    int n;
    const struct residual_block *k = residual_blocks(b->g, &n);
    const char *text = "";

    for (int i = 0; i < n; i++)
        text = arena_printf(b->arena, "%s%s | %s | %s | %s, %d convs%s\n", text, name_of(k[i].from),
                            name_of(k[i].skip), name_of(k[i].branch), name_of(k[i].to),
                            k[i].n_convs, k[i].projection ? ", projection" : "");
    return text;
}

/* Ends the graph in `y`. */
static void expect(struct build *b, struct value *y, const char *wanted)
{
    b_output(b, y);
    b_infer(b);
    const char *got = blocks_text(b);

    cr_expect_str_eq(got, wanted, "got\n%swanted\n%s", got, wanted);
    b_free(b);
}

Test(residual, basic_block_either_way_round)
{
    for (int swapped = 0; swapped < 2; swapped++) {
        struct build b = b_new("g");
        struct value *x = input(&b, "x");
        struct value *y = norm(&b, "bn", two_convs(&b, "f", x));
        struct value *sum = swapped ? add(&b, "add", y, x) : add(&b, "add", x, y);

        expect(&b, relu(&b, "relu", sum), "x | x | bn_out | relu_out, 2 convs\n");
    }
}

Test(residual, without_activation_behind_the_join)
{
    struct build b = b_new("g");
    struct value *x = relu(&b, "first", input(&b, "x"));

    expect(&b, add(&b, "add", x, conv(&b, "f", x)),
           "first_out | first_out | f_out | add_out, 1 convs\n");
}

Test(residual, an_activation_of_several_readers_is_not_the_end_of_a_block)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *sum = add(&b, "add", x, conv(&b, "f", x));
    struct value *y = relu(&b, "relu", sum);

    expect(&b, b_node(&b, &op_mul, "mul", y, sum)->out[0], "x | x | f_out | add_out, 1 convs\n");
}

Test(residual, bottleneck)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *y = relu(&b, "r1", b_conv(&b, "shrink", x, C, 2, 1)->out[0]);

    y = relu(&b, "r2", b_conv(&b, "mid", y, 2, 2, 3)->out[0]);
    y = b_conv(&b, "grow", y, 2, C, 1)->out[0];
    expect(&b, relu(&b, "relu", add(&b, "add", y, x)), "x | x | grow_out | relu_out, 3 convs\n");
}

Test(residual, projection)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *y = two_convs(&b, "f", x);
    struct value *skip = norm(&b, "skip_bn", b_conv(&b, "skip", x, C, C, 1)->out[0]);

    expect(&b, relu(&b, "relu", add(&b, "add", y, skip)),
           "x | skip_bn_out | f_2_out | relu_out, 2 convs, projection\n");
}

/* What is in front of both ways belongs to neither. */
Test(residual, pre_activation)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *a = relu(&b, "r1", norm(&b, "bn1", x));
    struct value *skip = b_conv(&b, "skip", a, C, C, 1)->out[0];
    struct value *y = add(&b, "first", skip, two_convs(&b, "f", a));
    struct value *z = two_convs(&b, "g", relu(&b, "r2", norm(&b, "bn2", y)));

    expect(&b, add(&b, "second", y, z),
           "r1_out | skip_out | f_2_out | first_out, 2 convs, projection\n"
           "first_out | first_out | g_2_out | second_out, 2 convs\n");
}

Test(residual, sum_is_add)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *y = conv(&b, "f", x);

    expect(&b, b_node(&b, &op_sum, "sum", x, y)->out[0], "x | x | f_out | sum_out, 1 convs\n");
}

/* The passes put the Add and the Relu into the Conv that comes last, which is the join
 * then: that of the branch, or a projection. */
Test(residual, fused)
{
    for (int projection_last = 0; projection_last < 2; projection_last++) {
        struct build b = b_new("g");
        struct value *x = input(&b, "x");
        struct value *y = relu(&b, "relu1", add(&b, "add1", x, two_convs(&b, "f", x)));
        struct value *z = projection_last ? two_convs(&b, "g", y) : NULL;
        struct value *skip = b_conv(&b, "skip", y, C, C, 1)->out[0];
        int n;

        if (!z)
            z = two_convs(&b, "g", y);
        b_output(&b, relu(&b, "relu2", add(&b, "add2", skip, z)));
        b_infer(&b);
        run_passes(b.g, &(struct pass_options){ .level = 1 });
        const char *wanted = projection_last ?
            "x | x | NULL | relu1_out, 2 convs\n"
            "relu1_out | NULL | g_2_out | relu2_out, 2 convs, projection\n" :
            "x | x | NULL | relu1_out, 2 convs\n"
            "relu1_out | skip_out | NULL | relu2_out, 2 convs, projection\n";

        cr_expect_str_eq(blocks_text(&b), wanted, "%s%s", blocks_text(&b), b_text(&b));
        const struct residual_block *k = residual_blocks(b.g, &n);
        const int *at = residual_branch_of(b.g, k, n);

        cr_expect(k[0].join->op == &op_conv && k[1].join->op == &op_conv);
        cr_expect_eq(at[k[0].join->id], 0, "it ends its branch");
        cr_expect_eq(at[k[1].join->id], projection_last ? -1 : 1);
        b_free(&b);
    }
}

Test(residual, nested)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *y = conv(&b, "a", x);
    struct value *z = add(&b, "inner", y, conv(&b, "f", y));

    expect(&b, add(&b, "outer", x, conv(&b, "c", z)),
           "a_out | a_out | f_out | inner_out, 1 convs\n"
           "x | x | c_out | outer_out, 3 convs\n");
}

/* To half the size, a block there, back to the size (each row times `up`, then each
 * column), and a long way beside it. */
Test(residual, long_skip)
{
    struct build b = b_new("g");
    struct value *x = conv(&b, "in", input(&b, "x"));
    struct value *y = b_pool(&b, &op_max_pool, "half", x, 2, 2)->out[0];
    struct value *up = b_random(&b, "up", 3, 6);

    y = add(&b, "low", y, two_convs(&b, "f", y));
    y = b_node(&b, &op_mat_mul, "rows", y, up)->out[0];
    struct node *turn = b_node(&b, &op_transpose, "turn", y);

    *(struct transpose_attr *)turn->attr = (struct transpose_attr){ { 0, 1, 3, 2 }, 4 };
    y = b_node(&b, &op_mat_mul, "columns", turn->out[0], up)->out[0];
    expect(&b, add(&b, "high", x, y),
           "half_out | half_out | f_2_out | low_out, 2 convs\n"
           "in_out | in_out | columns_out | high_out, 4 convs\n");
}

Test(residual, none)
{
    struct build b = b_new("two inputs");
    struct value *x = input(&b, "x");
    struct value *z = input(&b, "z");

    expect(&b, add(&b, "add", x, conv(&b, "f", z)), "");

    b = b_new("branches of the same length");
    x = input(&b, "x");
    struct value *left = conv(&b, "left", x);

    expect(&b, add(&b, "add", left, conv(&b, "right", x)), "");

    b = b_new("no product at all");
    x = input(&b, "x");
    expect(&b, add(&b, "add", x, b_node(&b, &op_unary_SIGMOID, "s", x)->out[0]), "");

    b = b_new("a constant");
    x = input(&b, "x");
    expect(&b, add(&b, "add", conv(&b, "f", x), b_random(&b, "c", 1, C, 6, 6)), "");

    b = b_new("broadcast");
    x = input(&b, "x");
    struct value *mean = b_node(&b, &op_global_average_pool, "mean", conv(&b, "f", x))->out[0];

    expect(&b, add(&b, "add", x, mean), "");

    b = b_new("a chain");
    expect(&b, two_convs(&b, "f", input(&b, "x")), "");
}

Test(residual, branch_of_is_the_innermost)
{
    struct build b = b_new("g");
    struct value *x = input(&b, "x");
    struct value *y = conv(&b, "a", x);
    struct value *inner = conv(&b, "f", y);
    struct value *z = conv(&b, "c", add(&b, "inner", y, inner));
    struct value *skip = b_conv(&b, "skip", x, C, C, 1)->out[0];
    int n;

    b_output(&b, add(&b, "outer", skip, z));
    b_infer(&b);
    const struct residual_block *k = residual_blocks(b.g, &n);
    const int *at = residual_branch_of(b.g, k, n);

    cr_assert_eq(n, 2);
    cr_expect_eq(at[inner->producer->id], 0);
    cr_expect_eq(at[y->producer->id], 1);
    cr_expect_eq(at[z->producer->id], 1);
    cr_expect_eq(at[k[0].join->id], 1, "the inner join is in the outer branch");
    cr_expect_eq(at[skip->producer->id], -1, "a projection is in no branch");
    cr_expect_eq(at[k[1].join->id], -1);
    b_free(&b);
}

/* Longer than a search goes back: not found, but soon. */
Test(residual, a_model_of_many_sums_is_soon_done, .timeout = 60)
{
    enum { N = 20000 };
    struct build b = b_new("g");
    struct value *x = conv(&b, "first", input(&b, "x"));
    struct value *y = x;
    int n;

    for (int i = 0; i < N; i++)
        y = add(&b, arena_printf(b.arena, "a%d", i), y, x);
    y = conv(&b, "f", y);
    b_output(&b, add(&b, "last", x, y));
    b_infer(&b);
    residual_blocks(b.g, &n);
    cr_expect_eq(n, 0);
    b_free(&b);
}
