// SPDX-License-Identifier: Apache-2.0
/* Networks in blocks of 16 channels: every choice of kernels, instruction set
 * and compiler computes what the interpreter does; threads change no bit. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "compile.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARNINGS "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror"

static const char *const isas[] = { "base", "avx2", "avx512" };
enum { N_ISAS = 3 };

static bool works(struct e2e *e, const char *cc, const char *flags)
{
    struct process p = process_run(e->arena, e->dir, (const char *[]){
        "sh", "-c", arena_printf(e->arena, "echo 'int main(void) { return 0; }' > probe.c && "
                                 "%s %s -o probe probe.c && ./probe", cc, flags), NULL }, NULL, 60);

    return p.status == 0;
}

/* With each instruction set; one that is not here is the best there is. */
static void check_agrees(struct e2e *e, const struct form *f)
{
    for (int i = 0; i < N_ISAS; i++) {
        setenv("RESC_ISA", isas[i], 1);
        cr_assert(e2e_agrees(e, f), "%s, %s", form_text(e, f), isas[i]);
    }
    unsetenv("RESC_ISA");
}

Test(e2e_native, forms)
{
    static const struct form forms[] = {
        { .kernels = KERNELS_NATIVE, .bundle = true, .level = 1 },
        { .kernels = KERNELS_NATIVE, .bundle = true, .level = 1, .strict = true },
        { .kernels = KERNELS_NATIVE, .level = 0, .weights = WEIGHTS_INCBIN },
        { .kernels = KERNELS_NATIVE, .level = 1, .small = true },
        { .kernels = KERNELS_AUTO, .level = 1, .weights = WEIGHTS_FILE },
        { .kernels = KERNELS_AUTO, .bundle = true, .level = 1, .strict = true, .small = true },
        { .kernels = KERNELS_BLAS, .level = 1 },
        { .kernels = KERNELS_REF, .bundle = true, .level = 1 },
    };
    static const char *const compilers[] = { "gcc", "clang" }, *const standards[] = { "c99", "c11",
                                                                                      "c2x" };

    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);

        for (int i = 0; i < (int)(sizeof forms / sizeof *forms); i++) {
            struct form f = forms[i];
            const char *cc = compilers[(i + k) % 2];
            const char *std = arena_printf(e.arena, "-std=%s", standards[(i + k) / 2 % 3]);

            f.with_main = true;
            if (!works(&e, cc, std))
                continue;
            cr_assert(e2e_compile(&e, &f), "%s", form_text(&e, &f));
            cr_assert(e2e_build(&e, &f, cc, arena_printf(e.arena, "%s -O2 " WARNINGS, std)), "%s",
                      form_text(&e, &f));
            check_agrees(&e, &f);
        }
        e2e_end(&e);
    }
}

/* As a library has it, without main(), with each compiler and standard. */
Test(e2e_native, objects)
{
    static const char *const cc[] = { "gcc -std=c99", "gcc -std=c11", "gcc -std=c2x",
                                      "clang -std=c99", "clang -std=c11", "clang -std=c2x",
                                      "gcc -std=c99 -DRESC_NO_SIMD", "clang -DRESC_NO_SIMD",
                                      "gcc -std=c99 -fopenmp" };
    static const char *const names[] = { "mobile", "mixed" };

    for (int k = 0; k < 2; k++) {
        struct e2e e = e2e_new(e2e_model_named(names[k]));
        const struct form f = { .kernels = KERNELS_NATIVE, .bundle = true, .level = 1 };
        struct process p;

        cr_assert(e2e_compile(&e, &f));
        for (int i = k; i < (int)(sizeof cc / sizeof *cc); i += 2)
            if (works(&e, cc[i], ""))
                cr_assert(shell(e.arena, &p, "cd %s && %s -O1 " WARNINGS " %s -c %s.c", e.dir, cc[i],
                                compile_flags(&e, &f), e.name), "%s", cc[i]);
        e2e_end(&e);
    }
}

Test(e2e_native, without_vectors)
{
    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);
        const struct form f = { .kernels = KERNELS_NATIVE, .bundle = true, .with_main = true,
                                .level = 1 };

        cr_assert(e2e_compile(&e, &f));
        cr_assert(e2e_build(&e, &f, k % 2 ? "gcc" : "clang", "-std=c99 -O2 -DRESC_NO_SIMD "
                            "-DRESC_NO_BLAS " WARNINGS));
        cr_assert(e2e_agrees(&e, &f), "%s", form_text(&e, &f));
        e2e_end(&e);
    }
}

