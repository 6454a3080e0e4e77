// SPDX-License-Identifier: Apache-2.0
/* What a bundled object file has to do with the rest of a program: it defines
 * NAME_run, with weights in a file also NAME_weights_check, if asked to NAME_selftest, and needs libm,
 * memory functions and CBLAS at most; native kernels also what the processor
 * and RESC_ISA say, which they keep in `known`. */
#include "base/arena.h"
#include "config.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static bool listed(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

/* Of libm only what is exact: the rest is in runtime/resc_math.h. */
static bool may_be_needed(const char *name)
{
    static const char *const names[] = {
        "memcpy", "memset", "memmove", "memcmp", "bcmp", "sqrt", "sqrtf", "floor",
        "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail",
        "getenv", "strcmp", "__cpu_model", "__cpu_indicator_init", NULL, /* runtime/isa.c */
    };

    return strncmp(name, "cblas_", 6) == 0 || listed(name, names);
}

/* Every line of `nm` is ok: "[address] TYPE NAME".  Types: T defined, U
 * needed, lower case local; B and D would be memory that changes. */
static void check_symbols(const struct e2e *e, const struct form *f, char *nm)
{
    const char *run = arena_printf(e->arena, "%s_run", e->name);
    const char *check = arena_printf(e->arena, "%s_weights_check", e->name);
    const char *test = arena_printf(e->arena, "%s_selftest", e->name);
    const bool file = f->weights == WEIGHTS_FILE;
    const char *const defined[] = { run, f->selftest ? test : file ? check : NULL,
                                    f->selftest && file ? check : NULL, NULL };
    int n_defined = 0;

    for (char *line = strtok(nm, "\n"); line; line = strtok(NULL, "\n")) {
        char type = '?';
        char *name = strrchr(line, ' ');

        cr_assert(name && name > line, "%s", line);
        type = name[-1];
        name++;
        if (type == 'U')
            cr_assert(may_be_needed(name), "%s needs '%s'", form_text(e, f), name);
        else if (type == 'T')
            cr_assert(n_defined++ < 3 && listed(name, defined), "%s defines '%s'", form_text(e, f),
                      name);
        else if (strncmp(name, "known", 5) != 0 && strncmp(name, "resc_isa.known", 14) != 0)
            cr_assert(strchr("trN", type), "%s has '%s' of type %c", form_text(e, f), name, type);
    }
    cr_assert_eq(n_defined, 1 + file + f->selftest, "%s", form_text(e, f));
}

Test(e2e_symbols, bundled)
{
    static const char *const compilers[] = { "gcc", "clang" };

    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        struct process p;

        for (int i = 0; i < 8; i++) {
            const struct form f = {
                .bundle = true, .kernels = i % 2 ? KERNELS_BLAS : KERNELS_REF, .level = 1,
                .weights = i / 2 % 2 ? WEIGHTS_FILE : i / 4 ? WEIGHTS_INCBIN : WEIGHTS_INLINE,
                .selftest = (i + k) % 3 == 0,
            };

            cr_assert(e2e_compile(&e, &f));
            cr_assert(shell(e.arena, &p, "cd %s && %s -std=c99 -O1 -fno-pie %s -c %s.c -o m.o && nm m.o",
                            e.dir, compilers[(i / 4 + k) % 2], compile_flags(&e, &f), e.name));
            check_symbols(&e, &f, arena_strdup(e.arena, p.out));
            if (f.kernels == KERNELS_REF)
                cr_assert_not(strstr(p.out, "cblas"), "%s needs BLAS", form_text(&e, &f));
        }
        e2e_end(&e);
    }
}

Test(e2e_symbols, native)
{
    static const char *const names[] = { "odd", "mobile", "mixed" };

    for (int k = 0; k < 3; k++) {
        struct e2e e = e2e_new(e2e_model_named(names[k]));
        const struct form f = { .bundle = true, .kernels = KERNELS_NATIVE, .level = 1,
                                .weights = k % 2 ? WEIGHTS_FILE : WEIGHTS_INLINE };
        struct process p;

        cr_assert(e2e_compile(&e, &f));
        for (int c = 0; c < 2; c++) {
            cr_assert(shell(e.arena, &p, "cd %s && %s -std=c99 -O1 -fno-pie %s -c %s.c -o m.o && "
                            "nm m.o", e.dir, c ? "clang" : "gcc", compile_flags(&e, &f), e.name));
            check_symbols(&e, &f, arena_strdup(e.arena, p.out));
        }
        e2e_end(&e);
    }
}

/* Linked with the library the same holds, but for its kernels. */
Test(e2e_symbols, linked)
{
    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        const struct form f = { .kernels = KERNELS_BLAS, .level = 1 };
        struct process p;

        cr_assert(e2e_compile(&e, &f));
        cr_assert(shell(e.arena, &p, "cd %s && gcc -std=c99 -O1 -fno-pie %s -c %s.c -o m.o && nm m.o | "
                        "grep -v ' U resc_'", e.dir, compile_flags(&e, &f), e.name));
        check_symbols(&e, &f, arena_strdup(e.arena, p.out));
        e2e_end(&e);
    }
}
