// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "codegen/cost.h"
#include "codegen/stages.h"
#include "planned.h"

#include <criterion/criterion.h>
#include <string.h>

/* n convolutions of 16 channels and 16x16 pixels in a row; the last value. */
static struct value *chain(struct build *b, struct value *x, int n)
{
    for (int i = 0; i < n; i++)
        x = b_conv(b, arena_printf(b->arena, "conv%d", i), x, 16, 16, 3)->out[0];
    return x;
}

static struct plan *chosen(struct build *b, struct measured_times *m)
{
    return plan_of(b, &(struct plan_options){ .measured = m });
}

static double reorder_us(const struct build *b)
{
    return cost_reorder(b->g->inputs[0]);
}

/* One layer in blocks amid others is worth it only if it wins two reorders. */
Test(choose, one_layer_changes_layout_only_if_that_pays)
{
    for (int pays = 0; pays < 2; pays++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 16, 16, 16);

        b_output(&b, chain(&b, x, 3));
        struct measured_times *m = times_new(&b);
        const double two = 2 * cost_reorder(x);

        times_set(&b, m, 0, 300, 300, 100);
        times_set(&b, m, 1, 100, 300, 100 + (pays ? 1.1 : 0.9) * two);
        times_set(&b, m, 2, 300, 300, 100);
        const struct plan *p = chosen(&b, m);

        cr_assert_eq(plan_reorders(p), pays ? 2 : 0, "%s", plan_kernels(&b, p));
        cr_assert_eq(p->layout[p->nodes[1]->out[0]->id].kind, pays ? LAYOUT_C16 : LAYOUT_NCHW);
        b_free(&b);
    }
}

/* Every layer alone is a little faster in NCHW than with two reorders around
 * it; all together in blocks are faster. */
Test(choose, a_stretch_changes_layout_as_a_whole)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 16, 16);

    b_output(&b, chain(&b, x, 6));
    struct measured_times *m = times_new(&b);

    for (int i = 0; i < 6; i++)
        times_set(&b, m, i, 100, 500, 100 + reorder_us(&b));
    const struct plan *p = chosen(&b, m);

    cr_assert_eq(plan_reorders(p), 2);
    cr_assert_float_eq(p->us, 600 + 2 * reorder_us(&b), 1e-6);
    b_free(&b);
}

/* A reader that cannot work in blocks costs one reorder, however many read so. */
Test(choose, branches_share_a_reorder)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 16, 16);
    struct value *y = chain(&b, x, 1);

    for (int i = 0; i < 3; i++) {
        struct value *z = b_node(&b, &op_softmax, arena_printf(b.arena, "softmax%d", i), y)->out[0];

        b_output(&b, z);
    }
    struct measured_times *m = times_new(&b);

    times_set(&b, m, 0, 1000, 100, 100 + 0.9 * reorder_us(&b));
    struct plan *p = chosen(&b, m);

    cr_assert_eq(plan_reorders(p), 0, "%s", plan_kernels(&b, p));
    b_free(&b);
}

static struct value *residual(struct build *b, struct value *x, const char *name)
{
    struct node *n = b_conv(b, arena_printf(b->arena, "%s_a", name), x, 16, 16, 3);

    n = b_conv(b, arena_printf(b->arena, "%s_b", name), n->out[0], 16, 16, 3);
    n = b_node(b, &op_add, name, n->out[0], x);
    return b_node(b, &op_unary_RELU, arena_printf(b->arena, "%s_relu", name), n->out[0])->out[0];
}

/* By their predicted times residual blocks stay in one layout. */
Test(choose, residual_blocks_stay_in_blocks)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 28, 28);

    x = residual(&b, x, "one");
    x = residual(&b, x, "two");
    b_output(&b, residual(&b, x, "three"));
    struct plan *p = plan_of(&b, &(struct plan_options){ 0 });

    cr_assert_eq(plan_reorders(p), 2, "%s", plan_kernels(&b, p));
    cr_assert_not(strstr(plan_kernels(&b, p), "im2col"));
    b_free(&b);
}

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

enum { RANDOM_NODES = 5 };

