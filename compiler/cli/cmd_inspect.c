// SPDX-License-Identifier: Apache-2.0
/* resc inspect - what is in a model, and what resc makes of it. */
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/summary.h"

static const struct option_row rows[] = {
    { OPT_VERBOSE, "-v", NULL, "also print the optimised graph and the plan", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTION_DISABLE_PASS,
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

static void print_values(const struct cmd *c, const char *what, struct value *const *values,
                         int n)
{
    for (int i = 0; i < n; i++) {
        char shape[SHAPE_TEXT_MAX];

        printf("  %-14s %s %s%s\n", what, cmd_escaped(c, values[i]->name),
               dtype_name(values[i]->type), shape_text(&values[i]->shape, shape));
    }
}

static void print_ops(const struct cmd *c, const struct model_info *info)
{
    printf("\n  %-30s nodes\n", "operator");
    for (int i = 0; i < info->n_ops; i++) {
        const struct op_use *u = &info->ops[i];

        printf("  %-30s %5d%s%s\n", cmd_escaped(c, u->op), u->n_nodes, u->problem ? "   " : "",
               u->problem ? cmd_escaped(c, u->problem) : "");
    }
}

static void print_text(const struct cmd *c, const struct model_info *info,
                       const struct graph *g, const struct plan *p)
{
    char text[AMOUNT_TEXT_MAX];

    printf("%s: %s, ONNX IR %lld, opset %d", c->model, bytes_text(info->file_size, text),
           (long long)info->ir_version, info->opset);
    if (info->producer && *info->producer)
        printf(", %s", cmd_escaped(c, info->producer));
    putchar('\n');
    if (g) {
        print_values(c, "input", g->inputs, g->n_inputs);
        print_values(c, "output", g->outputs, g->n_outputs);
    }
    if (info->n_ops)
        print_ops(c, info);
    printf("\n  parameters     %s\n", amount_text((double)info->n_parameters, text));
    if (p)
        summary_print(g, p, stdout);
    else
        printf("\n  resc cannot compile it: %d error%s\n", c->diag.n_errors,
               c->diag.n_errors == 1 ? "" : "s");
    if (p && c->verbose) {
        putchar('\n');
        graph_print(g, stdout);
        putchar('\n');
        plan_print(p, g, stdout);
    }
}

static void print_json(struct cmd *c, const struct model_info *info, const struct graph *g,
                       const struct plan *p)
{
    struct json *j = &c->doc;

    cmd_json_begin(c);
    json_string(j, "status", p ? "ok" : "failed");
    json_string(j, "sha256", info->sha256);
    json_string(j, "producer", info->producer);
    json_int(j, "file_bytes", (int64_t)info->file_size);
    json_int(j, "ir_version", info->ir_version);
    json_int(j, "opset", info->opset);
    json_int(j, "parameters", info->n_parameters);
    json_array(j, "operators");
    for (int i = 0; i < info->n_ops; i++) {
        json_object(j, NULL);
        json_string(j, "name", info->ops[i].op);
        json_int(j, "nodes", info->ops[i].n_nodes);
        json_bool(j, "supported", !info->ops[i].problem);
        if (info->ops[i].problem)
            json_string(j, "problem", info->ops[i].problem);
        json_end_object(j);
    }
    json_end_array(j);
    if (g) {
        values_json(j, "inputs", g->inputs, g->n_inputs);
        values_json(j, "outputs", g->outputs, g->n_outputs);
    }
    if (p)
        summary_json(j, g, p);
    cmd_json_end(c);
}

static int inspect(struct cmd *c)
{
    struct model_info info = { 0 };
    struct graph *g = compile_graph(c->arena, &c->compile, &info, &c->diag);
    const struct plan *p = g ? compile_plan(c->arena, &c->compile, g, &info, &c->diag) : NULL;

    if (!diag_ok(&c->diag))
        p = NULL;
    if (c->json)
        print_json(c, &info, g, p);
    else if (p || info.ir_version)
        print_text(c, &info, g, p); /* else it is no model at all, and a message said so */
    return p ? EXIT_DONE : EXIT_FAULT;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct cmd c = cmd_new(self);
    const int status = cmd_parse(&c, argc, argv, NULL, NULL);

    return cmd_end(&c, status == CMD_GO ? inspect(&c) : status);
}

const struct command command_inspect = {
    .name = "inspect",
    .brief = "show a model and what resc makes of it",
    .usage = "MODEL.onnx [OPTIONS]",
    .about = "Shows inputs, outputs, operators, parameters, multiply-adds, memory and kernels.\n"
             "Exits 0 if resc can compile the model.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
