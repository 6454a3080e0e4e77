// SPDX-License-Identifier: Apache-2.0
/* resc inspect - what is in a model, and what resc makes of it. */
#include "cli/commands.h"
#include "cli/inspection.h"
#include "report/dot.h"

static const struct option_row rows[] = {
    { OPT_VERBOSE, "-v", NULL, "also print the optimised graph and the plan", false },
    { OPT_DOT, "--dot", NULL, "print the optimised graph for graphviz instead; with -O0\n"
      "that of the file", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTION_DISABLE_PASS,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

struct inspect {
    struct cmd cmd;
    bool dot;
};

static void print_text(const struct cmd *c, const struct inspection *i)
{
    inspection_print(c, i);
    if (i->plan && c->verbose) {
        putchar('\n');
        graph_print(i->graph, stdout);
        putchar('\n');
        plan_print(i->plan, i->graph, stdout);
    }
}

static void print_json(struct cmd *c, const struct inspection *i)
{
    cmd_json_begin(c);
    json_string(&c->doc, "status", i->plan ? "ok" : "failed");
    inspection_json(&c->doc, i);
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

static int inspect(struct cmd *c)
{
    const struct inspection i = inspection_make(c);

    if (c->json)
        print_json(c, &i);
    else if (i.plan || i.info.ir_version)
        print_text(c, &i); /* else it is no model at all, and a message said so */
    return i.plan ? EXIT_DONE : EXIT_FAULT;
}

static bool set_option(void *ctx, int id, const char *value)
{
    struct inspect *i = ctx;

    (void)value;
    if (id == OPT_DOT)
        i->dot = true;
    return true;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct inspect i = { .cmd = cmd_new(self) };
    const int status = cmd_parse(&i.cmd, argc, argv, set_option, &i);

    if (status != CMD_GO)
        return cmd_end(&i.cmd, status);
    return cmd_end(&i.cmd, i.dot ? print_dot(&i.cmd) : inspect(&i.cmd));
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
