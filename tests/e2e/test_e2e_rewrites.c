// SPDX-License-Identifier: Apache-2.0
/* Networks made for the exact rewrites: what the C computes with and without them, and
 * that they save what they say. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "compile.h"
#include "ir/rewrite.h"
#include "model.h"
#include "program.h"

#include <criterion/criterion.h>
#include <string.h>

enum { PIXELS = 12 * 12, FEATURES = 8 };

static float next(void)
{
    static uint32_t seed = 1;

    seed = seed * 1664525u + 1013904223u;
    return (float)(seed >> 8) * 0x1p-24f - 0.5f;
}

/* y = conv(x), padded to keep the size; filters of the bits `dead` are 0, with that bias. */
static const char *conv(struct model *m, const char *x, const char *y, int oc, int ic, int k,
                        unsigned dead, float bias)
{
    struct arena *a = model_arena(m);
    const int len = ic * k * k;
    float *w = arena_new_n(a, float, oc * len), *b = arena_new_n(a, float, oc);

    for (int i = 0; i < oc * len; i++)
        w[i] = dead >> (i / len) & 1 ? 0.0f : next();
    for (int i = 0; i < oc; i++)
        b[i] = dead >> i & 1 ? bias : next();
    model_initialiser(m, arena_printf(a, "%s_w", y), DT_F32,
                      arena_printf(a, "%d,%d,%d,%d", oc, ic, k, k), w);
    model_initialiser(m, arena_printf(a, "%s_b", y), DT_F32, arena_printf(a, "%d", oc), b);
    model_node(m, "Conv", arena_printf(a, "%s %s_w %s_b", x, y, y), y, "auto_pad=SAME_UPPER");
    model_node_name(m, y);
    return y;
}

static const char *node(struct model *m, const char *op, const char *x, const char *y)
{
    model_node(m, op, x, y, NULL);
    model_node_name(m, y);
    return y;
}

/* Batch norm with scale and shift 0: what "zero-init residual" training starts with. */
static const char *zero_norm(struct model *m, const char *x, const char *y)
{
    float one[FEATURES];

    for (int i = 0; i < FEATURES; i++)
        one[i] = 1.0f + 0.25f * (float)i;
    model_initialiser(m, "zero", DT_F32, "8", NULL);
    model_initialiser(m, "one", DT_F32, "8", one);
    return node(m, "BatchNormalization", arena_printf(model_arena(m), "%s zero zero one one", x), y);
}

/* y = conv(x) by a 1x1 kernel, `factor` on its diagonal. */
static const char *diagonal(struct model *m, const char *x, const char *y, float factor)
{
    struct arena *a = model_arena(m);
    float w[FEATURES * FEATURES] = { 0.0f };

    for (int i = 0; i < FEATURES; i++)
        w[i * FEATURES + i] = factor;
    model_initialiser(m, arena_printf(a, "%s_w", y), DT_F32, "8,8,1,1", w);
    return node(m, "Conv", arena_printf(a, "%s %s_w", x, y), y);
}

static void head(struct model *m, const char *x)
{
    node(m, "GlobalAveragePool", x, "gap");
    node(m, "Flatten", "gap", "flat");
    random_weight(m, "fc", "5,8");
    model_node(m, "Gemm", "flat fc", "y", "transB=1");
    model_output(m, "y", DT_F32, "1,5");
}

/* A block that is its skip, after which a Relu has nothing to do; one with filters of which
 * nothing comes; the identity as a convolution. */
static void exact(struct model *m)
{
    model_input(m, "x", DT_F32, "1,3,12,12");
    node(m, "Relu", conv(m, "x", "stem", 8, 3, 3, 0, 0), "s");
    node(m, "Relu", conv(m, "s", "a1", 8, 8, 3, 0, 0), "a2");
    zero_norm(m, conv(m, "a2", "a3", 8, 8, 3, 0, 0), "a4");
    node(m, "Relu", node(m, "Add", "a4 s", "a5"), "a");
    node(m, "Relu", conv(m, "a", "b1", 8, 8, 3, 0x62, -0.5f), "b2");
    conv(m, "b2", "b3", 8, 8, 3, 0, 0);
    node(m, "Relu", node(m, "Add", "a b3", "b4"), "b");
    head(m, diagonal(m, "b", "c", 1.0f));
}

/* Multiply-adds that are left out of it. */
enum { EXACT_MACS = PIXELS * (2 * 8 * 8 * 9 + 2 * 3 * 8 * 9 + 8 * 8) };

