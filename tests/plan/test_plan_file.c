// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "codegen/plan_file.h"
#include "compile.h"
#include "model.h"
#include "process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A model in a folder of its own. */
struct world {
    struct model *model;
    struct arena *arena;
    const char *dir, *onnx, *plan, *sha256;
};

static void weight(struct model *m, const char *name, const char *shape, int n)
{
    float *x = arena_new_n(model_arena(m), float, n);

    for (int i = 0; i < n; i++)
        x[i] = (float)(i % 13 - 6) * 0.125f;
    model_initialiser(m, name, DT_F32, shape, x);
}

/* A grouped convolution, whose native row shares its name with another one. */
static struct world world_new(void)
{
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);
    struct world w = { .model = m, .arena = a, .dir = folder_new(a) };

    model_input(m, "x", DT_F32, "1,8,10,10");
    weight(m, "w1", "32,8,3,3", 32 * 8 * 9);
    weight(m, "w2", "32,8,3,3", 32 * 8 * 9);
    weight(m, "fc", "5,32", 5 * 32);
    weight(m, "bias", "5", 5);
    model_node(m, "Conv", "x w1", "a", "pads=[1,1,1,1]");
    model_node(m, "Conv", "a w2", "b", "pads=[1,1,1,1] group=4");
    model_node(m, "GlobalAveragePool", "b", "p", NULL);
    model_node(m, "Flatten", "p", "f", NULL);
    model_node(m, "Gemm", "f fc bias", "y", "transB=1");
    model_output(m, "y", DT_F32, "1,5");
    w.onnx = arena_printf(a, "%s/net.onnx", w.dir);
    w.plan = arena_printf(a, "%s/net.plan", w.dir);
    cr_assert(model_write(m, w.onnx));
    return w;
}

static void world_end(struct world *w)
{
    folder_remove(w->dir);
    model_free(w->model);
}

static const char *read_text(const struct world *w, const char *path)
{
    struct diag d = diag_new(w->arena, path);
    size_t size;
    char *text = file_read(path, &size, &d);

    cr_assert(text, "%s", path);
    const char *copy = arena_strndup(w->arena, text, size);

    file_release(text);
    return copy;
}

static void write_bytes(const char *path, const char *text, size_t size)
{
    FILE *f = fopen(path, "wb");

    cr_assert(f && fwrite(text, 1, size, f) == size && fclose(f) == 0, "%s", path);
}

/* Compiles to NAME.c and NAME.plan. */
static struct compiled compiled(const struct world *w, const char *name, const char *plan_file,
                                const struct plan_options *plan)
{
    struct compile_options opt = compile_defaults(w->onnx);
    struct diag d = diag_new(w->arena, name);
    struct compiled made;

    opt.plan = *plan;
    opt.plan_file = plan_file;
    opt.emit.c_path = arena_printf(w->arena, "%s/%s.c", w->dir, name);
    opt.emit.plan_path = arena_printf(w->arena, "%s/%s.plan", w->dir, name);
    cr_assert(compile(w->arena, &opt, &made, &d));
    return made;
}

static const char *code(const struct world *w, const char *name)
{
    const char *text = read_text(w, arena_printf(w->arena, "%s/%s.c", w->dir, name));

    return strchr(text, '\n'); /* the first #include has the name */
}

/* What one says, another takes: the same plan, the same bytes. */
Test(plan_file, replays)
{
    static const struct plan_options options[] = {
        { 0 }, { .kernels = KERNELS_REF }, { .kernels = KERNELS_NATIVE }, { .strict = true },
        { .small = true },
    };
    struct world w = world_new();

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *path = arena_printf(w.arena, "%s/net.plan", w.dir);
        const struct compiled made = compiled(&w, "net", NULL, &options[i]);
        const char *text = read_text(&w, path), *c = code(&w, "net");

        cr_assert_eq(strncmp(text, "resc-plan 1\nmodel ", 18), 0, "%s", text);
        rename(path, arena_printf(w.arena, "%s/kept.plan", w.dir));
        const struct compiled again = compiled(&w, "net", arena_printf(w.arena, "%s/kept.plan", w.dir),
                                               &(struct plan_options){ 0 });

        cr_assert_str_eq(read_text(&w, path), text);
        cr_assert_str_eq(code(&w, "net"), c);
        cr_assert_eq(made.plan->n_steps, again.plan->n_steps);
    }
    world_end(&w);
}

/* The first error of reading `plan`; NULL: it was taken. */
static const char *error_of(const struct world *w, const char *plan, size_t size,
                            const struct plan_options *plan_options)
{
    struct compile_options opt = compile_defaults(w->onnx);
    struct diag d = diag_new(w->arena, "net.onnx");
    struct process p;

    d.sink = diag_silent;
    opt.plan = *plan_options;
    opt.plan_file = w->plan;
    opt.emit.c_path = arena_printf(w->arena, "%s/never.c", w->dir);
    write_bytes(w->plan, plan, size);
    if (compile(w->arena, &opt, NULL, &d))
        return NULL;
    cr_assert_eq(d.n_errors, 1);
    cr_assert(shell(w->arena, &p, "ls %s", w->dir));
    cr_assert_not(strstr(p.out, "never"), "%s", p.out);
    return d.first->text;
}

