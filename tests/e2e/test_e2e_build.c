// SPDX-License-Identifier: Apache-2.0
/* Generated C builds without a warning, in every form, with every compiler and
 * standard that is here, and computes what the interpreter does. */
#include "base/arena.h"
#include "config.h"
#include "model.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define WARNINGS "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

static const char *const compilers[] = { "gcc", "clang" };
static const char *const standards[] = { "c99", "c11", "c2x" };
enum { N_COMPILERS = 2, N_STANDARDS = 3, N_FORMS = 2 * 3 * 2 * 2 };

static struct form form_of(int i)
{
    return (struct form){
        .bundle = i % 2, .weights = (enum weights_form)(WEIGHTS_INLINE + i / 2 % 3),
        .kernels = i / 6 % 2 ? KERNELS_BLAS : KERNELS_REF, .level = i / 12 % 2, .with_main = true,
    };
}

static bool works(struct e2e *e, const char *cc, const char *flags)
{
    struct process p = process_run(e->arena, e->dir, (const char *[]){
        "sh", "-c", arena_printf(e->arena, "echo 'int main(void) { return 0; }' > probe.c && "
                                 "%s %s -o probe probe.c && ./probe", cc, flags), NULL }, NULL, 60);

    return p.status == 0;
}

/* Every form of every model; compilers and standards take turns. */
Test(e2e_build, forms)
{
    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        bool has[N_COMPILERS][N_STANDARDS];

        for (int c = 0; c < N_COMPILERS; c++)
            for (int s = 0; s < N_STANDARDS; s++)
                has[c][s] = works(&e, compilers[c], arena_printf(e.arena, "-std=%s", standards[s]));
        for (int i = 0; i < N_FORMS; i++) {
            const struct form f = form_of(i);
            const int turn = i + k, c = turn % 2, s = turn / 2 % 3;

            if (!has[c][s])
                continue;
            cr_assert(e2e_compile(&e, &f), "%s", form_text(&e, &f));
            cr_assert(e2e_build(&e, &f, compilers[c],
                                arena_printf(e.arena, "-std=%s -O%d " WARNINGS, standards[s], i % 3)),
                      "%s", form_text(&e, &f));
            cr_assert(e2e_agrees(&e, &f), "%s", form_text(&e, &f));
        }
        e2e_end(&e);
    }
}

/* As a library has it: without main(), no unused function or variable. */
Test(e2e_build, objects)
{
    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        struct process p;

        for (int i = 0; i < 4; i++) {
            const struct form f = { .bundle = i % 2, .kernels = i / 2 ? KERNELS_BLAS : KERNELS_REF,
                                    .level = 1 };

            cr_assert(e2e_compile(&e, &f));
            for (int c = 0; c < N_COMPILERS; c++)
                for (int s = 0; s < N_STANDARDS; s++) {
                    const char *cc = arena_printf(e.arena, "%s -std=%s", compilers[c], standards[s]);

                    if (works(&e, cc, ""))
                        cr_assert(shell(e.arena, &p, "cd %s && %s %s %s -c %s.c", e.dir, cc, WARNINGS,
                                        compile_flags(&e, &f), e.name), "%s", form_text(&e, &f));
                }
        }
        e2e_end(&e);
    }
}

static void blocks_without_products(struct model *m)
{
    model_input(m, "x", DT_F32, "7,13,1");
    model_node(m, "Exp", "x", "a", NULL);
    model_node(m, "Min", "a x", "b", NULL);
    model_node(m, "HardSwish", "b", "y", NULL);
    model_output(m, "y", DT_F32, "7,13,1");
}

/* Blocks of 16 channels come with the choice of an instruction set only where a
 * kernel asks for one. */
Test(e2e_build, bundled_reorders_alone)
{
    const struct e2e_model model = { "reorders", 14, blocks_without_products };
    const struct form f = { .bundle = true, .kernels = KERNELS_NATIVE, .level = 1 };
    struct e2e e = e2e_new(&model);
    struct process p;

    cr_assert(e2e_compile(&e, &f));
    cr_assert(shell(e.arena, &p, "cd %s && grep -q resc_reorder_f32_to_c16 %s.c", e.dir, e.name));
    for (int c = 0; c < N_COMPILERS; c++)
        if (works(&e, compilers[c], ""))
            cr_assert(shell(e.arena, &p, "cd %s && %s -std=c11 %s %s -c %s.c", e.dir, compilers[c],
                            WARNINGS, compile_flags(&e, &f), e.name));
    e2e_end(&e);
}

Test(e2e_build, header_as_cpp)
{
    static const char *const cpp[] = { "g++", "clang++" };

    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        struct process p;

        for (int i = 0; i < 2; i++) {
            const struct form f = { .weights = i ? WEIGHTS_FILE : WEIGHTS_AUTO,
                                    .kernels = KERNELS_REF, .level = 1 };

            cr_assert(e2e_compile(&e, &f));
            for (int c = 0; c < 2; c++)
                if (process_run(e.arena, NULL, (const char *[]){ cpp[c], "--version", NULL }, NULL,
                                60).status == 0)
                    cr_assert(shell(e.arena, &p, "cd %s && echo '#include \"%s.h\"' > h.cpp && %s "
                                    "-std=c++17 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "
                                    "-fsyntax-only h.cpp", e.dir, e.name, cpp[c]));
        }
        e2e_end(&e);
    }
}

Test(e2e_build, sanitizers)
{
    const char *flags = "-std=c11 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all";

    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);

        for (int i = 0; i < 4; i++) {
            const struct form f = {
                .bundle = true, .weights = i % 2 ? WEIGHTS_INLINE : WEIGHTS_INCBIN, .with_main = true,
                .kernels = i / 2 ? KERNELS_BLAS : KERNELS_REF, .level = i % 2,
            };
            const char *cc = compilers[(i + k) % 2];

            if (!works(&e, cc, flags))
                continue;
            cr_assert(e2e_compile(&e, &f));
            cr_assert(e2e_build(&e, &f, cc, flags), "%s", form_text(&e, &f));
            cr_assert(e2e_agrees(&e, &f), "%s", form_text(&e, &f));
        }
        e2e_end(&e);
    }
}

/* A bundled file with BLAS kernels has plain loops in it for whoever has no BLAS. */
Test(e2e_build, bundled_without_blas)
{
    static const char *const names[] = { "residual", "convolutions", "matrices" };

    for (int k = 0; k < 3; k++) {
        struct e2e e = e2e_new(e2e_model_named(names[k]));
        const struct form f = { .bundle = true, .with_main = true, .kernels = KERNELS_BLAS, .level = 1 };
        struct process p;

        cr_assert(e2e_compile(&e, &f));
        cr_assert(shell(e.arena, &p, "cd %s && gcc -std=c99 %s -DRESC_NO_BLAS -O1 -o program %s.c -lm",
                        e.dir, WARNINGS, e.name));
        cr_assert(e2e_agrees(&e, &f));
        cr_assert(shell(e.arena, &p, "nm -u %s/program", e.dir));
        cr_assert_not(strstr(p.out, "cblas"), "%s", p.out);
        e2e_end(&e);
    }
}