/* Two 1x1 convolutions in a row, a scale, and a filter of which 0.5 comes. */
static void rounded(struct model *m)
{
    model_input(m, "x", DT_F32, "1,3,12,12");
    conv(m, "x", "one", 16, 3, 1, 0, 0);
    node(m, "Relu", conv(m, "one", "two", 8, 16, 1, 0, 0), "r");
    node(m, "Relu", diagonal(m, "r", "scale", 0.7f), "s");
    head(m, node(m, "Relu", conv(m, "s", "three", 8, 8, 3, 0x11, 0.5f), "t"));
}

enum { ROUNDED_MACS = PIXELS * (3 * 16 + 16 * 8 - 3 * 8 + 8 * 8 + 2 * 8 * 9) + 2 * 5 };

static struct compiled make(const struct e2e *e, bool no_exact_rewrites)
{
    struct compile_options opt = compile_defaults(e->onnx);
    struct diag *d = arena_new_n(e->arena, struct diag, 1);
    struct compiled made = { 0 };

    *d = diag_new(e->arena, e->name);
    opt.passes.no_exact_rewrites = no_exact_rewrites;
    made.graph = compile_graph(e->arena, &opt, &made.info, d);
    cr_assert(made.graph);
    made.plan = compile_plan(e->arena, &opt, made.graph, &made.info, d);
    cr_assert(made.plan);
    return made;
}

/* Each of `wanted` did something; what all saved is what the plan lacks, `macs` in all. */
static void check_log(const struct e2e *e, const char *const *wanted, double macs, bool all_exact)
{
    const struct compiled with = make(e, false), without = make(e, true);
    double saved = 0.0;

    for (; *wanted; wanted++) {
        int n = 0;

        for (const struct rewrite *r = with.graph->rewrites; r; r = r->next)
            n += strcmp(r->pass, *wanted) == 0;
        for (const struct rewrite *r = without.graph->rewrites; r; r = r->next)
            cr_expect(strcmp(r->pass, *wanted) != 0, "%s is not switched off", *wanted);
        cr_expect(n > 0, "%s did nothing", *wanted);
    }
    for (const struct rewrite *r = with.graph->rewrites; r; r = r->next)
        if (pass_find(r->pass)->exact_rewrite) {
            saved += r->macs;
            cr_expect(r->exactness == REWRITE_EXACT || !all_exact ||
                      strcmp(r->pass, "remove_dead_channels") == 0, "%s: %s", r->pass, r->why);
        }
    cr_expect_eq(saved, macs, "%g saved", saved);
    cr_expect_eq(without.plan->macs - with.plan->macs, macs);
    cr_expect_lt(with.plan->weights_size, without.plan->weights_size);
}

static const float *run(const struct e2e *e, const struct form *f)
{
    struct diag d = diag_new(e->arena, e->name);
    size_t size;

    cr_assert(e2e_compile(e, f));
    cr_assert(e2e_build(e, f, "cc", "-O2"));
    cr_assert(e2e_agrees(e, f));
    char *out = file_read(arena_printf(e->arena, "%s/out_0.raw", e->dir), &size, &d);

    cr_assert(out && size == 5 * sizeof(float));
    float *copy = arena_grow(e->arena, out, size, size, 1);

    file_release(out);
    return copy;
}

/* The definitions add up in double precision, in the order of the channels: what is left
 * out was 0, so that every number is the same. */
Test(e2e_rewrites, exact_ones_change_no_bit)
{
    static const char *const wanted[] = {
        "remove_zero_branch", "drop_activation", "remove_dead_channels", "lower_diagonal", NULL,
    };
    struct e2e e = e2e_new(&(struct e2e_model){ "exact", 13, exact });
    struct form f = { .bundle = true, .with_main = true, .kernels = KERNELS_REF, .level = 1 };
    const float *with = run(&e, &f);

    f.no_exact_rewrites = true;
    const float *without = run(&e, &f);

    for (int i = 0; i < 5; i++)
        cr_expect(with[i] == without[i], "%.9g, without %.9g", (double)with[i],
                  (double)without[i]);
    check_log(&e, wanted, EXACT_MACS, true);
    e2e_end(&e);
}

Test(e2e_rewrites, others_agree_with_the_interpreter)
{
    static const char *const wanted[] = {
        "merge_pointwise", "lower_diagonal", "remove_dead_channels", NULL,
    };
    struct e2e e = e2e_new(&(struct e2e_model){ "rounded", 13, rounded });

    for (int i = 0; i < 2; i++) {
        static const enum kernels kernels[] = { KERNELS_REF, KERNELS_NATIVE };
        const struct form f = { .bundle = true, .with_main = true, .kernels = kernels[i],
                                .level = 1 };

        run(&e, &f);
    }
    check_log(&e, wanted, ROUNDED_MACS, false);
    e2e_end(&e);
}
