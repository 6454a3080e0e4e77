// SPDX-License-Identifier: Apache-2.0
/* Every fault: the exact text, exit status 1, and nothing written. */
#include "base/arena.h"
#include "faults.h"
#include "process.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The names in a folder, sorted. */
static const char *names_in(struct arena *a, const char *dir)
{
    struct dirent **entries;
    const int n = scandir(dir, &entries, NULL, alphasort);
    const char *names = "";

    cr_assert(n >= 0);
    for (int i = 0; i < n; i++)
        if (entries[i]->d_name[0] != '.')
            names = arena_printf(a, "%s %s", names, entries[i]->d_name);
        else
            cr_assert(strlen(entries[i]->d_name) <= 2, "%s is left", entries[i]->d_name);
    return names;
}

static struct process resc(struct arena *a, const char *dir, const char *args)
{
    const char *argv[16] = { getenv("RESC_BIN") };
    char *words = arena_strdup(a, args);
    int n = 1;

    for (char *word = strtok(words, " "); word && n < 15; word = strtok(NULL, " "))
        argv[n++] = word;
    return process_run(a, dir, argv, (const char *[]){ "LC_ALL=C", NULL }, 60);
}

Test(errors, exact_text)
{
    struct arena *a = arena_new();

    for (int i = 0; i < n_faults; i++) {
        const struct fault *f = &faults[i];
        const char *dir = folder_new(a);

        f->make(a, dir);
        const char *before = names_in(a, dir);
        const struct process p = resc(a, dir, f->args);

        if (getenv("RESC_SHOW_ERRORS"))
            fprintf(stderr, "== %s (%d)\n%s", f->name, p.status, p.err);
        cr_expect_eq(p.status, 1, "%s: exit status %d", f->name, p.status);
        cr_expect_str_eq(p.err, f->says, "%s says:\n%s", f->name, p.err);
        cr_expect_str_empty(p.out, "%s", f->name);
        cr_expect_str_eq(names_in(a, dir), before, "%s", f->name);
        folder_remove(dir);
    }
    arena_free(a);
}

/* The same faults end `check`, `inspect` and `verify` in the same way, and the
 * JSON document has as many errors as the text. */
Test(errors, other_commands)
{
    static const char *const commands[] = { "check", "inspect", "verify" };
    struct arena *a = arena_new();

    for (int i = 0; i < n_faults; i++) {
        const struct fault *f = &faults[i];
        int n_errors = 0;

        if (strcmp(f->args, "compile bad.onnx -o bad.c") != 0)
            continue; /* it is not the model that is at fault */
        for (const char *p = f->says; (p = strstr(p, ": error: ")); p++)
            n_errors++;
        const char *dir = folder_new(a);

        f->make(a, dir);
        for (int k = 0; k < 3; k++) {
            const struct process p = resc(a, dir, arena_printf(a, "%s bad.onnx --json", commands[k]));
            int n = 0;

            for (const char *m = p.out; (m = strstr(m, "\"severity\":\"error\"")); m++)
                n++;
            cr_expect_eq(p.status, 1, "%s %s: exit status %d", commands[k], f->name, p.status);
            cr_expect_eq(n, n_errors, "%s %s: %d errors, not %d: %s", commands[k], f->name, n,
                         n_errors, p.out);
        }
        folder_remove(dir);
    }
    arena_free(a);
}
