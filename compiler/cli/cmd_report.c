// SPDX-License-Identifier: Apache-2.0
/* resc report - all that resc knows of a model, as one HTML file. */
#include "report/report.h"

#include "base/file.h"
#include "base/out_set.h"
#include "cli/commands.h"
#include "cli/inspection.h"
#include "cli/measure.h"
#include "cli/peak.h"
#include "cli/signals.h"

#include <string.h>

static const struct option_row rows[] = {
    { OPT_OUTPUT, "-o", "FILE", "output [MODEL.html, in the current directory]", false },
    { OPT_QUICK, "--quick", NULL, "run nothing: without errors and signal", false },
    OPTIONS_SIGNAL,
    { OPT_BENCH, "--bench", NULL, "measure the time of every step, as 'resc bench' does;\n"
      "without it times are predicted", false },
    { OPT_THREADS, "--threads", "N", "with --bench: at most N threads [1]", false },
    { OPT_RUNS, "--runs", "N", "with --bench: runs that count [20]", false },
    { OPT_FIGURE, "--figure", "NAME", "one picture alone, as an SVG file (see below)", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTIONS_PASS,
    OPTION_CC_FLAGS,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
#define FIGURE(name, function, needs, brief) "\n  " name ": " brief
    { OPT_NONE, NULL, NULL, "Pictures:"
#include "report/figures.def"
      , false },
#undef FIGURE
};

struct report_cmd {
    struct cmd cmd;
    const char *output;
    const struct figure *figure; /* NULL: the whole document */
    bool quick, bench;
    struct speed_options options;
    struct signals signals;
};

static bool set_figure(struct report_cmd *r, const char *name)
{
    r->figure = figure_find(name);
    if (!r->figure)
        cli_usage(r->cmd.command, "option '--figure=%s': there is no such picture; "
                  "'resc report --help' lists them", name);
    return r->figure != NULL;
}

static bool set_option(void *ctx, int id, const char *value)
{
    struct report_cmd *r = ctx;
    bool ok = true;

    switch (id) {
    case OPT_OUTPUT: r->output = value; return true;
    case OPT_QUICK: r->quick = true; return true;
    case OPT_BENCH: r->bench = true; return true;
    case OPT_FIGURE: return set_figure(r, value);
    case OPT_CC_FLAGS: r->options.cc_flags = value; return true;
    case OPT_THREADS:
        return speed_count(&r->cmd, "--threads", value, SPEED_MOST_THREADS, &r->options.threads);
    case OPT_RUNS:
        return speed_count(&r->cmd, "--runs", value, SPEED_MOST_RUNS, &r->options.runs);
    default: signals_option(&r->signals, &r->cmd, id, value, &ok); return ok;
    }
}

static bool wants(const struct report_cmd *r, enum figure_needs what)
{
    return !r->quick && (!r->figure || r->figure->needs == what);
}

/* ---- the document of `inspect --signal --json`, and what `bench --json` has more ---- */

static const char *json_document(struct report_cmd *r, const struct inspection *i,
                                 const struct speed *speed)
{
    struct str text = { 0 };
    struct json j = { .out = &text };

    json_object(&j, NULL);
    json_int(&j, "schema", 1);
    json_string(&j, "command", "report");
    json_string(&j, "model", file_base_name(r->cmd.model));
    json_string(&j, "status", "ok");
    inspection_json(&j, i);
    if (r->signals.signal)
        signals_json(&r->signals, &j);
    if (speed) {
        speed_json(&j, &r->options, speed);
        speed_json_steps(&j, speed);
    }
    json_end_object(&j);
    const char *copy = arena_strndup(r->cmd.arena, str_text(&text), text.len);

    str_free(&text);
    return copy;
}

/* ---- what is measured ---- */

static const struct report_bench *bench(struct report_cmd *r, struct speed *speed)
{
    struct arena *a = r->cmd.arena;
    struct report_bench *b = arena_new_n(a, struct report_bench, 1);
    struct report_time *steps;

    if (!measure_speed(&r->cmd, &r->options, speed))
        return NULL;
    const struct profile *p = &speed->profile;

    steps = arena_new_n(a, struct report_time, p->n_steps + 1);
    for (int s = 0; s < p->n_steps; s++)
        steps[s] = (struct report_time){ p->steps[s].min, p->steps[s].median };
    *b = (struct report_bench){
        .runs = r->options.runs, .threads = r->options.threads,
        .run = { p->run.min, p->run.median }, .steps = steps, .peak_gflops = speed->peak,
        .bandwidth = peak_bandwidth(), .isa = peak_isa(),
    };
    return b;
}

static const char *data_text(const struct report_cmd *r, const struct measure_data *d)
{
    const struct data_set *s = d->sets;

    if (s->source != DATA_FILES)
        return s->name;
    return d->n_sets == 1 ? arena_printf(r->cmd.arena, "data set %s", s->name) :
                            arena_printf(r->cmd.arena, "%d data sets, errors on %s", d->n_sets,
                                         s->name);
}

/* ---- the file ---- */

static const char *why_no_figure(const struct figure *f, const struct report *report)
{
    const char *why = f->needs == NEEDS_SIGNAL ? report->why_no_signal :
                      f->needs == NEEDS_ERRORS ? report->why_no_errors : NULL;

    return why ? why : "it has nothing to show";
}

static bool write_file(struct report_cmd *r, const struct report *report)
{
    struct cmd *c = &r->cmd;
    struct out_set set = { .arena = c->arena, .diag = &c->diag, .source = c->model };
    struct str text = { 0 };

    if (!r->figure)
        report_html(report, &text);
    else if (!figure_file(r->figure, report, &text))
        diag_error(&c->diag, "there is no picture '%s' of this model: %s", r->figure->name,
                   why_no_figure(r->figure, report));
    FILE *f = diag_ok(&c->diag) ? out_open(&set, r->output) : NULL;

    if (f)
        (void)fwrite(str_text(&text), 1, text.len, f);
    str_free(&text);
    return f && out_commit(&set);
}

static bool make_report(struct report_cmd *r)
{
    struct cmd *c = &r->cmd;
    struct measure_data data;
    struct speed speed;

    if (!measure_data_find(c, r->signals.data, !r->quick, &data))
        return false;
    const struct inspection i = inspection_make(c);

    if (!i.plan)
        return false;
    struct report report = {
        .model = file_base_name(c->model), .info = &i.info, .before = compile_graph_as_is(c->arena, &c->compile, &c->diag),
        .after = i.graph, .plan = i.plan, .rewrites = i.graph->rewrites,
        .unusual = i.unusual, .n_unusual = i.n_unusual, .messages = c->diag.first,
        .why_no_errors = "Not measured: --quick.",
        .why_no_signal = "Not measured: --quick.", .data = data_text(r, &data),
    };

    if (!report.before)
        return false;
    if (wants(r, NEEDS_ERRORS))
        report.errors = measure_errors(c, &data, r->options.cc_flags, &report.why_no_errors);
    if (wants(r, NEEDS_SIGNAL)) {
        if (!signals_measure(&r->signals, c, data.sets, data.n_sets))
            return false;
        report.signal = r->signals.signal;
        report.warnings = signal_warnings(r->signals.graph, report.signal, &report.n_warnings);
    }
    if (r->bench && !(report.bench = bench(r, &speed)))
        return false;
    report.json = json_document(r, &i, report.bench ? &speed : NULL);
    return write_file(r, &report);
}

static void print_json(struct cmd *c, bool ok, const char *output)
{
    cmd_json_begin(c);
    json_string(&c->doc, "status", ok ? "ok" : "failed");
    if (ok)
        json_string(&c->doc, "output", output);
    cmd_json_end(c);
}

static const char *default_output(const struct report_cmd *r)
{
    const char *base = file_base_name(r->cmd.model);
    const size_t stem = strlen(base) - (str_ends_with(base, ".onnx") ? 5 : 0);

    return r->figure ? arena_printf(r->cmd.arena, "%.*s-%s.svg", (int)stem, base, r->figure->name) :
                       arena_printf(r->cmd.arena, "%.*s.html", (int)stem, base);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct report_cmd r = {
        .cmd = cmd_new(self), .options = { .threads = 1, .runs = 20, .steps = true },
        .signals = signals_defaults(),
    };
    const int parsed = cmd_parse(&r.cmd, argc, argv, set_option, &r);

    if (parsed != CMD_GO)
        return cmd_end(&r.cmd, parsed);
    if (!r.output)
        r.output = default_output(&r);
    const bool ok = make_report(&r);

    cmd_progress(&r.cmd, "%s", "");
    if (r.cmd.json)
        print_json(&r.cmd, ok, r.output);
    return cmd_end(&r.cmd, ok ? EXIT_DONE : EXIT_FAULT);
}

const struct command command_report = {
    .name = "report",
    .brief = "write all that resc knows of a model as one HTML file",
    .usage = "MODEL.onnx [-o FILE.html] [OPTIONS]",
    .about = "One file to look at, keep and mail, which needs no network, no script and no\n"
             "other file: the graph before and after optimisation, every rewrite with its\n"
             "reason, every step with its kernel and time, the memory plan, the error of every\n"
             "step, and what the network does to the signal that passes through it.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
