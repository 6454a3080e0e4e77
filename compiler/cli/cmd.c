// SPDX-License-Identifier: Apache-2.0
#include "cli/cmd.h"

#include "base/memory.h"
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cmd cmd_new(const struct command *command)
{
    struct cmd c = { .command = command, .arena = arena_new() };

    c.diag = diag_new(c.arena, NULL);
    c.compile = compile_defaults("");
    return c;
}

int cmd_end(struct cmd *c, int status)
{
    memory_on_end(NULL, NULL);
    str_free(&c->text);
    arena_free(c->arena);
    return status;
}

static bool add_dim(struct cmd *c, const char *value)
{
    const char *equals = strrchr(value, '=');
    char *end;

    errno = 0;
    const long long size = equals ? strtoll(equals + 1, &end, 10) : 0;

    if (!equals || equals == value || end == equals + 1 || *end || errno || size < 1 ||
        size > SHAPE_LEN_MAX) {
        cli_usage(c->command, "option '-D %s': wanted DIM=N, such as batch=1", value);
        return false;
    }
    const int n = c->compile.load.n_dims++;

    if (n == c->cap_dims) {
        c->cap_dims = c->cap_dims ? 2 * c->cap_dims : 8;
        c->dims = arena_grow(c->arena, c->dims, (size_t)n, (size_t)c->cap_dims, sizeof *c->dims);
        c->compile.load.dims = c->dims;
    }
    c->dims[n] = (struct dim_define){
        arena_strndup(c->arena, value, (size_t)(equals - value)), size,
    };
    return true;
}

static bool set_level(struct cmd *c, const char *value)
{
    if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
        cli_usage(c->command, "option '-O%s': wanted -O0, -O1", value);
        return false;
    }
    c->compile.passes.level = value[0] - '0';
    return true;
}

/* The place of `value` in names[0...n), or -1 after a message. */
static int one_of(const struct cmd *c, const char *option, const char *value,
                  const char *const *names, int n)
{
    char list[80];
    int at = 0;

    for (int i = 0; i < n; i++) {
        if (strcmp(value, names[i]) == 0)
            return i;
        at += snprintf(list + at, sizeof list - (size_t)at, "%s%s",
                       i == 0 ? "" : i == n - 1 ? " or " : ", ", names[i]);
    }
    cli_usage(c->command, "option '%s=%s': wanted %s", option, value, list);
    return -1;
}

static bool set_kernels(struct cmd *c, const char *value)
{
    static const char *const names[] = { "auto", "native", "blas", "ref" };
    const int i = one_of(c, "--kernels", value, names, COUNT(names));

    if (i == KERNELS_BLAS && !RESC_HAVE_BLAS) {
        cli_usage(c->command, "option '--kernels=blas': this resc was built without BLAS");
        return false;
    }
    c->compile.plan.kernels = (enum kernels)i;
    return i >= 0;
}

static bool set_fp_error(struct cmd *c, const char *value)
{
    static const char *const names[] = { "normal", "strict" };
    const int i = one_of(c, "--fp-error", value, names, COUNT(names));

    c->compile.plan.strict = i == 1;
    return i >= 0;
}

static bool set_optimize(struct cmd *c, const char *value)
{
    static const char *const names[] = { "speed", "size" };
    const int i = one_of(c, "--optimize", value, names, COUNT(names));

    c->compile.plan.small = i == 1;
    return i >= 0;
}

/* Appends to a comma-separated list of passes. */
static bool add_pass(struct cmd *c, const char *option, const char *name, const char **list)
{
    const char *names[64] = { "all" };
    int n = 1;

    if (strcmp(name, "all") != 0 && !pass_find(name)) {
        for (int i = 0; i < n_all_passes && n < COUNT(names); i++)
            names[n++] = all_passes[i].name;
        const char *meant = cli_nearest(name, names, n);

        cli_usage(c->command, meant ? "option '%s': unknown pass '%s'; did you mean '%s'?" :
                  "option '%s': unknown pass '%s'", option, name, meant);
        return false;
    }
    *list = *list ? arena_printf(c->arena, "%s,%s", *list, name) : name;
    return true;
}

static bool set_warning(struct cmd *c, const char *flag)
{
#define WARNING(sym, name, on, brief) name, "no-" name,
    static const char *const names[] = {
#include "base/warnings.def"
        "error",
    };
#undef WARNING

    if (diag_set_flag(&c->diag, flag))
        return true;
    const char *meant = cli_nearest(flag, names, COUNT(names));

    cli_usage(c->command, meant ? "unknown warning '-W%s'; did you mean '-W%s'?" :
              "unknown warning '-W%s'", flag, meant);
    return false;
}

static bool set_limit(struct cmd *c, const char *value)
{
    if (limits_set(&c->compile.limits, value))
        return true;
    cli_usage(c->command, "option '--limit %s': wanted NAME=N, such as nodes=200000 or memory=2G; "
              "'resc help limits' lists them", value);
    return false;
}

