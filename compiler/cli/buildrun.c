// SPDX-License-Identifier: Apache-2.0
#include "cli/buildrun.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/out_set.h"
#include "cli/child.h"
#include "cli/tensor_file.h"
#include "config.h"
#include "interpret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A fresh folder that does not outlive the process.  False, with errno. */
static bool make_doomed(char *path, struct doomed *doomed)
{
    cleanup_hold();
    if (mkdtemp(path)) {
        *doomed = (struct doomed){ .path = path, .dir = opendir(path) };
        if (doomed->dir)
            cleanup_add(doomed);
        else
            rmdir(path);
    }
    cleanup_release();
    return doomed->dir != NULL;
}

bool workdir_open(struct workdir *w, struct arena *a, const char *keep, struct diag *d)
{
    const char *parent = getenv("TMPDIR");
    char *path = keep ? arena_strdup(a, keep) :
                 arena_printf(a, "%s/resc-XXXXXX", parent && *parent ? parent : "/tmp");

    *w = (struct workdir){ .path = path, .doomed = arena_new_n(a, struct doomed, 1) };
    if (keep ? mkdir(path, 0777) == 0 || errno == EEXIST : make_doomed(path, w->doomed))
        return true;
    if (errno == ENOMEM)
        memory_end(MEMORY_GONE);
    diag_error(d, "cannot make the folder '%s': %s", path, strerror(errno));
    return false;
}

void workdir_close(const struct workdir *w)
{
    if (!w->doomed->dir)
        return;
    cleanup_hold();
    folder_unlink(w->path, w->doomed->dir);
    cleanup_drop(w->doomed);
    cleanup_release();
    closedir(w->doomed->dir);
}

struct program program_compile(struct arena *a, const struct compile_options *opt,
                               const struct workdir *w, const char *tag, struct diag *d)
{
    struct program p = { .dir = w, .path = arena_printf(a, "%s/model%s", w->path, tag) };
    struct compile_options here = *opt;

    here.emit.c_path = arena_printf(a, "%s.c", p.path);
    here.emit.prefix = "model";
    here.emit.weights = WEIGHTS_AUTO;
    here.emit.bundle = true;
    here.emit.with_main = true;
    here.emit.selftest = false;
    p.profiled = opt->emit.profile;
    p.state = compile(a, &here, &p.made, d) ? BUILD_OK : BUILD_REFUSED;
    return p;
}

static const char *c_compiler(void)
{
    const char *cc = getenv("CC");

    return cc && *cc ? cc : "cc";
}

void program_build(struct arena *a, struct program *p, const char *cc_flags, struct diag *d)
{
    struct words argv = { .arena = a };

    if (p->state == BUILD_REFUSED)
        return;
    words_split(&argv, c_compiler());
    words_add(&argv, "-O2");
    words_split(&argv, cc_flags ? cc_flags : "");
    words_add(&argv, "-o");
    words_add(&argv, p->path);
    words_add(&argv, arena_printf(a, "%s.c", p->path));
    if (plan_uses_blas(p->made.plan))
        words_split(&argv, RESC_BLAS_LIBS);
    words_add(&argv, "-lm");
    p->state = child_run(a, "the C compiler", &argv, NULL, arena_printf(a, "%s.log", p->path), d) ?
               BUILD_OK : BUILD_FAILED;
}

const char *compiler_version(struct arena *a, const struct workdir *w)
{
    const char *log = arena_printf(a, "%s/version.log", w->path), *name = c_compiler();
    struct diag quiet = diag_new(a, name);
    struct words argv = { .arena = a };
    size_t size;

    quiet.sink = diag_silent;
    words_split(&argv, name);
    words_add(&argv, "--version");
    char *said = child_run(a, "the C compiler", &argv, NULL, log, &quiet)
                     ? file_read(log, &size, &quiet) : NULL;

    if (said && *said != '\0' && *said != '\n')
        name = arena_strndup(a, said, strcspn(said, "\n"));
    file_release(said);
    return name;
}

/* Starts it with the files of its tensors, named after `stem`, and waits.  `runs`
 * besides the first one. */
static bool start(struct arena *a, const struct program *p, const char *stem, int runs,
                  const struct words *env, const struct tensor *inputs, const char **out_paths,
                  struct diag *d)
{
    const struct graph *g = p->made.graph;
    struct out_set files = { .arena = a, .diag = d };
    struct words argv = { .arena = a };

    /* exec() looks for a path without a slash elsewhere. */
    words_add(&argv, strchr(p->path, '/') ? p->path : arena_printf(a, "./%s", p->path));
    if (runs) {
        words_add(&argv, "-n");
        words_add(&argv, arena_printf(a, "%d", runs));
    }
    for (int i = 0; i < g->n_inputs; i++) {
        const char *path = arena_printf(a, "%s_input_%d.raw", stem, i);

        if (!tensor_file_write(&files, path, TENSOR_RAW, &inputs[i])) {
            out_abandon(&files);
            return false;
        }
        words_add(&argv, path);
    }
    if (!out_commit(&files))
        return false;
    for (int i = 0; i < g->n_outputs; i++) {
        out_paths[i] = arena_printf(a, "%s_output_%d.raw", stem, i);
        words_add(&argv, out_paths[i]);
    }
    return child_run(a, "the generated program", &argv, env, arena_printf(a, "%s.log", stem), d);
}

bool program_run(struct arena *a, const struct program *p, const char *tag,
                 const struct tensor *inputs, struct tensor *outputs, const char *trace,
                 struct diag *d)
{
    const struct graph *g = p->made.graph;
    const char **out_paths = arena_new_n(a, const char *, g->n_outputs + 1);
    struct words env = { .arena = a };

    if (trace) {
        unlink(trace); /* the program appends */
        words_add(&env, arena_printf(a, "RESC_TRACE=%s", trace));
    }
    if (!start(a, p, arena_printf(a, "%s/%s", p->dir->path, tag), 0, &env, inputs, out_paths, d))
        return false;
    for (int i = 0; i < g->n_outputs; i++)
        if (!tensor_file_read(a, out_paths[i], g->outputs[i], &outputs[i], d))
            return false;
    return true;
}

const char *program_time(struct arena *a, const struct program *p, const char *tag, int runs,
                         int threads, const struct tensor *inputs, struct diag *d)
{
    const char *stem = arena_printf(a, "%s/%s", p->dir->path, tag);
    const char **out_paths = arena_new_n(a, const char *, p->made.graph->n_outputs + 1);
    struct words env = { .arena = a };

    words_add(&env, arena_printf(a, "OMP_NUM_THREADS=%d", threads));
    words_add(&env, arena_printf(a, "OPENBLAS_NUM_THREADS=%d", threads));
    return start(a, p, stem, runs, &env, inputs, out_paths, d) ? arena_printf(a, "%s.log", stem)
                                                               : NULL;
}

const void **graph_values(struct arena *a, const struct graph *g, const struct tensor *inputs)
{
    const void **in = arena_new_n(a, const void *, g->n_inputs + 1);

    for (int i = 0; i < g->n_inputs; i++)
        in[i] = inputs[i].data;
    return interpret(a, g, in);
}

struct tensor *graph_interpret(struct arena *a, const struct graph *g,
                               const struct tensor *inputs)
{
    struct tensor *out = arena_new_n(a, struct tensor, g->n_outputs + 1);
    const void **values = graph_values(a, g, inputs);

    for (int k = 0; k < g->n_outputs; k++) {
        const struct value *v = g->outputs[k];

        out[k] = (struct tensor){ v->name, v->type, v->shape, values[v->id] };
    }
    return out;
}
