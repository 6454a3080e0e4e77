// SPDX-License-Identifier: Apache-2.0
#include "cli/profile.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "cli/data_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

/* Sorts ms[0...n). */
static struct timing timing_of(double *ms, int n)
{
    qsort(ms, (size_t)n, sizeof *ms, by_size);
    return (struct timing){ ms[0], n % 2 ? ms[n / 2] : (ms[n / 2 - 1] + ms[n / 2]) / 2 };
}

/* What the program printed: for every run "1.234 ms", the first one marked as such, and
 * then, if it was compiled with emit.profile, "step 7 0.123456" for every step. */
struct reading {
    double *runs;   /* [n_runs] */
    double **steps; /* [n_steps][n_runs] */
    int n_runs, n_steps;
    int at; /* runs read, the first included */
};

static void read_line(struct reading *r, const char *line)
{
    char *end;

    if (strncmp(line, "step ", 5) == 0) {
        const long step = strtol(line + 5, &end, 10);

        if (step >= 0 && step < r->n_steps && r->at >= 2 && r->at - 2 < r->n_runs)
            r->steps[step][r->at - 2] = strtod(end, NULL);
        return;
    }
    const double ms = strtod(line, &end);

    if (strncmp(end, " ms", 3) == 0) {
        if (r->at >= 1 && r->at - 1 < r->n_runs)
            r->runs[r->at - 1] = ms;
        r->at++;
    }
}

static bool read_times(struct reading *r, const char *log, struct diag *d)
{
    size_t size;
    char *text = file_read(log, &size, d), *line = text;

    if (!text)
        return false;
    while (line) {
        read_line(r, line);
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    file_release(text);
    if (r->at == r->n_runs + 1)
        return true;
    diag_error(d, "the generated program printed %d times, wanted %d", r->at, r->n_runs + 1);
    return false;
}

bool program_profile(struct arena *a, const struct program *p, int runs, int threads,
                     struct profile *out, struct diag *d)
{
    const struct data_set random = { .name = "random inputs", .source = DATA_RANDOM };
    const struct tensor *in = data_set_inputs(a, &random, p->made.graph, d);
    const char *log = in ? program_time(a, p, "profile", runs, threads, in, d) : NULL;
    const int n_steps = p->profiled ? p->made.plan->n_steps : 0;
    struct reading r = { arena_new_n(a, double, runs), arena_new_n(a, double *, n_steps + 1), runs,
                         n_steps, 0 };

    for (int s = 0; s < n_steps; s++)
        r.steps[s] = arena_new_n(a, double, runs);
    if (!log || !read_times(&r, log, d))
        return false;
    *out = (struct profile){ .n_runs = runs, .run = timing_of(r.runs, runs), .n_steps = n_steps };
    if (n_steps)
        out->steps = arena_new_n(a, struct timing, n_steps);
    for (int s = 0; s < n_steps; s++)
        out->steps[s] = timing_of(r.steps[s], runs);
    return true;
}
