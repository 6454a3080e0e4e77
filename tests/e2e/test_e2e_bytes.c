// SPDX-License-Identifier: Apache-2.0
/* The same input gives the same bytes: in another folder, locale and time zone,
 * by another path, at another time, at other addresses and with another umask. */
#include "base/arena.h"
#include "model.h"
#include "process.h"
#include "program.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* A locale with a decimal comma, made in `folder`, for LOCPATH; "" if that fails. */
static const char *comma_locale(struct arena *a, const char *folder)
{
    const char *made = arena_printf(a, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8", folder);

    if (process_run(a, NULL, (const char *[]){ "sh", "-c", made, NULL }, NULL, 60).status == 0)
        return "LC_ALL=de_DE.UTF-8";
    return "";
}

/* resc compile MODEL -o OUT in `dir`; `otherwise`: at fixed addresses, with another umask. */
static void compile_in(struct arena *a, const char *dir, const char *model, const char *out,
                       const char *const *options, const char *const *env, bool otherwise)
{
    static const char odd[] = "set -- \"$RESC_BIN\" compile \"$@\"; "
                              "[ $0 = usual ] || { umask 077; setarch -R true 2>/dev/null && "
                              "set -- setarch -R \"$@\"; }; exec \"$@\"";
    const char *argv[16] = { "sh", "-c", odd, otherwise ? "odd" : "usual", model, "-o", out };
    int n = 7;

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

    struct arena *outer = arena_new();
    const char *locales = folder_new(outer), *locale = comma_locale(outer, locales);

    if (!*locale)
        fputs("no locale with a decimal comma: localedef is missing\n", stderr);
    for (int k = 0; k < n_e2e_models; k++) {
        struct e2e e = e2e_new(&e2e_models[k]);
        struct arena *a = e.arena;
        const char *other = folder_new(a), *name = arena_printf(a, "%s.onnx", e.name);
        const char *const env[] = {
            *locale ? locale : "LC_ALL=C.UTF-8", arena_printf(a, "LOCPATH=%s", locales),
            "TZ=Asia/Tokyo", "HOME=/", "USER=somebody", NULL,
        };
        const char *const no_env[] = { "LC_ALL=C", "TZ=UTC", NULL };
        struct process p;

        cr_assert(shell(a, &p, "cp %s %s/%s", e.onnx, other, name));
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            const char *const options[] = { forms[i][0], forms[i][1], forms[i][2], NULL };

            compile_in(a, e.dir, name, "model.c", options, no_env, false);
            if (k == 0 && i == 0)
                nanosleep(&(struct timespec){ .tv_sec = 1, .tv_nsec = 100000000 }, NULL);
            compile_in(a, other, arena_printf(a, "%s/%s", other, name), "./model.c", options, env,
                       true);
            compare_all(&e, other);
        }
        folder_remove(other);
        e2e_end(&e);
    }
    folder_remove(locales);
    arena_free(outer);
}
