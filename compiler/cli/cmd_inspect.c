// SPDX-License-Identifier: Apache-2.0
/* resc inspect - what is in a model, and what resc makes of it. */
#include "cli/commands.h"
#include "cli/inspection.h"
#include "cli/signals.h"
#include "cli/summary.h"
#include "report/dot.h"

static const struct option_row rows[] = {
    { OPT_VERBOSE, "-v", NULL, "also print what passes did and why, the optimised graph\n"
      "and the plan", false },
    { OPT_SIGNAL, "--signal", NULL, "run it, sums in double precision: the signal's size at\n"
      "every step, and what becomes of a small change, with the\n"
      "residual skips and without", false },
    OPTIONS_SIGNAL,
    { OPT_DOT, "--dot", NULL, "print the optimised graph for graphviz instead; with -O0\n"
      "that of the file", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTIONS_PASS,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

struct inspect {
    struct cmd cmd;
    bool dot, signal;
    struct signals signals;
};

static void print_text(const struct cmd *c, const struct inspection *i)
{
    inspection_print(c, i);
    if (i->plan && c->verbose) {
        rewrites_print(i->graph, stdout);
        putchar('\n');
        graph_print(i->graph, stdout);
        putchar('\n');
        plan_print(i->plan, i->graph, stdout);
    }
}

static void print_json(struct inspect *k, const struct inspection *i, bool ok)
{
    struct cmd *c = &k->cmd;

    cmd_json_begin(c);
    json_string(&c->doc, "status", ok ? "ok" : "failed");
    inspection_json(&c->doc, i);
    if (k->signals.signal)
        signals_json(&k->signals, &c->doc);
    cmd_json_end(c);
}

/* The graph alone: what the plan adds to it is no matter of the model. */
static int print_dot(struct cmd *c)
{
    struct graph *g = compile_graph(c->arena, &c->compile, NULL, &c->diag);

    if (!g)
        return EXIT_FAULT;
    graph_dot(g, &c->text);
    fputs(str_text(&c->text), stdout);
    return EXIT_DONE;
}

static int inspect(struct inspect *k)
{
    struct cmd *c = &k->cmd;
    const struct inspection i = inspection_make(c);
    const bool ok = i.plan && (!k->signal || signals_find_and_measure(&k->signals, c));

    if (c->json)
        print_json(k, &i, ok);
    else if (i.plan || i.info.ir_version)
        print_text(c, &i); /* else it is no model at all, and a message said so */
    if (!c->json && k->signals.signal)
        signals_print(&k->signals, c, c->verbose);
    return ok ? EXIT_DONE : EXIT_FAULT;
}

static bool set_option(void *ctx, int id, const char *value)
{
    struct inspect *k = ctx;
    bool ok = true;

    switch (id) {
    case OPT_DOT: k->dot = true; return true;
    case OPT_SIGNAL: k->signal = true; return true;
    default: signals_option(&k->signals, &k->cmd, id, value, &ok); return ok;
    }
}

static int run(const struct command *self, int argc, char **argv)
{
    struct inspect k = { .cmd = cmd_new(self), .signals = signals_defaults() };
    const int status = cmd_parse(&k.cmd, argc, argv, set_option, &k);

    if (status != CMD_GO)
        return cmd_end(&k.cmd, status);
    if (k.signals.asked && !k.signal)
        return cmd_end(&k.cmd, cli_usage(self, "--data, --directions and --seed are for --signal"));
    if (k.dot && (k.signal || k.cmd.json))
        return cmd_end(&k.cmd, cli_usage(self, "--dot prints a graph, and nothing else with it"));
    return cmd_end(&k.cmd, k.dot ? print_dot(&k.cmd) : inspect(&k));
}

const struct command command_inspect = {
    .name = "inspect",
    .brief = "show a model and what resc makes of it",
    .usage = "MODEL.onnx [OPTIONS]",
    .about = "Shows inputs, outputs, operators, residual blocks, parameters, multiply-adds,\n"
             "memory, kernels, and what is unusual.  Exits 0 if resc can compile the model.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
