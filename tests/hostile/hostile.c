// SPDX-License-Identifier: Apache-2.0
/* hostile - every hostile model through resc, in a process of its own:
 *
 *     hostile --resc=PATH --source=DIR [--slow] [-v] [FILTER]
 *
 * No signal, no hang, no more memory than allowed, exit status 0 or 1, and for
 * what is refused the reason and no file.  --slow: of programs that sanitizers
 * watch, time and memory say nothing.  One line for what is not so, and the
 * count at the end; not a Criterion program, because its memory would count. */
#include "hostile.h"
#include "judge.h"

#include "base/arena.h"
#include "base/count.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct judge judge_new(struct arena *a, int argc, char **argv)
{
    struct judge j = { .arena = a, .filter = "" };

    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "--resc=", 7) == 0)
            j.resc = argv[i] + 7;
        else if (strncmp(argv[i], "--source=", 9) == 0)
            j.source = argv[i] + 9;
        else if (strcmp(argv[i], "--slow") == 0)
            j.slow = true;
        else if (strcmp(argv[i], "-v") == 0)
            j.verbose = true;
        else
            j.filter = argv[i];
    if (j.resc && j.source)
        return j;
    fputs("usage: hostile --resc=PATH --source=DIR [--slow] [-v] [FILTER]\n", stderr);
    exit(2);
}

/* A folder in a folder: the outer one is what a model must not read. */
static const char *new_place(struct arena *a, const char **outer)
{
    *outer = folder_new(a);
    const char *dir = arena_printf(a, "%s/model", *outer);

    if (mkdir(dir, 0700) != 0)
        abort();
    return dir;
}

static void family(struct judge *j, const struct hostile *list, int n)
{
    for (int i = 0; i < n; i++) {
        const char *outer;

        if (!strstr(list[i].name, j->filter))
            continue;
        const char *dir = new_place(j->arena, &outer);

        list[i].make(&list[i], dir);
        judge_model(j, list[i].name, dir, list[i].says);
        folder_remove(outer);
    }
}

static void copy_file(struct arena *a, const char *from, const char *dir)
{
    struct process p;

    if (!shell(a, &p, "cp '%s' %s/bad.onnx", from, dir))
        abort();
}

/* The files that other programs broke on. */
static void shared(struct judge *j)
{
    static const struct { const char *name, *says; } files[] = {
#define FILE_OF(name, says) { name, says },
#include "shared.def"
#undef FILE_OF
    };
    const char *folder = shared_folder(j->arena, j->source, "hostile-models");

    if (!folder) {
        printf("skipped: no folder hostile-models: RESC_SHARED does not name one\n");
        j->n_skipped += COUNT(files);
        return;
    }
    for (int i = 0; i < COUNT(files); i++) {
        const char *outer;

        if (!strstr(files[i].name, j->filter))
            continue;
        const char *dir = new_place(j->arena, &outer);

        copy_file(j->arena, arena_printf(j->arena, "%s/%s.onnx", folder, files[i].name), dir);
        judge_model(j, files[i].name, dir, files[i].says);
        folder_remove(outer);
    }
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct judge j = judge_new(a, argc, argv);

    family(&j, hostile_nodes, n_hostile_nodes);
    family(&j, hostile_graphs, n_hostile_graphs);
    family(&j, hostile_tensors, n_hostile_tensors);
    family(&j, hostile_names, n_hostile_names);
    family(&j, hostile_external, n_hostile_external);
    family(&j, hostile_bytes, n_hostile_bytes);
    shared(&j);
    printf("%d models, %d runs: at most %.2f s of processor time, %.0f MiB\n"
           "%d passed, %d failed, %d skipped\n", j.n_passed + j.n_failed, j.n_runs, j.most_seconds,
           (double)j.most_memory / (1 << 20), j.n_passed, j.n_failed, j.n_skipped);
    arena_free(a);
    return j.n_failed || !j.n_passed;
}
