// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

/* Every allocation of a command fails, one after the other, first alone and then
 * with all that follow it; on models that together have every operator.  Each
 * time resc must say "out of memory" and exit with 1, having written nothing -
 * or, where the C library can do without what it asked for, do its work.
 *
 *     memory [--few] [MODEL.onnx...]
 *
 * Of these files instead, or of fewer of its own (for sanitizers).  The last line
 * counts the allocations. */
#include "base/arena.h"
#include "base/count.h"
#include "failing_malloc.h"
#include "model.h"
#include "subjects.h"
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct command_line {
    const char *args;
    int every; /* the subject of so many; with --few of three times as many */
} command_lines[] = {
    { "check in.onnx", 1 },
    { "compile in.onnx -o net.c", 1 },
    { "compile in.onnx -o net.c --bundle --weights=net.bin -MD -v --explain --json", 5 },
    { "check in.onnx --json", 4 },
    { "inspect in.onnx -v", 5 },
    { "inspect in.onnx --json", 7 },
    { "inspect in.onnx --dot", 16 },
    { "inspect in.onnx --signal --directions 1 --data data", 16 },
    { "compile in.onnx -o net.c --prune-residual 9 --calibrate data", 16 },
    { "report in.onnx -o net.html --quick --json", 16 },
    { "verify in.onnx --json", 16 }, /* with a compiler that fails */
    { "verify in.onnx --data=data -O0", 16 },
    { "run --json in.onnx --interpret -i data/test_data_set_0/input_0.pb -o net.npy", 16 },
    { "ops", 100 },
};

static const char *const outputs[] = { "net.c", "net.h", "net.bin", "net.d", "net.npy",
                                       "net.html" };
static const char *const known[] = { "in.onnx", "data", "net.c", "net.h", "net.bin", "net.d",
                                     "net.npy", "net.html", NULL };

struct totals {
    long passed, failed, survived;
};

/* What a command leaves when nothing fails. */
struct result {
    int status;
    unsigned long long file[COUNT(outputs)];
};

static void put_old(void)
{
    FILE *f = fopen("net.c", "wb");

    if (!f || fputs("old\n", f) < 0 || fclose(f) != 0)
        exit(1);
    for (int i = 1; i < COUNT(outputs); i++)
        unlink(outputs[i]);
}

static struct result run(struct bench *b, const char *args)
{
    struct result r;
    const pid_t pid = trial_fork(b);

    if (pid == 0)
        trial_run(args);
    r.status = trial_wait(b, pid);
    for (int i = 0; i < COUNT(outputs); i++)
        r.file[i] = file_number(b, outputs[i]);
    return r;
}

/* With --json in the document that is all of standard output - but for the first
 * allocation, when the options have not been read. */
static bool says_so(const struct bench *b, bool json, long at)
{
    const size_t n = strlen(b->said);

    if (!json || (at == 1 && !n))
        return strstr(b->said_err, "resc: error: out of memory\n") != NULL;
    return n > 2 && b->said[0] == '{' && strcmp(b->said + n - 2, "}\n") == 0 &&
           strstr(b->said, "\"text\":\"out of memory\"");
}

/* What is wrong with a run in which allocation `at` failed, or NULL. */
static const char *fault_of(struct bench *b, const char *args, long at, const struct result *r,
                            const struct result *whole, const struct result *old)
{
    const bool is_whole = memcmp(r->file, whole->file, sizeof r->file) == 0;

    if (WIFSIGNALED(r->status))
        return "ended by a signal";
    if (r->status == whole->status && is_whole && !strstr(b->said, "out of memory") &&
        !strstr(b->said_err, "out of memory"))
        return NULL; /* it could do without */
    if (WEXITSTATUS(r->status) != 1)
        return "exit status";
    if (!says_so(b, strstr(args, "--json") != NULL, at))
        return "message";
    if (!is_whole && memcmp(r->file, old->file, sizeof r->file) != 0) /* whole: it was the report */
        return "files were changed";
    return n_strangers(b, known) ? "files are left" : NULL;
}

/* Every allocation of a command. */
static void fail_each(struct bench *b, const char *name, const char *args, bool lasting,
                      struct totals *t)
{
    put_old();
    const struct result whole = run(b, args);
    struct result old = { 0 };

    put_old();
    for (int i = 0; i < COUNT(outputs); i++)
        old.file[i] = file_number(b, outputs[i]);
    for (long at = 1;; at++) {
        *malloc_plan = (struct malloc_plan){ .at = at, .lasting = lasting };
        const struct result r = run(b, args);

        malloc_plan->at = 0;
        if (!malloc_plan->failed)
            break;
        malloc_plan->failed = false;
        const char *fault = fault_of(b, args, at, &r, &whole, &old);

        t->passed += !fault;
        t->failed += fault != NULL;
        t->survived += !fault && WEXITSTATUS(r.status) == 0;
        if (fault)
            fprintf(stderr, "%s: resc %s: allocation %ld%s: %s (status %#x)\n%.400s%.400s\n", name,
                    args, at, lasting ? " and later" : "", fault, r.status, b->said, b->said_err);
        if (memcmp(r.file, old.file, sizeof r.file) != 0)
            put_old();
    }
    malloc_plan->failed = false;
    put_old();
}

static void fail_all(struct bench *b, const char *name, int number, bool few, struct totals *t)
{
    for (int c = 0; c < COUNT(command_lines); c++) {
        const struct command_line *line = &command_lines[c];

        if (number % line->every || (few && number % (3 * line->every)))
            continue;
        fail_each(b, name, line->args, false, t);
        fail_each(b, name, line->args, true, t);
    }
}

/* x of 0, 1, 2, ... as a data set for verify and run. */
static void write_data(const struct subject *s)
{
    struct model *m = subject_model(s);

    mkdir("data", 0777);
    mkdir("data/test_data_set_0", 0777);
    subject_write_input(s, "data/test_data_set_0/input_0.pb");
    if (!model_write(m, "in.onnx")) {
        perror("in.onnx");
        exit(1);
    }
    model_free(m);
}

static bool copy_model(const char *path)
{
    char bytes[4096];
    FILE *in = fopen(path, "rb"), *out = fopen("in.onnx", "wb");

    if (!in || !out)
        return false;
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, n, out);
    fclose(in);
    return fclose(out) == 0;
}

int main(int argc, char **argv)
{
    const bool few = argc > 1 && strcmp(argv[1], "--few") == 0;
    struct totals t = { 0 };
    struct bench *b = bench_new();

    setenv("CC", "false", 1);
    malloc_plan = mmap(NULL, sizeof *malloc_plan, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *malloc_plan = (struct malloc_plan){ 0 };
    for (int i = 1 + few; i < argc; i++)
        if (copy_model(argv[i]))
            fail_all(b, argv[i], i * 1001, few, &t); /* check and compile */
    for (int i = 0; i < n_subjects && argc == 1 + few; i++) {
        write_data(&subjects[i]);
        fail_all(b, subjects[i].name, i, few, &t);
    }
    bench_end(b);
    const int without = ops_without_subject();

    printf("%d models; %ld allocations that failed, %ld of them without need\n", n_subjects,
           t.passed + t.failed, t.survived);
    printf("%ld passed, %ld failed\n", t.passed, t.failed + without);
    return t.failed || without || !t.passed;
}
