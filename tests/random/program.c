// SPDX-License-Identifier: Apache-2.0
/* program - the generated C of many models as one program: main.c calls one after
 * the other, each with memory of its own, so that a sanitizer sees every edge. */
#include "trial.h"

#include "base/arena.h"
#include "config.h"
#include "process.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUILD_SECONDS = 900, RUN_SECONDS = 300, SAID_MAX = 900 };

static const char head[] =
    "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <stdint.h>\n\n"
    "static void die(const char *what)\n{\n"
    "    fprintf(stderr, \"%s\\n\", what);\n    exit(3);\n}\n\n"
    /* What nobody wrote to is no number. */
    "static void *filled(size_t align, size_t size)\n{\n"
    "    void *p;\n\n"
    "    if (posix_memalign(&p, align, size ? size : 1) != 0)\n        die(\"no memory\");\n"
    "    memset(p, 0xff, size ? size : 1);\n    return p;\n}\n\n"
    "static void *read_from(FILE *f, size_t size)\n{\n"
    "    void *p = filled(64, size);\n\n"
    "    if (!f || fread(p, 1, size, f) != size)\n        die(\"an input is missing\");\n"
    "    return p;\n}\n\n"
    "static unsigned long sum(const void *p, size_t size)\n{\n"
    "    unsigned long s = 5381;\n\n"
    "    for (size_t i = 0; i < size; i++)\n"
    "        s = s * 33 + ((const unsigned char *)p)[i];\n    return s;\n}\n\n";

static const char *upper(struct arena *a, const char *name)
{
    char *s = arena_strdup(a, name);

    for (char *c = s; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return s;
}

static void write_call(FILE *f, const struct trial *t, bool with_weights)
{
    fprintf(f, "    if (%s_run(", t->name);
    if (with_weights)
        fputs("weights, ", f);
    for (int i = 0; i < t->graph->n_inputs; i++)
        fprintf(f, "in[%d], ", i);
    for (int i = 0; i < t->graph->n_outputs; i++)
        fprintf(f, "out[%d], ", i);
    fputs("ws) != 0)\n        die(\"it returned an error\");\n", f);
}

/* Its input suits no model in particular, so that it may find a deviation; but no
 * sanitizer may find anything. */
static void write_selftest(FILE *f, const struct trial *t, const char *up, bool with_weights)
{
    fprintf(f, "    {\n        void *all = filled(64, %s_SELFTEST_SIZE);\n\n"
               "        if (%s_selftest(%sall) < 0)\n            die(\"a deviation below 0\");\n"
               "        free(all);\n    }\n", up, t->name, with_weights ? "weights, " : "");
}

/* static void run_NAME(void): reads NAME.in, writes NAME.out. */
static void write_function(FILE *f, struct arena *a, const struct trial *t)
{
    const struct graph *g = t->graph;
    const bool with_weights = t->form.weights == WEIGHTS_FILE;
    const char *up = upper(a, t->name);

    fprintf(f, "static void run_%s(void)\n{\n    void *in[%d], *out[%d];\n"
               "    void *ws = filled(64, %s_WORKSPACE_SIZE);\n    unsigned long before = 0;\n"
               "    FILE *f = fopen(\"%s.in\", \"rb\");\n\n", t->name, g->n_inputs + 1,
            g->n_outputs + 1, up, t->name);
    for (int i = 0; i < g->n_inputs; i++)
        fprintf(f, "    in[%d] = read_from(f, %zu);\n    before += sum(in[%d], %zu);\n", i,
                value_size(g->inputs[i]), i, value_size(g->inputs[i]));
    for (int i = 0; i < g->n_outputs; i++)
        fprintf(f, "    out[%d] = filled(64, %zu);\n", i, value_size(g->outputs[i]));
    fputs("    fclose(f);\n", f);
    if (with_weights)
        fprintf(f, "    f = fopen(\"%s.bin\", \"rb\");\n"
                   "    void *weights = read_from(f, %s_WEIGHTS_SIZE);\n    fclose(f);\n"
                   "    if (%s_weights_check(weights, %s_WEIGHTS_SIZE) != 0)\n"
                   "        die(\"the weights do not fit\");\n", t->name, up, t->name, up);
    write_call(f, t, with_weights);
    if (t->form.selftest)
        write_selftest(f, t, up, with_weights);
    fprintf(f, "    f = fopen(\"%s.out\", \"wb\");\n    if (!f)\n        die(\"no file\");\n",
            t->name);
    for (int i = 0; i < g->n_inputs; i++)
        fprintf(f, "    before -= sum(in[%d], %zu);\n    free(in[%d]);\n", i,
                value_size(g->inputs[i]), i);
    for (int i = 0; i < g->n_outputs; i++)
        fprintf(f, "    fwrite(out[%d], 1, %zu, f);\n    free(out[%d]);\n", i,
                value_size(g->outputs[i]), i);
    fprintf(f, "%s    free(ws);\n    fclose(f);\n    if (before)\n"
               "        die(\"an input has changed\");\n    (void)in;\n}\n\n",
            with_weights ? "    free(weights);\n" : "");
}

/* main() starts at the model of that number and says which are done. */
static bool write_main(struct arena *a, const char *path, int n, const struct trial *t)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return false;
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            fprintf(f, "#include \"%s.h\"\n", t[i].name);
    fputs(head, f);
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            write_function(f, a, &t[i]);
    fputs("int main(int argc, char **argv)\n{\n"
          "    const int start = argc > 1 ? atoi(argv[1]) : 0;\n\n", f);
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            fprintf(f, "    if (start <= %d) {\n        run_%s();\n        puts(\"%d\");\n"
                       "        fflush(stdout);\n    }\n", i, t[i].name, i);
    fputs("    return 0;\n}\n", f);
    return fclose(f) == 0;
}

