// SPDX-License-Identifier: Apache-2.0
/* resc bench - how fast is the generated C? */
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/peak.h"
#include "cli/speed.h"
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
    OPTIONS_PASS,
    OPTION_CC_FLAGS,
    { OPT_KEEP, "--keep", "DIR", "build in DIR, and leave it there", false },
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

struct bench {
    struct cmd cmd;
    const char *keep;
    struct speed_options options;
    struct speed speed;
};

static bool set_option(void *ctx, int id, const char *value)
{
    struct bench *b = ctx;
    int batch;

    switch (id) {
    case OPT_THREADS:
        return speed_count(&b->cmd, "--threads", value, SPEED_MOST_THREADS, &b->options.threads);
    case OPT_RUNS:
        return speed_count(&b->cmd, "--runs", value, SPEED_MOST_RUNS, &b->options.runs);
    case OPT_LAYERS: b->options.steps = true; return true;
    case OPT_CC_FLAGS: b->options.cc_flags = value; return true;
    case OPT_KEEP: b->keep = value; return true;
    case OPT_BATCH:
        if (!speed_count(&b->cmd, "--batch", value, INT32_MAX, &batch))
            return false;
        b->cmd.compile.load.batch = batch;
        return true;
    }
    return true;
}

static void print_layers(const struct bench *b)
{
    const struct plan *plan = b->speed.program.made.plan;

    printf("\n  step  %-28s %-18s %8s %8s %7s %6s %6s  %s\n", "kernel", "output", "min ms",
           "median", "GFLOP/s", "peak", "share", "what");
    for (int s = 0; s < plan->n_steps; s++) {
        const struct step *step = &plan->steps[s];
        const struct timing t = b->speed.profile.steps[s];
        const double macs = node_macs(step->node);
        char shape[SHAPE_TEXT_MAX];

        printf("  %4d  %-28s %-18s %8.4f %8.4f ", s + 1, kernel_name(step->kernel),
               shape_text(&step->node->out[0]->shape, shape), t.min, t.median);
        if (macs > 0)
            printf("%7.1f %5.1f%%", speed_gflops(macs, t.min),
                   speed_percent(&b->speed, macs, t.min));
        else
            printf("%7s %6s", "", "");
        printf(" %5.1f%%  %s\n", speed_share(&b->speed.profile, s),
               str_escaped_copy(b->cmd.arena, step->node->origin, 40));
    }
}

static void print_rate(const struct bench *b, const char *name, double ms)
{
    const double macs = b->speed.program.made.plan->macs;

    printf("  %-14s %.3f ms", name, ms);
    if (macs > 0)
        printf(", %.1f GFLOP/s, %.1f %% of the peak", speed_gflops(macs, ms),
               speed_percent(&b->speed, macs, ms));
    putchar('\n');
}

static void print_text(const struct bench *b)
{
    const int64_t batch = b->cmd.compile.load.batch;

    const int runs = b->options.runs, threads = b->options.threads;

    printf("%s: %d run%s, %d thread%s\n", b->cmd.model, runs, runs == 1 ? "" : "s", threads,
           threads == 1 ? "" : "s");
    print_rate(b, "median", b->speed.profile.run.median);
    print_rate(b, "minimum", b->speed.profile.run.min);
    if (batch > 1)
        printf("  a picture      %.3f ms at the median\n",
               b->speed.profile.run.median / (double)batch);
    printf("  peak           %.1f GFLOP/s, measured: %s, %d core%s\n", b->speed.peak, peak_isa(),
           threads, threads == 1 ? "" : "s");
    summary_print(b->speed.program.made.graph, b->speed.program.made.plan, stdout);
    if (b->options.steps)
        print_layers(b);
}

static void print_json(struct bench *b, bool ok)
{
    struct json *j = &b->cmd.doc;
    const struct compiled *made = &b->speed.program.made;

    cmd_json_begin(&b->cmd);
    json_string(j, "status", ok ? "ok" : "failed");
    if (ok) {
        speed_json(j, &b->options, &b->speed);
        values_json(j, "inputs", made->graph->inputs, made->graph->n_inputs);
        summary_json(j, made->graph, made->plan);
        if (b->options.steps)
            speed_json_steps(j, &b->speed);
    }
    cmd_json_end(&b->cmd);
}

static bool bench(struct bench *b)
{
    struct workdir dir;

    if (!workdir_open(&dir, b->cmd.arena, b->keep, &b->cmd.diag))
        return false;
    const bool ok = speed_measure(&b->cmd, &dir, &b->options, &b->speed);

    cmd_progress(&b->cmd, "%s", "");
    workdir_close(&dir);
    return ok;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct bench b = { .cmd = cmd_new(self), .options = { .threads = 1, .runs = 20 } };
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
