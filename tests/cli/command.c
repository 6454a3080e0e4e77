// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include "base/arena.h"
#include "base/diag.h"
#include "model.h"
#include "onnx/load.h"
#include "write_one.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGS = 40, MAX_ENTRIES = 100 };

struct world world_new(void)
{
    struct world w = { .arena = arena_new() };
    char here[4096], *dir;

    cr_assert(getcwd(here, sizeof here));
    dir = arena_printf(w.arena, "%s/resc-cli-XXXXXX", here);
    cr_assert(mkdtemp(dir));
    w.dir = dir;
    return w;
}

static void remove_all(const char *path)
{
    DIR *d = opendir(path);

    for (struct dirent *e; d && (e = readdir(d));) {
        char inner[4096];

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (unlink(inner) != 0)
            remove_all(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

void world_end(struct world *w)
{
    remove_all(w->dir);
    arena_free(w->arena);
}

const char *in_world(const struct world *w, const char *name)
{
    return arena_printf(w->arena, "%s/%s", w->dir, name);
}

void write_text(const struct world *w, const char *name, const char *text)
{
    FILE *f = fopen(in_world(w, name), "wb");

    cr_assert(f);
    fputs(text, f);
    fclose(f);
}

static const char *read_path(const struct world *w, const char *path)
{
    FILE *f = fopen(path, "rb");

    if (!f)
        return NULL;
    fseek(f, 0, SEEK_END);
    const size_t size = (size_t)ftell(f);
    char *text = arena_alloc(w->arena, size + 1);

    rewind(f);
    cr_assert_eq(fread(text, 1, size, f), size);
    fclose(f);
    return text;
}

const char *read_text(const struct world *w, const char *name)
{
    return read_path(w, in_world(w, name));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *list(const struct world *w, const char *folder)
{
    const char *names[MAX_ENTRIES], *text = "";
    size_t n = 0;
    DIR *d = opendir(in_world(w, folder));

    cr_assert(d);
    for (struct dirent *e; (e = readdir(d)) && n < MAX_ENTRIES;)
        if (e->d_name[0] != '.') /* captured output has such a name */
            names[n++] = arena_strdup(w->arena, e->d_name);
    closedir(d);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++)
        text = arena_printf(w->arena, "%s%s%s", text, i ? " " : "", names[i]);
    return text;
}

static void redirect(const char *path, int fd)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (file < 0 || dup2(file, fd) < 0)
        _exit(126);
}

static struct outcome run(const struct world *w, const char **args)
{
    const char *out = w->out ? w->out : in_world(w, ".out"), *err = in_world(w, ".err");
    int status;
    const pid_t pid = fork();

    cr_assert_geq(pid, 0);
    if (pid == 0) {
        if (chdir(w->cwd ? w->cwd : w->dir) != 0)
            _exit(126);
        if (w->env) {
            const char *equals = strchr(w->env, '=');

            setenv(arena_strndup(w->arena, w->env, (size_t)(equals - w->env)), equals + 1, 1);
        }
        redirect(out, 1);
        redirect(err, 2);
        execv(args[0], (char *const *)args);
        _exit(127);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return (struct outcome){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
        .out = w->out ? "" : read_path(w, out), .err = read_path(w, err),
    };
}

static const char *binary(void)
{
    const char *path = getenv("RESC_BIN");

    cr_assert(path, "RESC_BIN must be the path of the executable");
    return path;
}

struct outcome resc(const struct world *w, ...)
{
    const char *args[MAX_ARGS] = { binary() };
    va_list ap;
    int n = 1;

    va_start(ap, w);
    while (n + 1 < MAX_ARGS && (args[n] = va_arg(ap, const char *)))
        n++;
    va_end(ap);
    return run(w, args);
}

struct outcome resc_words(const struct world *w, const char *text)
{
    const char *args[MAX_ARGS] = { binary() };
    int n = 1;

    for (char *word = strtok(arena_strdup(w->arena, text), " "); word && n + 1 < MAX_ARGS;
         word = strtok(NULL, " "))
        args[n++] = word;
    return run(w, args);
}

void write_doubler(const struct world *w, const char *name)
{
    const float two = 2.0f;
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "N,1,4,4");
    model_initialiser(m, "w", DT_F32, "1,1,1,1", &two);
    model_node(m, "Conv", "x w", "c", "kernel_shape=[1,1]");
    model_node_name(m, "double");
    model_node(m, "Relu", "c", "y", NULL);
    model_output(m, "y", DT_F32, "N,1,4,4");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

void write_ramp(const struct world *w, const char *name, int n, float start, float scale)
{
    float data[64];
    struct diag d = diag_new(w->arena, "test");
    const struct tensor t = { "", DT_F32, shape_of(n, 1, 4, 4), data };

    cr_assert_leq(n, 4);
    for (int i = 0; i < 16 * n; i++)
        data[i] = (start + (float)i) * scale;
    cr_assert(write_one(onnx_write_tensor, in_world(w, name), &t, &d));
}