static const char *cut(struct arena *a, const char *text)
{
    return strlen(text) > SAID_MAX ? arena_printf(a, "%.*s...", SAID_MAX, text) : text;
}

/* Sources are named without folders: messages are short then, and .incbin finds
 * its file. */
static const char *compile_line(struct arena *a, const struct setup *s, const struct form *c)
{
    return arena_printf(a, "%s -std=c99 -pedantic -Wall -Wextra -Werror -O%d -I'%s'%s -c", s->cc,
                        c->c_level, s->include, RESC_HAVE_BLAS ? "" : " -DRESC_NO_BLAS");
}

static struct process sh(struct arena *a, const char *dir, const char *line,
                         const char *const *env, double seconds)
{
    return process_run(a, dir, (const char *[]){ "sh", "-c", line, NULL }, env, seconds);
}

/* One object a model; those of one level of optimisation in one call, and of that
 * only those whose object is missing again, one by one, for their messages. */
static void build_objects(struct arena *a, const struct setup *s, const char *dir, int n,
                          struct trial *t)
{
    for (int level = 0; level < 2; level++) {
        const char *line = NULL;

        for (int i = 0; i < n; i++)
            if (t[i].verdict == TRIAL_PASS && (t[i].form.c_level > 0) == level)
                line = arena_printf(a, "%s %s.c", line ? line : compile_line(a, s, &t[i].form),
                                    t[i].name);
        if (line)
            sh(a, dir, line, NULL, BUILD_SECONDS);
    }
    for (int i = 0; i < n; i++) {
        if (t[i].verdict != TRIAL_PASS ||
            access(arena_printf(a, "%s/%s.o", dir, t[i].name), R_OK) == 0)
            continue;
        const char *line = arena_printf(a, "%s %s.c", compile_line(a, s, &t[i].form), t[i].name);
        const struct process p = sh(a, dir, line, NULL, BUILD_SECONDS);

        if (p.status != 0)
            trial_fail(&t[i], TRIAL_BUILD_FAILED, p.timed_out ? "cc took too long"
                                                              : cut(a, p.err));
    }
}

static bool link_program(struct arena *a, const struct setup *s, const char *dir, int n,
                         struct trial *t)
{
    const char *line = arena_printf(a, "%s -std=gnu99 -O0 -o program main.c", s->cc);

    write_main(a, arena_printf(a, "%s/main.c", dir), n, t);
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            line = arena_printf(a, "%s %s.o", line, t[i].name);
    const struct process p = sh(a, dir, arena_printf(a, "%s '%s' %s", line, s->rt, s->libs), NULL,
                                BUILD_SECONDS);

    for (int i = 0; p.status != 0 && i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            trial_fail(&t[i], TRIAL_BUILD_FAILED, cut(a, p.err));
    return p.status == 0;
}

/* The number behind the last one that the program said is done. */
static int after_last(const char *out, int start)
{
    for (const char *at = out; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
        start = atoi(at) + 1;
    return start;
}

static void run_ort(struct arena *a, const struct setup *s, const char *dir, int n,
                    struct trial *t)
{
    const char *line = arena_printf(a, "'%s' '%s'", s->ort, s->ort_script);

    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            line = arena_printf(a, "%s %s", line, t[i].name);
    sh(a, dir, line, NULL, RUN_SECONDS);
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            trial_judge_ort(a, dir, &t[i]);
}

void program_run_trials(struct arena *a, const struct setup *s, const char *dir, int n,
                        struct trial *t)
{
    const char *env[] = {
        *t[0].form.isa ? arena_printf(a, "RESC_ISA=%s", t[0].form.isa) : "RESC_RANDOM=1",
        "OPENBLAS_NUM_THREADS=1", "ASAN_OPTIONS=detect_leaks=0:abort_on_error=0",
        "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1", NULL,
    };

    build_objects(a, s, dir, n, t);
    if (!link_program(a, s, dir, n, t))
        return;
    for (int start = 0; start < n;) {
        const struct process p = sh(a, dir, arena_printf(a, "exec ./program %d", start), env,
                                    RUN_SECONDS);

        start = after_last(p.out, start);
        if (p.status == 0 && !p.timed_out)
            break;
        while (start < n && t[start].verdict != TRIAL_PASS)
            start++;
        if (start < n)
            trial_fail(&t[start++], TRIAL_RUN_FAILED,
                       p.timed_out ? "it does not end" :
                       arena_printf(a, "exit status %d: %s", p.status, cut(a, p.err)));
    }
    for (int i = 0; i < n; i++)
        if (t[i].verdict == TRIAL_PASS)
            trial_judge(a, dir, &t[i]);
    if (s->ort)
        run_ort(a, s, dir, n, t);
}
