// SPDX-License-Identifier: Apache-2.0
/* The passes together: what becomes of residual blocks. */
#include "check.h"

#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/conv.h"
#include "ops/pad.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <string.h>

static const struct pass_options all = { .level = 1 };

static bool run_all(struct graph *g)
{
    run_passes(g, &all);
    return true;
}

/* relu(conv2(relu(conv1(x))) + x) */
static struct value *block(struct build *b, struct value *x, int64_t channels)
{
    struct value *y = b_conv(b, "conv1", x, channels, channels, 3)->out[0];

    y = b_node(b, &op_unary_RELU, "relu1", y)->out[0];
    y = b_conv(b, "conv2", y, channels, channels, 3)->out[0];
    y = b_node(b, &op_add, "add", y, x)->out[0];
    return b_node(b, &op_unary_RELU, "relu2", y)->out[0];
}

Test(run_passes, residual_block_is_two_steps)
{
    struct build b = b_new("g");

    b_output(&b, block(&b, b_input(&b, "x", DT_F32, 1, 4, 6, 6), 4));
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, run_all, 1e-5));
    cr_assert(b_text_is(&b,
        "graph g\n"
        "  input   %0 x  f32[1,4,6,6]\n"
        "  const   %1 conv1_w  f32[4,4,3,3]\n"
        "  const   %2 conv1_b  f32[4]\n"
        "  const   %5 conv2_w  f32[4,4,3,3]\n"
        "  const   %6 conv2_b  f32[4]\n"
        "  %4 = Conv(%0, %1, %2) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,4,6,6]"
        "  # conv1 (Conv) + relu1 (Relu)\n"
        "  %9 = Conv(%4, %5, %6, %0) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,4,6,6]"
        "  # conv2 (Conv) + add (Add) + relu2 (Relu)\n"
        "  output  %9 relu2_out  f32[1,4,6,6]\n"));
    b_free(&b);
}

Test(run_passes, residual_block_of_zeros_is_relu)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 5, 5);

    b_output(&b, block(&b, x, 3));
    b_output(&b, b_node(&b, &op_unary_RELU, "wanted", x)->out[0]);
    graph_foreach_node(n, b.g)
        for (int i = CONV_W; n->op == &op_conv && i <= CONV_B; i++)
            n->in[i]->data = arena_alloc(b.arena, (size_t)shape_len(&n->in[i]->shape) *
                                                      sizeof(float));
    b_infer(&b);
    run_passes(b.g, &all);
    const void **out = b_run(&b);

    cr_assert_arr_eq(out[0], out[1], 2 * 3 * 5 * 5 * sizeof(float));
    b_free(&b);
}

/* A block that changes the size: batch norms, a projection, Sum, padding, a head. */
Test(run_passes, projection_block_with_batch_norms)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2, 3, 9, 9);
    static const int64_t pads[] = { 0, 0, 1, 1, 0, 0, 1, 1 };
    struct value *list = b_i64(&b, "pads", 8, pads);
    struct value *w = b_random(&b, "w", 4, 3, 3, 3);
    struct node *one = b_conv_of(&b, "one", b_node(&b, &op_pad, "pad", x, list)->out[0], w, NULL);
    struct value *y = b_batch_norm(&b, "bn1", one->out[0], 4)->out[0];

    memset(b_window(one)->pad, 0, sizeof(b_window(one)->pad));
    y = b_node(&b, &op_unary_RELU, "relu1", y)->out[0];
    y = b_conv(&b, "two", y, 4, 4, 3)->out[0];
    y = b_batch_norm(&b, "bn2", y, 4)->out[0];
    struct value *z = b_conv(&b, "projection", x, 3, 4, 1)->out[0];

    z = b_batch_norm(&b, "bn3", z, 4)->out[0];
    y = b_node(&b, &op_sum, "sum", y, z)->out[0];
    y = b_node(&b, &op_unary_RELU, "relu2", y)->out[0];
    y = b_node(&b, &op_global_average_pool, "pool", y)->out[0];
    y = b_node(&b, &op_dropout, "drop", y)->out[0];
    b_output(&b, b_node(&b, &op_flatten, "flat", y)->out[0]);
    b_infer(&b);
    cr_assert(pass_keeps_results(&b, run_all, 1e-5));
    const struct op *const wanted[] = {
        &op_conv, &op_conv, &op_conv, &op_global_average_pool, &op_flatten,
    };
    int i = 0;

    graph_foreach_node(n, b.g)
        cr_assert(i < 5 && n->op == wanted[i++], "%s", b_text(&b));
    cr_assert_eq(i, 5);
    b_free(&b);
}

