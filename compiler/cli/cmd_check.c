// SPDX-License-Identifier: Apache-2.0
/* resc check - whether a model compiles, and everything that is in the way. */
#include "cli/cmd.h"
#include "cli/commands.h"

static const struct option_row rows[] = {
    OPTION_DIM,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

static int check(struct cmd *c)
{
    struct graph *g = compile_graph(c->arena, &c->compile, NULL, &c->diag);
    struct plan *p = g ? compile_plan(c->arena, &c->compile, g, NULL, &c->diag) : NULL;
    const bool ok = p && diag_ok(&c->diag);

    if (c->json) {
        cmd_json_begin(c);
        json_string(&c->doc, "status", ok ? "ok" : "failed");
        json_int(&c->doc, "errors", c->diag.n_errors);
        json_int(&c->doc, "warnings", c->diag.n_warnings);
        cmd_json_end(c);
    } else if (ok) {
        printf("%s: resc can compile it", c->model);
        if (c->diag.n_warnings)
            printf(" (%d warning%s)", c->diag.n_warnings, c->diag.n_warnings > 1 ? "s" : "");
        putchar('\n');
    }
    return ok ? EXIT_DONE : EXIT_FAULT;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct cmd c = cmd_new(self);
    const int status = cmd_parse(&c, argc, argv, NULL, NULL);

    return cmd_end(&c, status == CMD_GO ? check(&c) : status);
}

const struct command command_check = {
    .name = "check",
    .brief = "say whether resc can compile a model, and every problem if not",
    .usage = "MODEL.onnx [OPTIONS]",
    .about = "Reports everything that keeps resc from compiling the model, writes nothing, and\n"
             "exits 0 if it compiles.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
