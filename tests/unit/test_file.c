// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/out_set.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* Hidden ones, too. */
static int n_files(const char *dir)
{
    DIR *d = opendir(dir);
    int n = -2;

    while (readdir(d))
        n++;
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

static void write_set(struct world *w, struct out_set *set, const char *const *names, int n,
                      const char *text)
{
    *set = (struct out_set){ .arena = w->arena, .diag = &w->diag };
    for (int i = 0; i < n; i++) {
        FILE *f = out_open(set, in(w, names[i]));

        cr_assert(f);
        fputs(text, f);
    }
}

static bool holds(struct world *w, const char *name, const char *text)
{
    size_t size;
    char *bytes = file_read(in(w, name), &size, &w->diag);
    const bool same = bytes && strcmp(bytes, text) == 0;

    file_release(bytes);
    return same;
}

/* A folder has taken the name of the last file in the meantime, so that the others
 * have their new names when rename() fails. */
Test(file, names_that_were_given_are_taken_back)
{
    static const char *const names[] = { "old", "new", "stuck" };
    struct world w = world_new();
    struct out_set set;

    write_set(&w, &set, names, 1, "before");
    cr_assert(out_commit(&set));
    write_set(&w, &set, names, 3, "after");
    cr_assert_eq(mkdir(in(&w, "stuck"), 0777), 0);
    cr_assert_eq(n_files(w.dir), 5);
    cr_assert_not(out_commit(&set));
    cr_assert_eq(w.diag.n_errors, 1);
    cr_assert(strstr(w.diag.first->text, "/stuck': "), "%s", w.diag.first->text);
    cr_assert_eq(rmdir(in(&w, "stuck")), 0);
    cr_assert_eq(n_files(w.dir), 1);
    cr_assert(holds(&w, "old", "before"));
    world_end(&w, names, 1);
}

Test(file, no_name_twice)
{
    static const char *const names[] = { "a" };
    struct world w = world_new();
    struct out_set set;

    write_set(&w, &set, names, 1, "text");
    cr_assert_null(out_open(&set, in(&w, "a")));
    out_abandon(&set);
    cr_assert_eq(n_files(w.dir), 0);
    cr_assert_eq(w.diag.n_errors, 1);
    world_end(&w, NULL, 0);
}

/* Temporary names are cut where those of the files are as long as may be. */
Test(file, the_longest_name)
{
    struct world w = world_new();
    char longest[256];
    const char *names[] = { longest };
    struct out_set set;

    memset(longest, 'x', 255);
    longest[255] = '\0';
    for (int i = 0; i < 2; i++) {
        write_set(&w, &set, names, 1, "text");
        cr_assert(out_commit(&set));
    }
    cr_assert(holds(&w, longest, "text"));
    world_end(&w, names, 1);
}

/* What is left by a process that was killed, and had our number. */
Test(file, temporary_names_that_are_taken)
{
    static const char *const names[] = { "a" };
    struct world w = world_new();
    const char *taken = arena_printf(w.arena, ".a.resc-%ld-0", (long)getpid());
    struct out_set set;

    fclose(fopen(in(&w, taken), "wb"));
    write_set(&w, &set, names, 1, "one");
    cr_assert(out_commit(&set));
    write_set(&w, &set, names, 1, "two");
    cr_assert(out_commit(&set));
    cr_assert_eq(n_files(w.dir), 2);
    cr_assert(holds(&w, "a", "two"));
    cr_assert(holds(&w, taken, ""));
    world_end(&w, (const char *[]){ "a", taken }, 2);
}

/* The process that writes a set ends early, by `end`. */
static int ends_early(struct world *w, void (*end)(void))
{
    static const char *const names[] = { "a", "b" };
    int status;
    const pid_t pid = fork();

    if (pid == 0) {
        struct out_set set;

        write_set(w, &set, names, 2, "new");
        end();
        _exit(99);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void by_exit(void)
{
    exit(1);
}

static void by_term(void)
{
    raise(SIGTERM);
}

static void by_memory(void)
{
    memory_end(MEMORY_GONE);
}

static void ignored(void)
{
    raise(SIGHUP);
}

Test(file, what_ends_the_process_leaves_nothing)
{
    static const char *const names[] = { "a" };
    struct world w = world_new();
    struct out_set set;

    signal(SIGHUP, SIG_IGN);
    write_set(&w, &set, names, 1, "old");
    cr_assert(out_commit(&set));
    int status = ends_early(&w, by_exit);

    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    status = ends_early(&w, by_memory);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    status = ends_early(&w, by_term);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    cr_assert_eq(n_files(w.dir), 1);
    cr_assert(holds(&w, "a", "old"));
    status = ends_early(&w, ignored);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 99);
    cr_assert_eq(n_files(w.dir), 3); /* _exit() cleans nothing */
    folder_unlink(w.dir, opendir(w.dir));
    cr_assert_neq(access(w.dir, F_OK), 0);
    arena_free(w.arena);
}
