// SPDX-License-Identifier: Apache-2.0
#include "judge.h"

#include "base/arena.h"
#include "base/count.h"
#include "json_check.h"
#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of processor time; waiting for nothing is ended sooner or later. */
#define SECONDS_MAX 2.0
#define WAIT_MAX 120.0
#define WAIT_MAX_SLOW 300.0
#define MEMORY_MAX ((size_t)256 << 20)
#define STRICT "-std=c99 -Wall -Wextra -Werror -Werror=trigraphs -Werror=comment"

struct run {
    struct judge *j;
    const char *model, *dir;
    bool ok;
};

static void complain(struct run *r, const char *command, const char *what, const char *text)
{
    enum { SHOWN = 600 };

    r->ok = false;
    printf("%s: %s: %s\n%.*s%s", r->model, command, what, SHOWN, text, *text ? "\n" : "");
}

/* The names in a folder, in no order. */
static int files_in(const char *dir)
{
    DIR *d = opendir(dir);
    int n = 0;

    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static bool has_control_bytes(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f)
            return true;
    return false;
}

static void check_limits(struct run *r, const char *command, const struct process *p)
{
    struct judge *j = r->j;
    char what[80];

    snprintf(what, sizeof what, "exit status %d", p->status);
    if (p->timed_out)
        complain(r, command, "hangs", "");
    else if (p->status != 0 && p->status != 1)
        complain(r, command, what, p->err);
    if (j->slow)
        return;
    snprintf(what, sizeof what, "takes %.2f s, %.0f MiB", p->cpu_seconds,
             (double)p->peak / (1 << 20));
    if (p->cpu_seconds > SECONDS_MAX || p->peak > MEMORY_MAX)
        complain(r, command, what, "");
    if (p->cpu_seconds > j->most_seconds)
        j->most_seconds = p->cpu_seconds;
    if (p->peak > j->most_memory)
        j->most_memory = p->peak;
}

/* Every run: what holds whatever the model is. */
static struct process run(struct run *r, const char *command, const char *const *args)
{
    struct judge *j = r->j;
    const char *argv[12] = { j->resc, command, "bad.onnx" };
    const int before = files_in(r->dir);
    int n = 3;

    while (*args)
        argv[n++] = *args++;

    const struct process p = process_run(j->arena, r->dir, argv,
                                         (const char *[]){ "LC_ALL=C", NULL },
                                         j->slow ? WAIT_MAX_SLOW : WAIT_MAX);

    j->n_runs++;
    check_limits(r, command, &p);
    if (has_control_bytes(p.out) || has_control_bytes(p.err))
        complain(r, command, "prints control bytes", "");
    if (p.status == 1 && files_in(r->dir) != before)
        complain(r, command, "leaves files behind", "");
    return p;
}

static void check_status(struct run *r, const char *command, const struct process *p,
                         const char *says)
{
    if (!says && p->status != 0)
        complain(r, command, "is refused", p->err);
    else if (says && p->status == 0)
        complain(r, command, "is accepted", p->err);
    else if (says && (!strstr(p->err, ": error: ") || !strstr(p->err, says)))
        complain(r, command, says, p->err);
}

/* The document stands on standard output, and the messages are in it. */
static void check_json(struct run *r, const char *command, const char *says)
{
    const struct process p = run(r, command, (const char *[]){ "--json", NULL });
    const char *fault = json_fault(p.out);

    if (fault)
        complain(r, command, "--json: no JSON from here", fault);
    if ((p.status == 0) != !says)
        complain(r, command, "--json: another exit status", p.out);
    if (says && !strstr(p.out, "\"severity\":\"error\""))
        complain(r, command, "--json: no error in the document", p.out);
}

static void check_c(struct run *r)
{
    enum { LARGE = 1000000 }; /* compilers take minutes */
    struct process p;
    struct stat st;

    if (stat(arena_printf(r->j->arena, "%s/out.c", r->dir), &st) != 0)
        complain(r, "compile", "no out.c", "");
    else if (st.st_size < LARGE &&
             !shell(r->j->arena, &p, "cd %s && cc " STRICT " -O0 -I'%s/runtime' -c out.c",
                    r->dir, r->j->source))
        complain(r, "compile", "its C does not compile", p.err);
}

void judge_model(struct judge *j, const char *name, const char *dir, const char *says)
{
    struct run r = { j, name, dir, true };
    static const char *const commands[] = { "check", "inspect" };

    for (int i = 0; i < COUNT(commands); i++) {
        const struct process p = run(&r, commands[i], (const char *[]){ NULL });

        if (j->verbose && i == 0)
            printf("== %s (%d, %.2f s, %.0f MiB)\n%s%s", name, p.status, p.cpu_seconds,
                   (double)p.peak / (1 << 20), p.out, p.err);
        check_status(&r, commands[i], &p, says);
        check_json(&r, commands[i], says);
    }
    const struct process p = run(&r, "compile", (const char *[]){ "-o", "out.c", NULL });

    check_status(&r, "compile", &p, says);
    if (!says && p.status == 0)
        check_c(&r);
    j->n_passed += r.ok;
    j->n_failed += !r.ok;
    fflush(stdout);
}