/* Convolutions and sums of earlier values. */
static void random_graph(struct build *b, unsigned *seed)
{
    struct value *v[RANDOM_NODES + 1] = { b_input(b, "x", DT_F32, 1, 16, 8, 8) };

    for (int i = 0; i < RANDOM_NODES; i++) {
        const char *name = arena_printf(b->arena, "n%d", i);
        struct value *x = v[i], *y = v[next(seed) % (unsigned)(i + 1)];

        v[i + 1] = next(seed) % 3 ? b_conv(b, name, next(seed) % 2 ? x : y, 16, 16, 1)->out[0]
                                  : b_node(b, &op_add, name, x, y)->out[0];
    }
    for (int i = 1; i <= RANDOM_NODES; i++)
        if (!v[i]->n_users)
            b_output(b, v[i]);
}

/* The total of one of all combinations of three ways to run each node. */
static double total_of(struct build *b, const struct measured_times *m, int combination)
{
    const char *fn[RANDOM_NODES];
    struct wanted_kernels w = { fn, 0 };
    struct plan p = { 0 };

    graph_foreach_node(n, b->g) {
        static const char *const conv[] = { "conv2d_f32_c16", "conv2d_f32_c16_first",
                                            "conv2d_f32_im2col" };
        static const char *const add[] = { "binary_f32_c16", "binary_f32", "binary_f32" };

        fn[w.n++] = (n->op == &op_conv ? conv : add)[combination % 3];
        combination /= 3;
    }
    plan_choose(b->arena, &p, b->g, &(struct plan_options){ .wanted = &w, .measured = m });
    return p.us;
}

/* The search takes nodes one by one: it may miss the optimum, but not by much. */
Test(choose, random_graphs_are_close_to_the_optimum)
{
    enum { ROUNDS = 60, COMBINATIONS = 243 };
    unsigned seed = 7;
    double worst = 1, sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        struct build b = b_new("g");
        struct plan p = { 0 };
        double best = 1e30;

        random_graph(&b, &seed);
        b_infer(&b);
        struct measured_times *m = times_new(&b);

        for (int i = 0; i < RANDOM_NODES; i++)
            times_set(&b, m, i, 1 + next(&seed) % 8, 1 + next(&seed) % 12, 1 + next(&seed) % 8);
        plan_choose(b.arena, &p, b.g, &(struct plan_options){ .measured = m });
        for (int i = 0; i < COMBINATIONS; i++) {
            const double us = total_of(&b, m, i);

            best = us < best ? us : best;
        }
        cr_assert_geq(p.us, best - 1e-9);
        worst = p.us / best > worst ? p.us / best : worst;
        sum += p.us / best;
        b_free(&b);
    }
    cr_assert_lt(worst, 1.2, "%.3f times the optimum", worst);
    cr_assert_lt(sum / ROUNDS, 1.01, "%.4f times the optimum on average", sum / ROUNDS);
}

/* Whether any candidate of `p` is of that family, or has one of those flags. */
static bool any(const struct plan *p, int family, unsigned flags)
{
    for (int i = 0; i < p->n_nodes; i++) {
        const struct choice *c = &p->choice[p->nodes[i]->id];

        for (int k = 0; k < c->n_candidates; k++)
            if ((int)c->candidates[k].kernel->family == family ||
                c->candidates[k].kernel->flags & flags)
                return true;
    }
    return false;
}

static struct plan *plan_with(struct build *b, const struct plan_options *opt)
{
    *b = b_new("g");
    struct value *x = b_input(b, "x", DT_F32, 1, 32, 14, 14);
    struct value *y = residual(b, b_conv(b, "in", x, 32, 16, 3)->out[0], "block");

    y = b_node(b, &op_global_average_pool, "pool", y)->out[0];
    b_output(b, b_node(b, &op_softmax, "softmax", y)->out[0]);
    return plan_of(b, opt);
}

