// SPDX-License-Identifier: Apache-2.0
/* The same input gives the same bytes: in another folder, locale and time zone,
 * by another path, at another time. */
#include "base/arena.h"
#include "model.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static bool has_locale(struct arena *a, const char *name)
{
    return process_run(a, NULL, (const char *[]){
        "sh", "-c", arena_printf(a, "locale -a | grep -qix '%s'", name), NULL }, NULL, 60).status == 0;
}

/* resc compile MODEL -o OUT in `dir`. */
static void compile_in(struct arena *a, const char *dir, const char *model, const char *out,
                       const char *const *options, const char *const *env)
{
    const char *argv[16] = { getenv("RESC_BIN"), "compile", model, "-o", out };
    int n = 5;

    while (*options)
        argv[n++] = *options++;
    const struct process p = process_run(a, dir, argv, env, 120);

    cr_assert_eq(p.status, 0, "%s%s", p.out, p.err);
}

static void compare(struct e2e *e, const char *other, const char *file)
{
    struct process p;

    cr_assert(shell(e->arena, &p, "cmp %s/%s %s/%s", e->dir, file, other, file));
}

/* Whatever files there are, and in both the same. */
static void compare_all(struct e2e *e, const char *other)
{
    struct process p;

    compare(e, other, "model.c");
    compare(e, other, "model.h");
    cr_assert(shell(e->arena, &p, "cd %s && for f in model*; do cmp $f %s/$f || exit 1; done",
                    e->dir, other));
}

Test(e2e_bytes, same_everywhere)
{
    static const char *const forms[][3] = {
        { NULL }, { "--bundle", "--main" }, { "--weights=incbin", "--kernels=ref" },
        { "--weights=model.bin" }, { "-O0", "--bundle" },
    };

    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        struct arena *a = e.arena;
        const char *other = folder_new(a), *name = arena_printf(a, "%s.onnx", e.name);
        const char *locale = has_locale(a, "de_DE.utf8") ? "LC_ALL=de_DE.UTF-8" : "LC_ALL=C.UTF-8";
        const char *const env[] = { locale, "TZ=Asia/Tokyo", "HOME=/", "USER=somebody", NULL };
        const char *const no_env[] = { "LC_ALL=C", "TZ=UTC", NULL };
        struct process p;

        cr_assert(shell(a, &p, "cp %s %s/%s", e.onnx, other, name));
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            const char *const options[] = { forms[i][0], forms[i][1], forms[i][2], NULL };

            compile_in(a, e.dir, name, "model.c", options, no_env);
            if (k == 0 && i == 0)
                nanosleep(&(struct timespec){ .tv_sec = 1, .tv_nsec = 100000000 }, NULL);
            compile_in(a, other, arena_printf(a, "%s/%s", other, name), "./model.c", options, env);
            compare_all(&e, other);
        }
        folder_remove(other);
        e2e_end(&e);
    }
}
