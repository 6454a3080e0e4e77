// SPDX-License-Identifier: Apache-2.0
/* resc bench - how fast is the generated C? */
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/peak.h"
#include "cli/profile.h"
#include "cli/summary.h"

#include <string.h>

static const struct option_row rows[] = {
    { OPT_THREADS, "--threads", "N", "at most N threads; more than one builds with -fopenmp\n[1]",
      false },
    { OPT_RUNS, "--runs", "N", "runs that count; one before them does not [20]", false },
    { OPT_BATCH, "--batch", "N", "dimension 0 of the inputs, if the model leaves it open", false },
    { OPT_LAYERS, "--layers", NULL, "a table of the steps, too", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTION_DISABLE_PASS,
    OPTION_CC_FLAGS,
    { OPT_KEEP, "--keep", "DIR", "build in DIR, and leave it there", false },
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

enum { MOST_THREADS = 1024, MOST_RUNS = 1000000 };

struct bench {
    struct cmd cmd;
    const char *keep, *cc_flags;
    int threads, runs;
    bool layers;
    struct program program;
    struct profile profile;
    double peak; /* GFLOP/s, of all threads */
};

static bool set_count(const struct bench *b, const char *option, const char *value, int most,
                      int *out)
{
    double x;

    if (!cmd_number(&b->cmd, option, value, &x))
        return false;
    *out = x >= 1 && x <= most ? (int)x : 0;
    if (*out > 0 && *out == x)
        return true;
    cli_usage(b->cmd.command, "option '%s=%s': wanted a whole number from 1 to %d", option, value,
              most);
    return false;
}

static bool set_option(void *ctx, int id, const char *value)
{
    struct bench *b = ctx;
    int batch;

    switch (id) {
    case OPT_THREADS: return set_count(b, "--threads", value, MOST_THREADS, &b->threads);
    case OPT_RUNS: return set_count(b, "--runs", value, MOST_RUNS, &b->runs);
    case OPT_LAYERS: b->layers = true; return true;
    case OPT_CC_FLAGS: b->cc_flags = value; return true;
    case OPT_KEEP: b->keep = value; return true;
    case OPT_BATCH:
        if (!set_count(b, "--batch", value, INT32_MAX, &batch))
            return false;
        b->cmd.compile.load.batch = batch;
        return true;
    }
    return true;
}

/* Thousand millions of operations a second: 2 to a multiply-add. */
static double gflops(double macs, double ms)
{
    return ms > 0 ? 2 * macs / ms * 1e-6 : 0;
}

static double percent_of_peak(const struct bench *b, double macs, double ms)
{
    return b->peak > 0 ? 100 * gflops(macs, ms) / b->peak : 0;
}

static double step_macs(const struct step *s)
{
    return s->node->op->macs ? s->node->op->macs(s->node) : 0;
}

/* Of the sum of all steps' medians, in percent. */
static double share(const struct profile *p, int step)
{
    double all = 0;

    for (int s = 0; s < p->n_steps; s++)
        all += p->steps[s].median;
    return all > 0 ? 100 * p->steps[step].median / all : 0;
}

static void print_layers(const struct bench *b)
{
    const struct plan *plan = b->program.made.plan;

    printf("\n  step  %-28s %-18s %8s %8s %7s %6s %6s  %s\n", "kernel", "output", "min ms",
           "median", "GFLOP/s", "peak", "share", "what");
    for (int s = 0; s < plan->n_steps; s++) {
        const struct step *step = &plan->steps[s];
        const struct timing t = b->profile.steps[s];
        const double macs = step_macs(step);
        char shape[SHAPE_TEXT_MAX];

        printf("  %4d  %-28s %-18s %8.4f %8.4f ", s + 1, kernel_name(step->kernel),
               shape_text(&step->node->out[0]->shape, shape), t.min, t.median);
        if (macs > 0)
            printf("%7.1f %5.1f%%", gflops(macs, t.min), percent_of_peak(b, macs, t.min));
        else
            printf("%7s %6s", "", "");
        printf(" %5.1f%%  %s\n", share(&b->profile, s),
               str_escaped_copy(b->cmd.arena, step->node->origin, 40));
    }
}

static void print_rate(const struct bench *b, const char *name, double ms)
{
    const double macs = b->program.made.plan->macs;

    printf("  %-14s %.3f ms", name, ms);
    if (macs > 0)
        printf(", %.1f GFLOP/s, %.1f %% of the peak", gflops(macs, ms),
               percent_of_peak(b, macs, ms));
    putchar('\n');
}

static void print_text(const struct bench *b)
{
    const int64_t batch = b->cmd.compile.load.batch;

    printf("%s: %d run%s, %d thread%s\n", b->cmd.model, b->runs, b->runs == 1 ? "" : "s",
           b->threads, b->threads == 1 ? "" : "s");
    print_rate(b, "median", b->profile.run.median);
    print_rate(b, "minimum", b->profile.run.min);
    if (batch > 1)
        printf("  a picture      %.3f ms at the median\n", b->profile.run.median / (double)batch);
    printf("  peak           %.1f GFLOP/s, measured: %s, %d core%s\n", b->peak, peak_isa(),
           b->threads, b->threads == 1 ? "" : "s");
    summary_print(b->program.made.graph, b->program.made.plan, stdout);
    if (b->layers)
        print_layers(b);
}

static void json_layers(struct bench *b, struct json *j)
{
    const struct plan *plan = b->program.made.plan;

    json_array(j, "layers");
    for (int s = 0; s < plan->n_steps; s++) {
        const struct step *step = &plan->steps[s];
        const struct timing t = b->profile.steps[s];
        const double macs = step_macs(step);

        json_object(j, NULL);
        json_int(j, "step", s + 1);
        json_string(j, "origin", step->node->origin);
        json_string(j, "kernel", step->kernel->fn);
        value_json(j, step->node->out[0]);
        json_number(j, "macs", macs);
        json_number(j, "min_ms", t.min);
        json_number(j, "median_ms", t.median);
        json_number(j, "gflops", gflops(macs, t.min));
        json_number(j, "percent_of_peak", percent_of_peak(b, macs, t.min));
        json_number(j, "share_percent", share(&b->profile, s));
        json_end_object(j);
    }
    json_end_array(j);
}

static void print_json(struct bench *b, bool ok)
{
    struct json *j = &b->cmd.doc;
    const struct compiled *made = &b->program.made;

    cmd_json_begin(&b->cmd);
    json_string(j, "status", ok ? "ok" : "failed");
    if (ok) {
        const struct timing t = b->profile.run;

        json_int(j, "runs", b->runs);
        json_int(j, "threads", b->threads);
        json_number(j, "median_ms", t.median);
        json_number(j, "min_ms", t.min);
        json_number(j, "gflops", gflops(made->plan->macs, t.min));
        json_number(j, "percent_of_peak", percent_of_peak(b, made->plan->macs, t.min));
        json_number(j, "peak_gflops", b->peak);
        json_string(j, "isa", peak_isa());
        values_json(j, "inputs", made->graph->inputs, made->graph->n_inputs);
        summary_json(j, made->graph, made->plan);
        if (b->layers)
            json_layers(b, j);
    }
    cmd_json_end(&b->cmd);
}

/* The peak is measured before and after: the faster one is what the core could do. */
static bool measure(struct bench *b, const struct workdir *dir)
{
    struct cmd *c = &b->cmd;
    const char *openmp = b->threads > 1 ? "-fopenmp" : "";
    const char *flags = arena_printf(c->arena, "%s %s", openmp, b->cc_flags ? b->cc_flags : "");

    c->compile.emit.profile = b->layers;
    cmd_progress(c, "%s: compiling and building...", c->model);
    b->program = program_compile(c->arena, &c->compile, dir, "", &c->diag);
    program_build(c->arena, &b->program, flags, &c->diag);
    if (b->program.state != BUILD_OK)
        return false;
    cmd_progress(c, "%s: running...", c->model);
    const double before = peak_gflops();

    if (!program_profile(c->arena, &b->program, b->runs, b->threads, &b->profile, &c->diag))
        return false;
    const double after = peak_gflops();

    b->peak = b->threads * (before > after ? before : after);
    return true;
}

static bool bench(struct bench *b)
{
    struct workdir dir;

    if (!workdir_open(&dir, b->cmd.arena, b->keep, &b->cmd.diag))
        return false;
    const bool ok = measure(b, &dir);

    cmd_progress(&b->cmd, "%s", "");
    workdir_close(&dir);
    return ok;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct bench b = { .cmd = cmd_new(self), .threads = 1, .runs = 20 };
    const int parsed = cmd_parse(&b.cmd, argc, argv, set_option, &b);

    if (parsed != CMD_GO)
        return cmd_end(&b.cmd, parsed);
    const bool ok = bench(&b);

    if (b.cmd.json)
        print_json(&b, ok);
    else if (ok)
        print_text(&b);
    return cmd_end(&b.cmd, ok ? EXIT_DONE : EXIT_FAULT);
}

const struct command command_bench = {
    .name = "bench",
    .brief = "compile, build, and time",
    .usage = "MODEL.onnx [OPTIONS]",
    .about = "Compiles the model, builds the C with ${CC:-cc} -O2, and times it on random\n"
             "inputs: in milliseconds, in operations a second (two to each multiply-add of the\n"
             "model), and in percent of what the same cores can do, measured before and after.\n"
             "Winograd convolution does fewer multiply-adds than the model has, so that it can\n"
             "pass 100 percent.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