/* The options that several commands have; false: none of them. */
static bool common_option(struct cmd *c, int id, const char *value, bool *ok)
{
    switch (id) {
    case OPT_DIM: *ok = add_dim(c, value); return true;
    case OPT_KERNELS: *ok = set_kernels(c, value); return true;
    case OPT_FP_ERROR: *ok = set_fp_error(c, value); return true;
    case OPT_REPRODUCIBLE: c->compile.plan.reproducible = true; return true;
    case OPT_OPTIMIZE: *ok = set_optimize(c, value); return true;
    case OPT_KEEP_DENORMALS: c->compile.plan.keep_denormals = true; return true;
    case OPT_PLAN: c->compile.plan_file = value; return true;
    case OPT_LIMIT: *ok = set_limit(c, value); return true;
    case OPT_EXTERNAL_ROOT: c->compile.load.external_root = value; return true;
    case OPT_LEVEL: *ok = set_level(c, value); return true;
    case OPT_VERBOSE: c->verbose = true; return true;
    case OPT_WARNING: *ok = set_warning(c, value); return true;
    case OPT_PRINT_AFTER:
        *ok = add_pass(c, "--print-after", value, &c->compile.passes.print_after);
        return true;
    case OPT_DISABLE_PASS:
        *ok = add_pass(c, "--disable-pass", value, &c->compile.passes.disable);
        return true;
    case OPT_NO_EXACT_REWRITES: c->compile.passes.no_exact_rewrites = true; return true;
    case OPT_JSON:
        c->json = true;
        c->diag.sink = diag_silent; /* they will be in the document */
        return true;
    case CLI_OPERAND:
        if (c->model)
            return false;
        c->model = c->diag.file = c->compile.input = value;
        return true;
    }
    return false;
}

/* Nothing is left to allocate from: only texts that are there already. */
static void say_out_of_memory(const struct cmd *c)
{
    if (c->json)
        printf("{\"schema\":1,\"command\":\"%s\",\"status\":\"failed\",\"messages\":"
               "[{\"severity\":\"error\",\"text\":\"out of memory\"}]}\n", c->command->name);
    else
        fputs("resc: error: out of memory\n", stderr);
}

static void on_memory_end(void *ctx, enum memory_end why)
{
    struct cmd *c = ctx;

    if (why == MEMORY_GONE) {
        say_out_of_memory(c);
        return;
    }
    limit_error(&c->diag, &c->compile.limits, LIMIT_MEMORY,
                "the model needs too much memory to compile, beyond 16 times its size");
    if (c->json) {
        cmd_json_begin(c);
        json_string(&c->doc, "status", "failed");
        cmd_json_end(c);
    }
}

int cmd_parse(struct cmd *c, int argc, char **argv,
              bool (*set)(void *ctx, int id, const char *value), void *ctx)
{
    struct cli cli = { .command = c->command, .argc = argc, .argv = argv };

    memory_on_end(on_memory_end, c);
    for (int id; (id = cli_next(&cli)) != CLI_END;) {
        bool ok = true;

        if (id == CLI_WRONG)
            return EXIT_USAGE;
        if (id == OPT_HELP) {
            cli_print_help(c->command, stdout);
            return EXIT_DONE;
        }
        if (common_option(c, id, cli.value, &ok)) {
            if (!ok)
                return EXIT_USAGE;
        } else if (id == CLI_OPERAND && !c->operands) {
            return cli_usage(c->command, "one model at a time: '%s' and '%s'", c->model,
                             cli.value);
        } else if (set && !set(ctx, id, cli.value)) {
            return EXIT_USAGE;
        }
    }
    return c->model ? CMD_GO : cli_usage(c->command, "no model given");
}

bool cmd_number(const struct cmd *c, const char *option, const char *value, double *out)
{
    char *end;

    *out = strtod(value, &end);
    if (end == value || *end || !isfinite(*out) || *out < 0) {
        cli_usage(c->command, "option '%s=%s': wanted a number that is not negative", option,
                  value);
        return false;
    }
    return true;
}

bool cmd_whole(const struct cmd *c, const char *option, const char *value, double from, double to,
               double *out)
{
    if (!cmd_number(c, option, value, out))
        return false;
    if (*out >= from && *out <= to && *out == floor(*out))
        return true;
    cli_usage(c->command, "option '%s=%s': wanted a whole number from %.0f to %.0f", option, value,
              from, to);
    return false;
}

void cmd_json_begin(struct cmd *c)
{
    c->doc = (struct json){ .out = &c->text };
    json_object(&c->doc, NULL);
    json_int(&c->doc, "schema", 1);
    json_string(&c->doc, "command", c->command->name);
    json_string(&c->doc, "model", c->model);
}

/* A hint belongs to the message before it. */
static const struct diag_message *print_message(struct json *j, const struct diag_message *m)
{
    const struct diag_message *next = m->next;

    json_object(j, NULL);
    json_string(j, "severity", severity_names[m->severity]);
    if (m->node)
        json_string(j, "node", m->node);
    if (m->op)
        json_string(j, "op", m->op);
    json_string(j, "text", m->text);
    if (m->flag)
        json_string(j, "flag", m->flag);
    if (next && next->severity == DIAG_HINT) {
        json_array(j, "hints");
        for (; next && next->severity == DIAG_HINT; next = next->next)
            json_string(j, NULL, next->text);
        json_end_array(j);
    }
    json_end_object(j);
    return next;
}

void cmd_json_end(struct cmd *c)
{
    json_array(&c->doc, "messages");
    for (const struct diag_message *m = c->diag.first; m;)
        m = print_message(&c->doc, m);
    json_end_array(&c->doc);
    json_end_object(&c->doc);
    puts(str_text(&c->text));
}

const char *cmd_escaped(const struct cmd *c, const char *text)
{
    return str_escaped_copy(c->arena, text, 200);
}

void cmd_progress(const struct cmd *c, const char *fmt, ...)
{
    va_list ap;

    if (c->json || !isatty(STDERR_FILENO))
        return;
    fputs("\r\033[K", stderr); /* to the left edge, and clear the line */
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    (void)fflush(stderr);
}
