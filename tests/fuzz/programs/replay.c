// SPDX-License-Identifier: Apache-2.0
/* replay FOLDER: every file of FOLDER/TARGET/ through its target.  Needs no
 * libFuzzer.  replay TARGET FILE...: those, to look at a finding. */
#define _POSIX_C_SOURCE 200809L
#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/file.h"
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct target *const targets[] = {
#define TARGET(name) &target_##name,
#include "targets.def"
#undef TARGET
};
static const char *const outcome_names[N_OUTCOMES] = { "taken", "refused", "out of memory" };

/* The bytes without the one that file_read() puts behind them. */
static enum outcome replay(const struct target *t, const char *path)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, "replay");
    size_t size;
    char *read = file_read(path, &size, &d), *bytes = malloc(size ? size : 1);

    if (!read || !bytes)
        exit(1);
    memcpy(bytes, read, size);
    file_release(read);
    const enum outcome o = target_try(t, bytes, size);

    free(bytes);
    arena_free(a);
    return o;
}

static int replay_folder(const struct target *t, const char *path)
{
    struct arena *a = arena_new();
    DIR *dir = opendir(path);
    int n = 0, outcomes[N_OUTCOMES] = { 0 };

    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.') {
            outcomes[replay(t, arena_printf(a, "%s/%s", path, e->d_name))]++;
            n++;
        }
    if (dir)
        closedir(dir);
    arena_free(a);
    printf("%s: %d files", t->name, n);
    for (int o = 0; o < N_OUTCOMES; o++)
        printf(", %d %s", outcomes[o], outcome_names[o]);
    putchar('\n');
    return n;
}

int main(int argc, char **argv)
{
    int passed = 0, empty = 0;

    if (argc < 2)
        return 2;
    for (int t = 0; t < COUNT(targets); t++)
        if (argc > 2 && strcmp(argv[1], targets[t]->name) == 0)
            for (int i = 2; i < argc; i++)
                printf("%s: %s\n", argv[i], outcome_names[replay(targets[t], argv[i])]);
    for (int t = 0; argc == 2 && t < COUNT(targets); t++) {
        struct arena *a = arena_new();
        const int n = replay_folder(targets[t], arena_printf(a, "%s/%s", argv[1],
                                                             targets[t]->name));

        arena_free(a);
        passed += n;
        empty += n == 0;
    }
    if (argc == 2)
        printf("%d passed, %d failed\n", passed, empty);
    return empty != 0;
}
