// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const commands[] = { "compile", "check", "inspect", "report", "verify", "run",
                                        "bench", "ops", "help" };
static const char *const topics[] = { "passes", "plan", "weights", "api", "warnings" };

Test(usage, wrong_usage_exits_with_2_and_says_what_was_meant)
{
    static const struct { const char *args, *says; } cases[] = {
        { "", "usage: resc COMMAND" },
        { "compil", "unknown command 'compil'; did you mean 'compile'?" },
        { "frobnicate", "unknown command 'frobnicate'\n" },
        { "--verion", "unknown option '--verion'; did you mean '--version'?" },
        { "help weight", "unknown command 'weight'" },
        { "compile", "no model given" },
        { "compile a.onnx b.onnx", "one model at a time: 'a.onnx' and 'b.onnx'" },
        { "check a.onnx b.onnx", "one model at a time" },
        { "compile --bundel a.onnx", "unknown option '--bundel'; did you mean '--bundle'?" },
        { "compile --wieghts=auto a.onnx", "did you mean '--weights'?" },
        { "compile --qqqq a.onnx", "unknown option '--qqqq'\n" },
        { "compile --bundle=yes a.onnx", "option '--bundle' takes no value" },
        { "compile a.onnx -o", "option '-o' needs a value: -o FILE.c" },
        { "compile a.onnx --name", "option '--name' needs a value: --name=NAME" },
        { "compile a.onnx --name=", "option '--name' needs a value" },
        { "compile a.onnx --name=2fast", "not a C identifier" },
        { "compile a.onnx -o out.h", "must end in '.c'" },
        { "compile a.onnx -o a\"b.c", "C cannot include a header of such a name" },
        { "compile models/", "the model 'models/' has no name" },
        { "compile a.onnx -o - --json", "both print on standard output" },
        { "compile a.onnx -o - -MD", "needs a file" },
        { "compile a.onnx -O2", "option '-O2': wanted -O0, -O1" },
        { "compile a.onnx -D N", "wanted DIM=N" },
        { "compile a.onnx -D N=0", "wanted DIM=N" },
        { "compile a.onnx -D N=4x", "wanted DIM=N" },
        { "compile a.onnx -D N=99999999999999999999", "wanted DIM=N" },
        { "compile a.onnx --kernels=fast", "wanted auto, native, blas or ref" },
        { "compile a.onnx --weights=extern", "wanted auto, inline, incbin or FILE.bin" },
        { "compile a.onnx --disable-pass=fuse_ad", "did you mean 'fuse_add'?" },
        { "compile a.onnx --print-after=nothing", "unknown pass 'nothing'" },
        { "compile a.onnx -Wunused-inputs", "did you mean '-Wunused-input'?" },
        { "verify a.onnx --rtol=-1", "not negative" },
        { "verify a.onnx --atol=abc", "wanted a number" },
        { "verify a.onnx --atol=nan", "wanted a number" },
        { "run a.onnx --format=png", "wanted npy, pb or raw" },
        { "ops conv", "'conv'" },
    };
    struct world w = world_new();

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct outcome o = resc_words(&w, cases[i].args);

        cr_expect_eq(o.status, 2, "'%s': status %d", cases[i].args, o.status);
        cr_expect(strstr(o.err, cases[i].says), "'%s': %s", cases[i].args, o.err);
        cr_expect_str_empty(o.out);
    }
    cr_expect_str_empty(list(&w, ""));
    world_end(&w);
}

Test(usage, a_message_never_obeys_a_percent_sign)
{
    struct world w = world_new();
    const struct outcome o = resc(&w, "compile", "--%n%s=1", "a", NULL);

    cr_expect_eq(o.status, 2);
    cr_expect(strstr(o.err, "'--%n%s'"), "%s", o.err);
    world_end(&w);
}

Test(usage, two_dashes_end_the_options)
{
    struct world w = world_new();
    const struct outcome o = resc(&w, "check", "--", "--json", NULL);

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "cannot read '--json'"), "%s", o.err);
    world_end(&w);
}

Test(usage, version_and_help_go_to_standard_output)
{
    static const char *const args[] = { "--version", "--help", "-h", "help" };
    static const char *const says[] = { "resc ", "usage: resc", "usage: resc", "usage: resc" };
    struct world w = world_new();

    for (size_t i = 0; i < COUNT(args); i++) {
        const struct outcome o = resc(&w, args[i], NULL);

        cr_expect_eq(o.status, 0);
        cr_expect_eq(strncmp(o.out, says[i], strlen(says[i])), 0, "%s: %s", args[i], o.out);
        cr_expect_str_empty(o.err);
    }
    world_end(&w);
}

static void check_width(const char *what, const char *text)
{
    for (const char *line = text; *line;) {
        const size_t n = strcspn(line, "\n");

        cr_expect_leq(n, 80, "help %s: %.*s", what, (int)n, line);
        line += n + (line[n] == '\n');
    }
}

Test(usage, every_help_fits_80_columns)
{
    struct world w = world_new();
    const struct outcome top = resc(&w, "--help", NULL);

    check_width("", top.out);
    for (size_t i = 0; i < COUNT(commands) + COUNT(topics); i++) {
        const char *what = i < COUNT(commands) ? commands[i] : topics[i - COUNT(commands)];
        const struct outcome o = resc(&w, "help", what, NULL);

        cr_expect_eq(o.status, 0);
        cr_expect_gt(strlen(o.out), 100);
        check_width(what, o.out);
        if (i >= COUNT(commands))
            continue;
        cr_expect(strstr(top.out, what));
        const struct outcome same = resc(&w, what, "--help", NULL);

        cr_expect_eq(same.status, 0);
        cr_expect(i + 1 == COUNT(commands) || strcmp(same.out, o.out) == 0, "%s", what);
    }
    world_end(&w);
}

Test(usage, ops_lists_operators_for_people_and_machines)
{
    struct world w = world_new();
    const struct outcome text = resc(&w, "ops", NULL), json = resc(&w, "ops", "--json", NULL);

    cr_expect_eq(text.status, 0);
    cr_expect(strstr(text.out, "\nConv "), "%s", text.out);
    cr_expect_eq(json.status, 0);
    cr_expect(strstr(json.out, "{\"schema\":1,"), "%s", json.out);
    cr_expect(strstr(json.out, "{\"name\":\"Relu\",\"since\":6,"), "%s", json.out);
    world_end(&w);
}

Test(usage, output_that_cannot_be_written_is_an_error)
{
    struct world w = world_new();

    w.out = "/dev/full";
    static const char *const args[] = { "help compile", "ops", "ops --json", "--version" };

    for (size_t i = 0; i < COUNT(args); i++) {
        const struct outcome o = resc_words(&w, args[i]);

        cr_expect_eq(o.status, 1, "%s", args[i]);
        cr_expect(strstr(o.err, "cannot write to standard output"), "%s", o.err);
    }
    world_end(&w);
}
