// SPDX-License-Identifier: Apache-2.0
/* resc ops - what the compiler understands. */
#include "cli/cmd.h"
#include "cli/commands.h"
#include "ops/op.h"

#include <stdlib.h>
#include <string.h>

static const struct option_row rows[] = {
    { OPT_JSON, "--json", NULL, "print a JSON document", false },
};

static int by_name(const void *a, const void *b)
{
    const struct op *x = *(const struct op *const *)a, *y = *(const struct op *const *)b;
    const int order = strcmp(x->name, y->name);

    return order ? order : (x->since > y->since) - (x->since < y->since);
}

/* ONNX operators by name; an operator whose meaning changed has several rows. */
static int sorted_ops(struct arena *a, const struct op ***out)
{
    int n = 0;

    *out = arena_new_n(a, const struct op *, n_all_ops);
    for (int i = 0; i < n_all_ops; i++)
        if (!(all_ops[i]->flags & OP_INTERNAL))
            (*out)[n++] = all_ops[i];
    qsort(*out, (size_t)n, sizeof **out, by_name);
    return n;
}

static void print_text(const struct op *const *ops, int n)
{
    printf("%-24s opset\n", "operator");
    for (int i = 0; i < n;) {
        const char *name = ops[i]->name;
        int until = ops[i]->until;

        printf("%-24s %d", name, ops[i]->since);
        /* Rows that follow one another without a gap are one range here. */
        for (i++; i < n && strcmp(ops[i]->name, name) == 0; i++) {
            if (ops[i]->since > until + 1)
                printf("-%d, %d", until, ops[i]->since);
            until = ops[i]->until;
        }
        printf("-%d\n", until);
    }
}

static void print_json(const struct op *const *ops, int n)
{
    struct str text = { 0 };
    struct json j = { .out = &text };

    json_object(&j, NULL);
    json_int(&j, "schema", 1);
    json_string(&j, "command", "ops");
    json_array(&j, "ops");
    for (int i = 0; i < n; i++) {
        json_object(&j, NULL);
        json_string(&j, "name", ops[i]->name);
        json_int(&j, "since", ops[i]->since);
        json_int(&j, "until", ops[i]->until);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    puts(str_text(&text));
    str_free(&text);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct cli cli = { .command = self, .argc = argc, .argv = argv };
    bool json = false;

    for (int id; (id = cli_next(&cli)) != CLI_END;) {
        if (id == CLI_WRONG)
            return EXIT_USAGE;
        if (id == CLI_OPERAND)
            return cli_usage(self, "what is '%s' for?", cli.value);
        if (id == OPT_HELP) {
            cli_print_help(self, stdout);
            return EXIT_DONE;
        }
        json = true;
    }
    struct arena *a = arena_new();
    const struct op **ops;
    const int n = sorted_ops(a, &ops);

    if (json)
        print_json(ops, n);
    else
        print_text(ops, n);
    arena_free(a);
    return EXIT_DONE;
}

const struct command command_ops = {
    .name = "ops",
    .brief = "list the operators resc understands",
    .usage = "[--json]",
    .about = "Lists the ONNX operators that resc understands, with the opset versions in which\n"
             "it understands them.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