/* BatchNormalization behind a Mul: the Mul must go before it is lowered. */
Test(run_passes, whatever_the_order)
{
    for (int order = 0; order < 6; order++) {
        struct build b = b_new("g");
        struct value *y = b_conv(&b, "conv", b_input(&b, "x", DT_F32, 1, 3, 4, 4), 3, 4, 3)->out[0];

        for (int i = 0; i < 3; i++) {
            static const int orders[6][3] = {
                { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
            };

            if (orders[order][i] == 0)
                y = b_batch_norm(&b, "bn", y, 4)->out[0];
            else if (orders[order][i] == 1)
                y = b_node(&b, &op_mul, "mul", y, b_random(&b, "c", 4, 1, 1))->out[0];
            else
                y = b_batch_norm(&b, "bn2", y, 4)->out[0];
        }
        b_output(&b, b_node(&b, &op_unary_RELU, "relu", y)->out[0]);
        b_infer(&b);
        cr_assert(pass_keeps_results(&b, run_all, 1e-5), "order %d", order);
        cr_assert_eq(b.g->first, b.g->last, "%s", b_text(&b));
        cr_assert_eq(b.g->first->act.kind, ACT_RELU);
        b_free(&b);
    }
}

static uint32_t choose(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % n;
}

/* A random node on top of two random values of [1,3,5,5]. */
static struct value *random_node(struct build *b, uint32_t *seed, int i, struct value *x,
                                 struct value *y)
{
    const char *name = arena_printf(b->arena, "n%d", i);

    switch (choose(seed, 9)) {
    case 0:
    case 1: {
        struct value *w = b_uniform(b, "w", -0.3f, 0.3f, shape_of(3, 3, 3, 3));

        return b_conv_of(b, name, x, w, NULL)->out[0];
    }
    case 2:
        return b_batch_norm(b, name, x, 3)->out[0];
    case 3:
    case 4:
        return b_node(b, &op_add, name, x, y)->out[0];
    case 5:
        return b_node(b, &op_sum, name, x, y, x)->out[0];
    case 6:
        return b_node(b, &op_identity, name, x)->out[0];
    case 7:
        return b_node(b, &op_mul, name, x, b_random(b, "c", 3, 1, 1))->out[0];
    default:
        return b_node(b, &op_unary_RELU, name, x)->out[0];
    }
}

struct size {
    double macs, bytes; /* multiply-adds; constants that are read */
};

static struct size size_of(const struct graph *g)
{
    struct size s = { 0.0, 0.0 };

    graph_foreach_node(n, g)
        s.macs += n->op->macs ? n->op->macs(n) : 0.0;
    for (int i = 0; i < g->n_values; i++)
        if (g->values[i]->data && g->values[i]->n_users)
            s.bytes += (double)value_size(g->values[i]);
    return s;
}

/* The list of rewrites says all of it. */
static void check_saved(const struct graph *g, struct size before)
{
    const struct size after = size_of(g);

    for (const struct rewrite *r = g->rewrites; r; r = r->next) {
        before.macs -= r->macs;
        before.bytes -= r->bytes;
        cr_assert(pass_find(r->pass) && *r->node && *r->why);
    }
    cr_assert_eq(before.macs, after.macs);
    cr_assert_eq(before.bytes, after.bytes);
}

Test(run_passes, random_graphs_compute_the_same)
{
    for (uint32_t round = 0; round < 200; round++) {
        struct build b = b_new("g");
        uint32_t seed = round * 7919u + 1u;
        struct value *made[12];
        const int n = 3 + (int)choose(&seed, 9);

        made[0] = b_input(&b, "x", DT_F32, 1, 3, 5, 5);
        for (int i = 1; i < n; i++) {
            /* mostly the newest, so that chains grow */
            struct value *x = made[choose(&seed, 3) ? i - 1 : (int)choose(&seed, (uint32_t)i)];
            struct value *y = made[choose(&seed, (uint32_t)i)];

            made[i] = random_node(&b, &seed, i, x, y);
        }
        for (int i = 1; i < n; i++)
            if (!made[i]->n_users || !choose(&seed, 6))
                b_output(&b, made[i]);
        b_infer(&b);
        const struct size before = size_of(b.g);

        cr_assert(pass_keeps_results(&b, run_all, 2e-5), "round %u\n%s", round, b_text(&b));
        check_saved(b.g, before);
        for (int i = 0; i < n_all_passes; i++)
            cr_assert(pass_leaves(&b, all_passes[i].run), "round %u, %s", round,
                      all_passes[i].name);
        b_free(&b);
    }
}

Test(run_passes, levels_and_names)
{
    static const struct { struct pass_options opt; int nodes; } cases[] = {
        { { .level = 1 }, 1 },
        { { .level = 0 }, 4 },
        { { .level = 1, .disable = "all" }, 4 },
        { { .level = 1, .disable = "fuse_activation" }, 2 },
        { { .level = 1, .disable = "fuse_add,fuse_activation" }, 3 },
        { { .level = 1, .disable = "remove_identity,fuse_activation,fuse_add" }, 4 },
        { { .level = 1, .disable = "fuse" }, 1 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 3, 5, 5);
        struct value *y = b_conv(&b, "conv", x, 3, 3, 3)->out[0];
        int nodes = 0;

        y = b_node(&b, &op_identity, "id", y)->out[0];
        y = b_node(&b, &op_add, "add", y, x)->out[0];
        b_output(&b, b_node(&b, &op_unary_RELU, "relu", y)->out[0]);
        b_infer(&b);
        run_passes(b.g, &cases[i].opt);
        graph_foreach_node(n, b.g)
            nodes++;
        cr_assert_eq(nodes, cases[i].nodes, "case %zu: %d nodes", i, nodes);
        b_free(&b);
    }
    cr_assert_null(pass_find("fuse"));
    cr_assert_eq(pass_find("fuse_add")->run, pass_fuse_add);
}

Test(run_passes, print_after, .init = cr_redirect_stderr)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 2);

    b_output(&b, b_node(&b, &op_unary_NEG, "neg", x)->out[0]);
    b_infer(&b);
    run_passes(b.g, &(struct pass_options){ .level = 1, .print_after = "fuse_add,remove_dead" });
    fflush(stderr);
    cr_assert_stderr_eq_str(
        "# after fuse_add\n"
        "graph g\n"
        "  input   %0 x  f32[2]\n"
        "  %1 = Neg(%0)  f32[2]  # neg (Neg)\n"
        "  output  %1 neg_out  f32[2]\n"
        "# after remove_dead\n"
        "graph g\n"
        "  input   %0 x  f32[2]\n"
        "  %1 = Neg(%0)  f32[2]  # neg (Neg)\n"
        "  output  %1 neg_out  f32[2]\n");
    b_free(&b);
}