Test(choose, options_forbid_kernels)
{
    static const struct {
        struct plan_options opt;
        int family; /* that is not there */
        unsigned flags;
    } cases[] = {
        { { .kernels = KERNELS_REF }, FAMILY_BLAS, KERNEL_WINOGRAD },
        { { .kernels = KERNELS_REF }, FAMILY_NATIVE, 0 },
        { { .kernels = KERNELS_BLAS }, FAMILY_NATIVE, 0 },
        { { .strict = true }, -1, KERNEL_WINOGRAD },
        { { .small = true }, -1, KERNEL_GROWS },
        { { .kernels = KERNELS_NATIVE, .strict = true, .small = true }, -1,
          KERNEL_WINOGRAD | KERNEL_GROWS },
    };
    struct build b;

    cr_assert(any(plan_with(&b, &(struct plan_options){ 0 }), FAMILY_NATIVE, 0));
    cr_assert(any(plan_with(&b, &(struct plan_options){ 0 }), -1, KERNEL_WINOGRAD));
    b_free(&b);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert_not(any(plan_with(&b, &cases[i].opt), cases[i].family, cases[i].flags),
                      "case %zu", i);
        b_free(&b);
    }
}

/* --kernels=native takes others only where it has none, however slow it is,
 * and expects the times of what it takes. */
Test(choose, native_takes_others_only_where_it_must)
{
    struct build b = b_new("g");
    struct value *x = b_input(&b, "x", DT_F32, 1, 16, 8, 8);
    struct value *y = b_conv(&b, "conv", x, 16, 16, 3)->out[0];

    b_output(&b, b_node(&b, &op_softmax, "softmax", y)->out[0]);
    struct measured_times *m = times_new(&b);

    times_set(&b, m, 0, 50, 60, 1);
    times_set(&b, m, 1, 0, 0, 2);
    const struct plan *p = plan_of(&b, &(struct plan_options){ .kernels = KERNELS_NATIVE,
                                                                .measured = m });

    cr_assert(strstr(plan_kernels(&b, p), "_c16"), "%s", plan_kernels(&b, p));
    cr_assert(strstr(plan_kernels(&b, p), " softmax_f32"), "%s", plan_kernels(&b, p));
    cr_assert_lt(p->us, 70);
    b_free(&b);
}

/* Every kernel that can run a node is chosen where it is the only one wanted. */
Test(choose, forced_kernels_are_taken)
{
    static const char *const names[] = {
        "conv2d_f32_c16", "conv2d_f32_c16_first", "conv2d_f32_im2col", "conv2d_f32_ref",
        "conv2d_f32_c16_wino2", "conv2d_f32_c16_wino4", "conv2d_f32_c16_wino4_late",
    };
    enum { N = sizeof names / sizeof *names };

    for (int i = 0; i < N * N; i++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", DT_F32, 1, 16, 8, 8);

        b_output(&b, chain(&b, x, 2));
        plan_forced(&b, arena_printf(b.arena, "%s %s", names[i % N], names[i / N]));
        b_free(&b);
    }
}

/* A plan file or --tune may take any candidate: each has to be for the node's types. */
Test(choose, a_type_has_only_its_own_kernels)
{
    static const struct { enum dtype t; const char *type; } types[] = {
        { DT_F32, "_f32" }, { DT_I64, "_i64" }, { DT_I32, "_i32" },
    };

    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        struct build b = b_new("g");
        struct value *x = b_input(&b, "x", types[k].t, 4, 6);
        struct value *index = b_input(&b, "index", k == 2 ? DT_I32 : DT_I64, 2);

        b_output(&b, b_node(&b, &op_arg_max, "best", x)->out[0]);
        b_output(&b, b_node(&b, &op_reduce_sum, "sum", x)->out[0]);
        b_output(&b, b_node(&b, &op_add, "add", x, x)->out[0]);
        b_output(&b, b_node(&b, &op_unary_NEG, "neg", x)->out[0]);
        b_output(&b, b_node(&b, &op_gather, "gather", x, index)->out[0]);
        const struct plan *p = chosen(&b, NULL);

        for (int i = 0; i < p->n_nodes; i++) {
            const struct choice *c = &p->choice[p->nodes[i]->id];
            const char *wanted = p->nodes[i]->op != &op_gather ? types[k].type :
                                 k == 2 ? "_i32" : "_i64";

            for (int j = 0; j < c->n_candidates; j++)
                cr_expect(strstr(c->candidates[j].kernel->fn, wanted), "%s for %s",
                          c->candidates[j].kernel->fn, types[k].type);
        }
        b_free(&b);
    }
}