Test(e2e_native, sanitizers)
{
    const char *flags = "-std=c11 -O0 -fsanitize=address,undefined -fno-sanitize-recover=all";

    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);
        const struct form f = { .kernels = KERNELS_NATIVE, .bundle = true, .with_main = true,
                                .level = 1, .strict = k % 3 == 2 };
        const char *cc = k % 2 ? "gcc" : "clang";

        if (works(&e, cc, flags)) {
            cr_assert(e2e_compile(&e, &f));
            cr_assert(e2e_build(&e, &f, cc, flags), "%s", form_text(&e, &f));
            check_agrees(&e, &f);
        }
        e2e_end(&e);
    }
}

/* The outputs on 1 to 7 threads are the same bytes as without OpenMP. */
Test(e2e_native, threads_change_no_bit)
{
    static const char *const compilers[] = { "gcc", "clang" };

    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);
        const char *cc = compilers[k % 2];
        const struct form f = { .kernels = KERNELS_NATIVE, .bundle = true, .with_main = true,
                                .level = 1, .strict = k % 3 == 1 };
        struct process p;

        if (works(&e, cc, "-fopenmp")) {
            cr_assert(e2e_compile(&e, &f));
            cr_assert(e2e_build(&e, &f, cc, "-std=c99 -O2"));
            cr_assert(e2e_agrees(&e, &f));
            cr_assert(shell(e.arena, &p, "cd %s && mkdir one && mv out_* one && mv program one", e.dir));
            cr_assert(e2e_build(&e, &f, cc, "-std=c99 -O2 -fopenmp " WARNINGS));
            for (int n = 1; n <= 7; n++) {
                setenv("OMP_NUM_THREADS", (char[]){ (char)('0' + n), 0 }, 1);
                cr_assert(e2e_agrees(&e, &f), "%d threads", n);
                cr_assert(shell(e.arena, &p, "cd %s && for f in out_*; do cmp $f one/$f || exit 1; "
                                "done", e.dir), "%s, %d threads", form_text(&e, &f), n);
            }
            unsetenv("OMP_NUM_THREADS");
        }
        e2e_end(&e);
    }
}

static const char *code_of(struct e2e *e, const struct form *f)
{
    struct diag d = diag_new(e->arena, e->name);
    size_t size;

    cr_assert(e2e_compile(e, f));
    char *text = file_read(arena_printf(e->arena, "%s/%s.c", e->dir, e->name), &size, &d);
    const char *copy = arena_strdup(e->arena, text);

    file_release(text);
    return copy;
}

Test(e2e_native, strict_has_no_winograd)
{
    int n = 0;

    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);

        n += strstr(code_of(&e, &(struct form){ .kernels = KERNELS_NATIVE, .level = 1 }),
                    "wino") != NULL;
        cr_assert_not(strstr(code_of(&e, &(struct form){ .kernels = KERNELS_NATIVE, .level = 1,
                                                         .strict = true }), "wino"), "%s", e.name);
        e2e_end(&e);
    }
    cr_assert_gt(n, 0, "no network has Winograd without --fp-error=strict");
}

static double weights_size(struct e2e *e, const struct form *f)
{
    struct compile_options opt = compile_defaults(e->onnx);
    struct diag d = diag_new(e->arena, e->name);
    struct model_info info;

    opt.plan.kernels = f->kernels;
    opt.plan.small = f->small;
    struct graph *g = compile_graph(e->arena, &opt, &info, &d);
    const struct plan *p = make_plan(e->arena, g, &opt.plan, &d);

    cr_assert(p);
    return (double)p->weights_size;
}

/* --optimize=size: weights as large as the model's, but for channels that fill
 * the last block. */
Test(e2e_native, small_weights_do_not_grow)
{
    static const char *const names[] = { "bottlenecks", "wide" };

    for (int k = 0; k < 2; k++) {
        struct e2e e = e2e_new(e2e_model_named(names[k]));
        const double model = weights_size(&e, &(struct form){ .kernels = KERNELS_REF, .level = 1 });
        const double fast = weights_size(&e, &(struct form){ .kernels = KERNELS_NATIVE, .level = 1 });
        const double small = weights_size(&e, &(struct form){ .kernels = KERNELS_NATIVE, .level = 1,
                                                              .small = true });

        cr_assert_leq(small, 1.03 * model, "%s: %.0f bytes became %.0f", e.name, model, small);
        cr_assert_leq(small, fast);
        e2e_end(&e);
    }
}

Test(e2e_native, verify_layers)
{
    for (int k = 0; k < n_e2e_native_models; k++) {
        struct e2e e = e2e_new(&e2e_native_models[k]);
        struct process p;

        if (strcmp(e.name, "wide") != 0) {
            cr_assert(shell(e.arena, &p, "%s verify --layers --kernels=native %s", getenv("RESC_BIN"),
                            e.onnx));
            cr_assert(strstr(p.out, "within the proven bound") && !strstr(p.out, "OFF"), "%s",
                      p.out);
        }
        e2e_end(&e);
    }
}
