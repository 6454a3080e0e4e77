// SPDX-License-Identifier: Apache-2.0
/* batch - lots of trials in processes of their own: what crashes the compiler costs
 * its lot, of which each is then tried alone. */
#include "trial.h"

#include "base/arena.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 16, LINE_LEN = 2000 };

struct lot {
    pid_t pid;
    int first, n;
    FILE *said; /* a line for each trial: number, verdict, what it had, why */
};

/* Lines stay lines. */
static void say(FILE *f, int i, const struct trial *t)
{
    fprintf(f, "%d %d %d %u ", i, (int)t->verdict, t->has_ort, t->rewrote);
    for (const char *c = t->why ? t->why : ""; *c; c++)
        putc(*c == '\n' ? '\1' : *c, f);
    putc('\n', f);
}

static void work(const struct setup *s, const struct lot *lot, struct trial *trials)
{
    struct arena *a = arena_new();
    const char *dir = arena_printf(a, "%s/lot_%d_%d", s->folder, lot->first, lot->n);
    struct trial *t = trials + lot->first;
    bool any = false;

    mkdir(dir, 0777);
    for (int i = 0; i < lot->n; i++) {
        t[i].name = arena_printf(a, "m%d", lot->first + i);
        any = trial_prepare(a, s, dir, &t[i]) || any;
    }
    if (any)
        program_run_trials(a, s, dir, lot->n, t);
    for (int i = 0; i < lot->n; i++)
        say(lot->said, lot->first + i, &t[i]);
    fclose(lot->said);
    if (!getenv("RESC_RANDOM_KEEP"))
        folder_remove(dir);
}

static bool start(const struct setup *s, struct lot *lot, int first, int n, struct trial *trials)
{
    *lot = (struct lot){ 0, first, n, tmpfile() };
    if (!lot->said)
        return false;
    fflush(stdout);
    lot->pid = fork();
    if (lot->pid == 0) {
        work(s, lot, trials);
        _exit(0);
    }
    return lot->pid > 0;
}

/* True: it came to its end. */
static bool collect(struct arena *a, const struct lot *lot, struct trial *trials)
{
    char line[LINE_LEN];
    int n = 0;

    rewind(lot->said);
    while (fgets(line, sizeof line, lot->said)) {
        char *at;
        const long i = strtol(line, &at, 10), verdict = strtol(at, &at, 10);
        const long has_ort = strtol(at, &at, 10);
        const unsigned long rewrote = strtoul(at, &at, 10);

        if (i < lot->first || i >= lot->first + lot->n || verdict < 0 || verdict >= N_VERDICTS)
            break;
        at[strcspn(at, "\n")] = '\0';
        for (char *c = at; *c; c++)
            *c = *c == '\1' ? '\n' : *c;
        trial_fail(&trials[i], (enum verdict)verdict, at[0] && at[1] ? arena_strdup(a, at + 1)
                                                                     : NULL);
        trials[i].has_ort = has_ort;
        trials[i].rewrote = (unsigned)rewrote;
        n++;
    }
    return n == lot->n;
}

static void try_alone(struct arena *a, const struct setup *s, int i, struct trial *trials)
{
    struct lot lot;
    int status = 0;

    if (!start(s, &lot, i, 1, trials))
        return;
    waitpid(lot.pid, &status, 0);
    if (!collect(a, &lot, trials))
        trial_fail(&trials[i], TRIAL_CRASHED,
                   arena_printf(a, "the compiler or the reference ended with %s %d",
                                WIFSIGNALED(status) ? "signal" : "status",
                                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
    fclose(lot.said);
}

static void finish(struct arena *a, const struct setup *s, struct lot *lot, struct trial *trials,
                   void (*report)(void *ctx, const struct trial *t), void *ctx)
{
    const bool whole = collect(a, lot, trials);

    fclose(lot->said);
    for (int i = lot->first; i < lot->first + lot->n; i++) {
        if (!whole)
            try_alone(a, s, i, trials);
        report(ctx, &trials[i]);
    }
    lot->pid = 0;
}

/* As many as share a program: one ISA. */
static int lot_size(int n, const struct trial *t)
{
    int i = 1;

    while (i < n && i < GROUP && strcmp(t[i].form.isa, t[0].form.isa) == 0)
        i++;
    return i;
}

void batch_run(struct arena *a, const struct setup *s, int n, struct trial *trials, int jobs,
               void (*report)(void *ctx, const struct trial *t), void *ctx)
{
    struct lot lots[JOBS_MAX] = { { 0 } };
    int next = 0, running = 0;

    jobs = jobs < 1 ? 1 : jobs > JOBS_MAX ? JOBS_MAX : jobs;
    while (next < n || running > 0) {
        for (int k = 0; k < jobs && next < n; k++) {
            const int size = lot_size(n - next, trials + next);

            if (lots[k].pid)
                continue;
            if (!start(s, &lots[k], next, size, trials))
                abort();
            next += size;
            running++;
        }
        const pid_t done = waitpid(-1, NULL, 0);

        for (int k = 0; k < jobs; k++)
            if (lots[k].pid == done && done > 0) {
                running--;
                finish(a, s, &lots[k], trials, report, ctx);
            }
    }
}