static const char *replaced(const struct world *w, const char *text, const char *old,
                            const char *by)
{
    const char *at = strstr(text, old);

    cr_assert(at, "no '%s' in %s", old, text);
    return arena_printf(w->arena, "%.*s%s%s", (int)(at - text), text, by, at + strlen(old));
}

Test(plan_file, refuses)
{
    static const struct { const char *old, *by, *says; } cases[] = {
        { "resc-plan 1", "resc-plan 10", "line 1: this is no plan file" },
        { "resc-plan 1", "junk", "line 1: this is no plan file" },
        { "model ", "model 0", "line 2: it is the plan of another model" },
        { "model ", "# model ", "line 3: wanted 'model SHA256'" },
        { "1 Conv conv2d_f32_ref", "1 Conv conv2d_f32_fast", "line 3: the operator has no kernel" },
        { "1 Conv conv2d_f32_ref", "1 Conv conv2d_f32_gemm1x1", "line 3: this kernel cannot run" },
        { "1 Conv conv2d_f32_ref", "1 Gemm gemm_f32_ref", "line 3: the model has another operator" },
        { "1 Conv conv2d_f32_ref", "2 Conv conv2d_f32_ref", "line 4: the node has a kernel already" },
        { "1 Conv conv2d_f32_ref", "0 Conv conv2d_f32_ref", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "99 Conv conv2d_f32_ref", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "99999999999999999999 Conv x", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "Conv conv2d_f32_ref", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "1 Conv", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "1 Conv conv2d_f32_ref fast", "line 3: wanted 'NODE OPERATOR" },
        { "1 Conv conv2d_f32_ref", "", "without a kernel for node 1" },
        { "5 Gemm", "4 Flatten copy # ", "line 6: the model has another operator" },
    };
    const struct plan_options ref = { .kernels = KERNELS_REF }, any = { 0 };
    struct world w = world_new();

    compiled(&w, "good", NULL, &ref);
    const char *good = read_text(&w, arena_printf(w.arena, "%s/good.plan", w.dir));

    cr_assert_null(error_of(&w, good, strlen(good), &any));
    remove(arena_printf(w.arena, "%s/never.c", w.dir));
    remove(arena_printf(w.arena, "%s/never.h", w.dir));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *bad = replaced(&w, good, cases[i].old, cases[i].by);
        const char *error = error_of(&w, bad, strlen(bad), &any);

        cr_assert(error && strstr(error, cases[i].says), "'%s': %s", cases[i].by, error);
    }
    world_end(&w);
}

/* Options that forbid what the plan wants are not overruled, nor is the plan. */
Test(plan_file, refuses_what_the_options_forbid)
{
    static const struct { const char *kernel; struct plan_options opt; } cases[] = {
        { "conv2d_f32_c16_wino4", { .strict = true } },
        { "conv2d_f32_c16", { .kernels = KERNELS_BLAS } },
        { "conv2d_f32_c16", { .kernels = KERNELS_REF } },
        { "conv2d_f32_im2col", { .kernels = KERNELS_REF } },
        { "conv2d_f32_c16_wino4", { .small = true } },
    };
    const struct plan_options any = { 0 };
    struct world w = world_new();

    compiled(&w, "good", NULL, &(struct plan_options){ .kernels = KERNELS_REF });
    const char *good = read_text(&w, arena_printf(w.arena, "%s/good.plan", w.dir));

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *plan = replaced(&w, good, "conv2d_f32_ref", cases[i].kernel);
        const char *error = error_of(&w, plan, strlen(plan), &cases[i].opt);

        cr_assert(error && strstr(error, "the options do not allow this kernel"), "%s: %s",
                  cases[i].kernel, error);
        cr_assert_null(error_of(&w, plan, strlen(plan), &any), "%s", cases[i].kernel);
        remove(arena_printf(w.arena, "%s/never.c", w.dir));
        remove(arena_printf(w.arena, "%s/never.h", w.dir));
    }
    world_end(&w);
}

/* Cut off anywhere but behind the last kernel, or with a byte turned over: one
 * error, or still a plan. */
Test(plan_file, damaged)
{
    const struct plan_options any = { 0 };
    struct world w = world_new();

    compiled(&w, "good", NULL, &any);
    const char *good = read_text(&w, arena_printf(w.arena, "%s/good.plan", w.dir));
    const size_t size = strlen(good);
    const size_t last = (size_t)(strstr(good, "5 Gemm ") - good);

    for (size_t n = 0; n < last; n++)
        cr_assert(error_of(&w, good, n, &any), "cut off at %zu", n);
    for (size_t i = 0; i < size; i++) {
        char *bad = arena_strdup(w.arena, good);

        bad[i] = (char)(i % 3 ? bad[i] ^ (1 << i % 8) : '\0');
        error_of(&w, bad, size, &any);
        remove(arena_printf(w.arena, "%s/never.c", w.dir));
        remove(arena_printf(w.arena, "%s/never.h", w.dir));
    }
    world_end(&w);
}
