// SPDX-License-Identifier: Apache-2.0
/* resc compile - a model to a .c and a .h file. */
#include "base/file.h"
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/prune.h"
#include "cli/summary.h"
#include "cli/tune.h"
#include "codegen/explain.h"

#include <ctype.h>
#include <string.h>

static const struct option_row rows[] = {
    { OPT_OUTPUT, "-o", "FILE.c", "output; '-' prints the .c, with the .h inside it", false },
    { OPT_NAME, "--name", "NAME", "prefix of what the header declares [FILE]", false },
    OPTION_DIM,
    { OPT_BUNDLE, "--bundle", NULL, "put the kernels used into FILE.c: nothing of ours to\nlink",
      false },
    { OPT_WEIGHTS, "--weights", "FORM", "auto, inline, incbin, or FILE.bin for a file of their\n"
      "own ('resc help weights') [auto]", false },
    { OPT_MAIN, "--main", NULL, "add a main() that runs the model on raw files", false },
    { OPT_SELFTEST, "--selftest", NULL, "add NAME_selftest(), which runs the model on a known\n"
      "input and says how far it is off ('resc help api')", false },
    { OPT_PRUNE, "--prune-residual", "EPS", "leave out residual branches whose RMS is below EPS\n"
      "times that of the skip; other results; --calibrate", false },
    { OPT_CALIBRATE, "--calibrate", "DIR", "the inputs to measure that on: test_data_set_*, or\n"
      "files NAME.npy or NAME.pb", false },
    OPTION_LEVEL,
    OPTIONS_PLAN,
    { OPT_TUNE, "--tune", NULL, "measure the kernels on this machine, for minutes, and\n"
      "write the best plan to FILE.plan", false },
    { OPT_NONE, NULL, NULL, "Looking inside:", false },
    { OPT_VERBOSE, "-v", NULL, "sizes, multiply-adds, workspace against its lower bound,\n"
      "what passes did and why", false },
    { OPT_EXPLAIN, "--explain", NULL, "print the plan: for each step its kernel, the others,\n"
      "and their times", false },
    { OPT_PRINT_AFTER, "--print-after", "PASS", "print the graph after PASS, or 'all'", false },
    OPTIONS_PASS,
    { OPT_DEPFILE, "-MD", NULL, "write FILE.d for make and ninja", false },
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

static bool is_identifier(const char *s)
{
    if (!isalpha((unsigned char)*s) && *s != '_')
        return false;
    while (isalnum((unsigned char)*s) || *s == '_')
        s++;
    return !*s;
}

static bool set_weights(struct cmd *c, const char *value)
{
    static const char *const forms[] = { "auto", "inline", "incbin" };
    struct emit_options *e = &c->compile.emit;

    for (int i = 0; i < COUNT(forms); i++)
        if (strcmp(value, forms[i]) == 0) {
            e->weights = (enum weights_form)(WEIGHTS_AUTO + i);
            return true;
        }
    if (!str_ends_with(value, ".bin")) {
        cli_usage(c->command, "option '--weights=%s': wanted auto, inline, incbin or FILE.bin",
                  value);
        return false;
    }
    e->weights = WEIGHTS_FILE;
    e->weights_path = value;
    return true;
}

struct compile_command {
    struct cmd cmd;
    double eps; /* --prune-residual; 0: not given */
    const char *calibrate;
};

static bool set_eps(struct compile_command *k, const char *value)
{
    if (!cmd_number(&k->cmd, "--prune-residual", value, &k->eps))
        return false;
    if (k->eps > 0)
        return true;
    cli_usage(k->cmd.command, "option '--prune-residual=%s': wanted a number above 0", value);
    return false;
}

static bool set_option(void *ctx, int id, const char *value)
{
    struct compile_command *k = ctx;
    struct cmd *c = &k->cmd;
    struct emit_options *e = &c->compile.emit;

    switch (id) {
    case OPT_OUTPUT: e->c_path = value; return true;
    case OPT_BUNDLE: e->bundle = true; return true;
    case OPT_MAIN: e->with_main = true; return true;
    case OPT_SELFTEST: e->selftest = true; return true;
    case OPT_WEIGHTS: return set_weights(c, value);
    case OPT_TUNE: e->plan_path = ""; return true; /* named when -o is known */
    case OPT_PRUNE: return set_eps(k, value);
    case OPT_CALIBRATE: k->calibrate = value; return true;
    case OPT_EXPLAIN: c->explain = true; return true;
    case OPT_DEPFILE: e->depfile = ""; return true; /* named when -o is known */
    case OPT_NAME:
        if (is_identifier(value)) {
            e->prefix = value;
            return true;
        }
        cli_usage(c->command, "option '--name=%s': not a C identifier", value);
        return false;
    }
    return true;
}

/* Whether #include "NAME" means that file. */
static bool is_include_name(const char *path)
{
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == '"' || *p == '\\')
            return false;
    return true;
}

