// SPDX-License-Identifier: Apache-2.0
/* A signal ends resc while it writes a set over an old one: before every one of its
 * system calls, and N times at a random moment.
 *
 * After SIGKILL every file is absent, old or complete, and a set that is mixed of
 * both does not compile.  After SIGINT, SIGTERM and SIGHUP all files are the old
 * ones or all are the new ones, and nothing else is left.
 *
 *     kills [N] */
#include "base/count.h"
#include "sets.h"
#include "tracer.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { C_FORMS = 4 }; /* the first ones, which write net.c */

static const int gentle[] = { SIGINT, SIGTERM, SIGHUP };

struct totals {
    long n, wrong, mixed, old, complete;
    struct state seen[16]; /* mixed sets on which the C compiler was tried */
    int n_seen;
};

static bool compiles(void)
{
    return system("cc -fsyntax-only -I. net.c >/dev/null 2>&1") == 0;
}

/* Each mixed state is tried once. */
static const char *mixed(const struct state *now, struct totals *t)
{
    t->mixed++;
    for (int i = 0; i < t->n_seen; i++)
        if (set_same(now, &t->seen[i]))
            return NULL;
    if (t->n_seen < COUNT(t->seen))
        t->seen[t->n_seen++] = *now;
    return now->file[4] && compiles() ? "a mixed set compiles" : NULL; /* net.c is there */
}

/* What is wrong, or NULL. */
static const char *fault_of(struct bench *b, const struct set *s, int sig, int status,
                            struct totals *t)
{
    const struct state now = set_state(b);
    const bool old = set_same(&now, &s->before), complete = set_same(&now, &s->after);

    t->old += old;
    t->complete += complete;
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 && complete ? NULL : "it did not end by the signal";
    if (WTERMSIG(status) != sig)
        return "it ended by another signal";
    if (!set_known(s, &now))
        return "a file is neither the old nor the new one";
    if (sig != SIGKILL && n_strangers(b, set_names))
        return "files are left";
    if (old || complete)
        return NULL;
    return sig == SIGKILL ? mixed(&now, t) : "the set is mixed";
}

/* What SIGKILL may leave. */
static void remove_hidden(void)
{
    DIR *dir = opendir(".");

    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (strncmp(e->d_name, ".net.", 5) == 0)
            unlink(e->d_name);
    if (dir)
        closedir(dir);
}

static void judge(struct bench *b, const struct set *s, int sig, int status, long at,
                  struct totals *t)
{
    const char *fault = fault_of(b, s, sig, status, t);

    if (fault)
        fprintf(stderr, "resc %s: %s, %ld: %s (status %#x)\n%.400s\n", s->form->args,
                strsignal(sig), at, fault, status, b->said_err);
    t->n++;
    t->wrong += fault != NULL;
    remove_hidden();
    set_restore(s);
}

static void before_each_call(struct bench *b, const struct set *s, int sig, struct totals *t)
{
    for (long at = 1;; at++) {
        struct strike strike = { .call = CALL_ANY, .at = at, .sig = sig };
        const int status = trace(b, s->form->args, &strike);

        if (!strike.struck)
            break;
        judge(b, s, sig, status, at, t);
    }
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void at_random(struct bench *b, const struct set *s, int sig, long n, struct totals *t)
{
    double whole = 0.02;

    for (long i = 0; i < n; i++) {
        const double start = now();
        const pid_t pid = trial_fork(b);

        if (pid == 0)
            trial_run(s->form->args);
        if (i) { /* the first one runs to its end, to be timed */
            const struct timespec wait = {
                .tv_nsec = (long)(fmin(whole, 0.9) * 1e6 * (double)(rand() % 1000)),
            };

            nanosleep(&wait, NULL);
            kill(pid, sig);
        }
        const int status = trial_wait(b, pid);

        if (WIFEXITED(status))
            whole = 0.9 * whole + 0.1 * (now() - start);
        judge(b, s, sig, status, i, t);
    }
}

int main(int argc, char **argv)
{
    const long n = argc > 1 ? atol(argv[1]) : 200;
    struct bench *b = bench_new();
    struct totals kills = { 0 }, ends = { 0 };

    for (int f = 0; f < C_FORMS; f++) {
        struct set s;

        set_begin(&s, b, &forms[f]);
        kills.n_seen = 0;
        at_random(b, &s, SIGKILL, n / C_FORMS, &kills);
        for (int i = 0; i < COUNT(gentle); i++)
            at_random(b, &s, gentle[i], n / C_FORMS / 4, &ends);
        if (tracer_works()) {
            before_each_call(b, &s, SIGKILL, &kills);
            for (int i = 0; i < COUNT(gentle); i++)
                before_each_call(b, &s, gentle[i], &ends);
        }
        set_end(&s);
    }
    bench_end(b);
    printf("SIGKILL %ld times: %ld sets old, %ld new, %ld mixed; other signals %ld times: "
           "%ld old, %ld new\n", kills.n, kills.old, kills.complete, kills.mixed, ends.n,
           ends.old, ends.complete);
    printf("%ld passed, %ld failed\n", kills.n + ends.n - kills.wrong - ends.wrong,
           kills.wrong + ends.wrong);
    return kills.wrong || ends.wrong;
}
