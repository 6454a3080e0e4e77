// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void ignore(void *ctx, const char *line)
{
    (void)ctx, (void)line;
}

struct world {
    struct arena *arena;
    struct diag diag;
    char dir[32];
};

static struct world world_new(void)
{
    struct world w = { .arena = arena_new(), .dir = "resc-file-XXXXXX" };

    w.diag = diag_new(w.arena, "test");
    w.diag.sink = ignore;
    cr_assert(mkdtemp(w.dir));
    return w;
}

static const char *in(struct world *w, const char *name)
{
    return arena_printf(w->arena, "%s/%s", w->dir, name);
}

static int n_files(const char *dir)
{
    DIR *d = opendir(dir);
    int n = 0;

    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void world_end(struct world *w, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        unlink(in(w, names[i]));
    cr_assert_eq(rmdir(w->dir), 0);
    arena_free(w->arena);
}

Test(file, a_set_is_written_as_a_whole)
{
    struct world w = world_new();
    struct out_set set = { .arena = w.arena, .diag = &w.diag };
    size_t size;

    fputs("one", out_open(&set, in(&w, "a")));
    fputs("two", out_open(&set, in(&w, "b")));
    cr_assert_neq(access(in(&w, "a"), F_OK), 0);
    cr_assert(out_commit(&set));
    cr_assert_eq(n_files(w.dir), 2);
    char *bytes = file_read(in(&w, "b"), &size, &w.diag);

    cr_assert_eq(size, 3);
    cr_assert_str_eq(bytes, "two");
    file_release(bytes);
    world_end(&w, (const char *[]){ "a", "b" }, 2);
}

Test(file, a_fault_leaves_nothing_and_old_files_alone)
{
    struct world w = world_new();
    struct out_set set = { .arena = w.arena, .diag = &w.diag };
    size_t size;

    fputs("old", out_open(&set, in(&w, "a")));
    cr_assert(out_commit(&set));
    fputs("new", out_open(&set, in(&w, "a")));
    cr_assert_null(out_open(&set, in(&w, "no/such/folder")));
    out_abandon(&set);
    cr_assert_eq(n_files(w.dir), 1);
    char *bytes = file_read(in(&w, "a"), &size, &w.diag);

    cr_assert_str_eq(bytes, "old");
    file_release(bytes);
    cr_assert_eq(w.diag.n_errors, 1);
    world_end(&w, (const char *[]){ "a" }, 1);
}

Test(file, a_full_disk_is_noticed)
{
    struct world w = world_new();
    struct out_set set = { .arena = w.arena, .diag = &w.diag };

    if (access("/dev/full", W_OK) != 0) {
        fputs("skipped: no /dev/full here\n", stderr);
        world_end(&w, NULL, 0);
        return;
    }
    fputs("text", out_open(&set, in(&w, "a")));
    fputs("text", out_open(&set, "/dev/full"));
    cr_assert_not(out_commit(&set));
    cr_assert_eq(n_files(w.dir), 0);
    cr_assert_eq(w.diag.n_errors, 1);
    world_end(&w, NULL, 0);
}

Test(file, the_source_is_not_written_over)
{
    struct world w = world_new();
    struct out_set set = { .arena = w.arena, .diag = &w.diag };

    fputs("model", out_open(&set, in(&w, "a")));
    cr_assert(out_commit(&set));
    set.source = arena_printf(w.arena, "%s/./a", w.dir);
    cr_assert_null(out_open(&set, in(&w, "a")));
    cr_assert_eq(w.diag.n_errors, 1);
    world_end(&w, (const char *[]){ "a" }, 1);
}

Test(file, what_cannot_be_read)
{
    struct world w = world_new();
    size_t size;

    cr_assert_null(file_read(in(&w, "absent"), &size, &w.diag));
    cr_assert_null(file_read(w.dir, &size, &w.diag));
    cr_assert_eq(w.diag.n_errors, 2);
    world_end(&w, NULL, 0);
}