/* What is written where, from what was said and the defaults for the rest. */
static bool name_outputs(struct cmd *c)
{
    struct emit_options *e = &c->compile.emit;
    const char *base = file_base_name(c->model);
    const bool to_stdout = e->c_path && strcmp(e->c_path, "-") == 0;
    const size_t stem = strlen(base) - (str_ends_with(base, ".onnx") ? 5 : 0);

    if (!stem) {
        cli_usage(c->command, "the model '%s' has no name", c->model);
        return false;
    }
    if (!e->c_path)
        e->c_path = arena_printf(c->arena, "%.*s.c", (int)stem, base);
    if (!to_stdout && !str_ends_with(e->c_path, ".c")) {
        cli_usage(c->command, "option '-o %s': the name must end in '.c', or be '-'", e->c_path);
        return false;
    }
    if (!is_include_name(e->c_path)) {
        cli_usage(c->command, "option '-o %s': C cannot include a header of such a name",
                  e->c_path);
        return false;
    }
    if (to_stdout && c->json) {
        cli_usage(c->command, "'-o -' and --json both print on standard output");
        return false;
    }
    if (to_stdout && (e->depfile || e->plan_path)) {
        cli_usage(c->command, "option '%s' needs a file: -o FILE.c",
                  e->depfile ? "-MD" : "--tune");
        return false;
    }
    if (e->plan_path && c->compile.plan_file) {
        cli_usage(c->command, "--tune makes a plan, --plan takes one: they exclude each other");
        return false;
    }
    if (!e->prefix)
        e->prefix = compile_prefix(c->arena, to_stdout ? base : e->c_path);
    if (e->depfile)
        e->depfile = arena_printf(c->arena, "%.*s.d", (int)strlen(e->c_path) - 2, e->c_path);
    if (e->plan_path)
        e->plan_path = arena_printf(c->arena, "%.*s.plan", (int)strlen(e->c_path) - 2, e->c_path);
    return true;
}

static void print_json(struct cmd *c, bool ok, const struct compiled *made,
                       const struct pruned *pruned)
{
    const struct emit_options *e = &c->compile.emit;

    cmd_json_begin(c);
    json_string(&c->doc, "status", ok ? "ok" : "failed");
    if (ok) {
        json_string(&c->doc, "output", e->c_path);
        json_string(&c->doc, "prefix", e->prefix);
        values_json(&c->doc, "inputs", made->graph->inputs, made->graph->n_inputs);
        values_json(&c->doc, "outputs", made->graph->outputs, made->graph->n_outputs);
        summary_json(&c->doc, made->graph, made->plan);
        if (pruned)
            prune_json(&c->doc, pruned);
    }
    cmd_json_end(c);
}

static bool compile_files(struct compile_command *k, struct compiled *made,
                          const struct pruned **pruned)
{
    struct cmd *c = &k->cmd;

    *pruned = NULL;
    if (k->eps > 0 && !(*pruned = prune(c, k->eps, k->calibrate)))
        return false;
    if (c->compile.emit.plan_path && !(c->compile.plan.measured = tune(c)))
        return false;
    return compile(c->arena, &c->compile, made, &c->diag);
}

static int compile_model(struct compile_command *k)
{
    struct cmd *c = &k->cmd;
    struct compiled made;
    const struct pruned *pruned;
    const bool ok = compile_files(k, &made, &pruned);

    if (ok && c->explain)
        plan_explain(made.plan, made.graph, stderr);
    if (c->json) {
        print_json(c, ok, &made, pruned);
        return ok ? EXIT_DONE : EXIT_FAULT;
    }
    if (ok && pruned)
        prune_print(c, pruned, stderr);
    if (ok && c->verbose) {
        fprintf(stderr, "%s -> %s\n", c->model, c->compile.emit.c_path);
        summary_print(made.graph, made.plan, stderr);
        rewrites_print(made.graph, stderr);
    }
    return ok ? EXIT_DONE : EXIT_FAULT;
}

static bool has_both(const struct compile_command *k)
{
    if ((k->eps > 0) == (k->calibrate != NULL))
        return true;
    cli_usage(k->cmd.command, "--prune-residual and --calibrate go together: what is small is "
              "measured on inputs");
    return false;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct compile_command k = { .cmd = cmd_new(self) };
    int status;

    k.cmd.compile.emit.prefix = NULL; /* from the file name */
    status = cmd_parse(&k.cmd, argc, argv, set_option, &k);

    if (status == CMD_GO)
        status = has_both(&k) && name_outputs(&k.cmd) ? compile_model(&k) : EXIT_USAGE;
    return cmd_end(&k.cmd, status);
}

const struct command command_compile = {
    .name = "compile",
    .brief = "translate an ONNX model to a .c and a .h file",
    .usage = "MODEL.onnx [-o FILE.c] [OPTIONS]",
    .about = "Writes FILE.c and FILE.h.  Without -o, MODEL.c in the current directory.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
