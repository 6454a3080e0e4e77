// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Test(compile, writes_a_source_and_a_header_where_it_is_told_to)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    mkdir(in_world(&w, "out"), 0777);
    struct outcome o = resc_words(&w, "compile net.onnx -W -o out/doubler.c");

    cr_expect_eq(o.status, 2, "-W alone");
    o = resc_words(&w, "compile net.onnx -o out/doubler.c -MD");
    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_str_empty(o.out);
    cr_expect_str_eq(list(&w, "out"), "doubler.c doubler.d doubler.h");
    cr_expect(strstr(read_text(&w, "out/doubler.c"), "#include \"doubler.h\""));
    cr_expect(strstr(read_text(&w, "out/doubler.h"), "int doubler_run("));
    cr_expect(strstr(read_text(&w, "out/doubler.d"), "net.onnx"));

    o = resc_words(&w, "compile net.onnx");
    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_str_eq(list(&w, ""), "net.c net.h net.onnx out");
    o = resc_words(&w, "compile net.onnx -o - --name=twice");
    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "int twice_run("), "%s", o.out);
    world_end(&w);
}

Test(compile, sums_up_for_people_and_machines)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome o = resc_words(&w, "compile net.onnx -v -D N=2 --kernels=ref");

    cr_expect_eq(o.status, 0);
    cr_expect(strstr(o.err, "steps          1, from 2 ONNX nodes"), "%s", o.err);
    cr_expect(strstr(o.err, "multiply-adds  32 a run"), "%s", o.err);
    cr_expect(strstr(o.err, "lower bound"), "%s", o.err);
    cr_expect_str_empty(o.out);
    o = resc_words(&w, "compile net.onnx --json -D N=2 --kernels=ref");
    cr_expect_eq(o.status, 0);
    cr_expect(strstr(o.out, "\"status\":\"ok\",\"output\":\"net.c\",\"prefix\":\"net\""), "%s",
              o.out);
    cr_expect(strstr(o.out, "\"inputs\":[{\"name\":\"x\",\"type\":\"f32\",\"shape\":[2,1,4,4]}]"),
              "%s", o.out);
    cr_expect(strstr(o.out, "\"macs\":32,"), "%s", o.out);
    o = resc_words(&w, "compile net.onnx --json -O0 --kernels=ref");
    cr_expect(strstr(o.out, "\"steps\":2,"), "%s", o.out);
    o = resc_words(&w, "compile net.onnx --json --disable-pass=fuse_activation --kernels=ref");
    cr_expect(strstr(o.out, "\"steps\":2,"), "%s", o.out);
    world_end(&w);
}

Test(compile, gives_the_same_bytes_wherever_and_whenever)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    mkdir(in_world(&w, "a"), 0777);
    mkdir(in_world(&w, "b"), 0777);
    struct outcome o = resc_words(&w, "compile net.onnx -o a/net.c --bundle --main");

    cr_assert_eq(o.status, 0, "%s", o.err);
    w.cwd = in_world(&w, "b");
    static const char *const envs[] = { "LC_ALL=de_DE.UTF-8", "TZ=Asia/Tokyo", "USER=other",
                                        "SOURCE_DATE_EPOCH=0" };

    for (int i = 0; i < 4; i++) {
        w.env = envs[i];
        o = resc(&w, "compile", in_world(&w, "net.onnx"), "-o", "net.c", "--bundle", "--main",
                 NULL);
        cr_assert_eq(o.status, 0, "%s", o.err);
        cr_expect_str_eq(read_text(&w, "b/net.c"), read_text(&w, "a/net.c"));
        cr_expect_str_eq(read_text(&w, "b/net.h"), read_text(&w, "a/net.h"));
    }
    world_end(&w);
}

Test(compile, leaves_nothing_behind_when_it_cannot_write)
{
    static const struct { const char *args, *says; } cases[] = {
        { "compile net.onnx -o file/net.c", "Not a directory" },
        { "compile net.onnx -o nowhere/net.c", "No such file or directory" },
        { "compile net.onnx -o full.c", "cannot write 'full.c': No space left on device" },
        { "compile net.onnx -o net.c --weights=nowhere/w.bin", "No such file or directory" },
    };
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    write_text(&w, "file", "");
    cr_assert_eq(symlink("/dev/full", in_world(&w, "full.c")), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outcome o = resc_words(&w, cases[i].args);

        cr_expect_eq(o.status, 1, "'%s': %d", cases[i].args, o.status);
        cr_expect(strstr(o.err, cases[i].says), "'%s': %s", cases[i].args, o.err);
        cr_expect_str_eq(list(&w, ""), "file full.c net.onnx", "'%s'", cases[i].args);
    }
    w.out = "/dev/full";
    const struct outcome o = resc_words(&w, "compile net.onnx -o -");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "No space left on device"), "%s", o.err);
    world_end(&w);
}

Test(compile, an_old_result_survives_a_failure)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    write_text(&w, "net.c", "precious");
    write_text(&w, "bad.onnx", "not a model");
    const struct outcome o = resc_words(&w, "compile bad.onnx -o net.c");

    cr_expect_eq(o.status, 1);
    cr_expect_str_eq(read_text(&w, "net.c"), "precious");
    cr_expect_str_eq(list(&w, ""), "bad.onnx net.c net.onnx");
    world_end(&w);
}

Test(compile, adds_a_selftest)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome plain = resc_words(&w, "compile net.onnx --json --weights=net.bin -D N=1");

    cr_expect_eq(plain.status, 0);
    cr_expect_not(strstr(read_text(&w, "net.h"), "selftest"));
    const char *weights = read_text(&w, "net.bin");
    struct outcome o = resc_words(&w, "compile net.onnx --json --weights=net.bin -D N=1 --selftest");

    cr_expect_eq(o.status, 0);
    cr_expect_str_eq(o.out, plain.out);
    cr_expect(strstr(read_text(&w, "net.h"), "float net_selftest(const void *weights, void *workspace);"));
    cr_expect_str_eq(read_text(&w, "net.bin"), weights, "the same weights file serves both");
    world_end(&w);
}

/* sqrt(-exp(x)): every element is NaN. */
Test(compile, warns_of_a_selftest_that_says_nothing)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "2");
    model_node(m, "Exp", "x", "e", NULL);
    model_node(m, "Neg", "e", "n", NULL);
    model_node(m, "Sqrt", "n", "nan", NULL);
    model_node(m, "Tanh", "x", "t", NULL);
    model_output(m, "nan", DT_F32, "2");
    model_output(m, "t", DT_F32, "2");
    cr_assert(model_write(m, in_world(&w, "net.onnx")));
    struct outcome o = resc_words(&w, "compile net.onnx --selftest");

    cr_expect_eq(o.status, 0);
    cr_expect_str_eq(o.err, "net.onnx: warning: the self-test says little of output 'nan': its input "
                            "makes every element 0, NaN or infinite [-Wblind-selftest]\n");
    model_free(m);
    world_end(&w);
}

Test(check, says_whether_it_compiles)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome o = resc_words(&w, "check net.onnx");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_str_eq(o.out, "net.onnx: resc can compile it\n");
    cr_expect_str_eq(list(&w, ""), "net.onnx");
    o = resc_words(&w, "check net.onnx --json");
    cr_expect_eq(o.status, 0);
    cr_expect(strstr(o.out, "\"status\":\"ok\",\"errors\":0,\"warnings\":0,"), "%s", o.out);
    cr_expect_str_empty(o.err, "messages are in the document");
    o = resc_words(&w, "check net.onnx -D M=3");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "-D M=3"), "%s", o.err);
    world_end(&w);
}

Test(check, refuses_what_is_no_model)
{
    static const char *const args[] = { "check text", "check empty", "check missing", "check .",
                                        "inspect text", "inspect missing" };
    struct world w = world_new();

    write_text(&w, "text", "hello, world\n");
    write_text(&w, "empty", "");
    for (size_t i = 0; i < sizeof args / sizeof *args; i++) {
        struct outcome o = resc_words(&w, args[i]);

        cr_expect_eq(o.status, 1, "%s", args[i]);
        cr_expect(strstr(o.err, ": error: "), "%s: %s", args[i], o.err);
        cr_expect_str_empty(o.out);
        o = resc_words(&w, arena_printf(w.arena, "%s --json", args[i]));
        cr_expect_eq(o.status, 1, "%s", args[i]);
        cr_expect(strstr(o.out, "\"status\":\"failed\""), "%s: %s", args[i], o.out);
        cr_expect(strstr(o.out, "{\"severity\":\"error\",\"text\":"), "%s: %s", args[i], o.out);
    }
    world_end(&w);
}

static void write_unsupported(const struct world *w, const char *name)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4");
    model_node(m, "Bogus", "x", "a", NULL);
    model_node(m, "Bogus", "a", "b", NULL);
    model_node(m, "Relu", "b", "c", NULL);
    model_node(m, "Weird", "c", "y", NULL);
    model_output(m, "y", DT_F32, "1,4");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

Test(check, reports_every_problem_at_once)
{
    struct world w = world_new();

    write_unsupported(&w, "net.onnx");
    const struct outcome o = resc_words(&w, "check net.onnx");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "'Bogus'") && strstr(o.err, "2 nodes"), "%s", o.err);
    cr_expect(strstr(o.err, "'Weird'"), "%s", o.err);
    world_end(&w);
}

Test(inspect, shows_the_model_and_what_becomes_of_it)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx -v -D N=3 --kernels=ref");

    cr_expect_eq(o.status, 0, "%s", o.err);
    static const char *const says[] = { "opset 13", "x f32[3,1,4,4]", "y f32[3,1,4,4]",
                                        "operators      Conv, Relu\n", "workspace",
                                        "steps          1, from 2", "act=relu" };

    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        cr_expect(strstr(o.out, says[i]), "%s: %s", says[i], o.out);
    o = resc_words(&w, "inspect net.onnx --json");
    cr_expect(strstr(o.out, "{\"name\":\"Relu\",\"nodes\":1,\"supported\":true}"), "%s", o.out);
    world_end(&w);
}

Test(inspect, shows_what_is_unsupported_and_why)
{
    struct world w = world_new();

    write_unsupported(&w, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "  operators      2 Bogus, Relu, Weird\n"
                            "  unsupported    Bogus (opset 13) is not supported\n"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx --json");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "{\"name\":\"Weird\",\"nodes\":1,\"supported\":false,\"problem\":"),
              "%s", o.out);
    world_end(&w);
}

Test(compile, reproducible_brings_its_kernels_and_one_nan)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome o = resc_words(&w, "compile net.onnx --reproducible");

    cr_expect_eq(o.status, 0, "%s", o.err);
    const char *c = read_text(&w, "net.c");
    const char *rules = strstr(c, "#define RESC_REPRODUCIBLE\n");

    cr_expect(rules && strstr(rules, "RESC_KERNEL void"), "first the rules, then the kernels");
    cr_expect(strstr(c, "Compiled with --reproducible"));
    cr_expect(strstr(c, " : NAN;\n"));
    cr_expect_null(strstr(c, "resc_rt"));
    o = resc_words(&w, "compile net.onnx --bundle");
    cr_expect_eq(o.status, 0, "%s", o.err);
    c = read_text(&w, "net.c");
    cr_expect_null(strstr(c, "#define RESC_REPRODUCIBLE\n"));
    cr_expect_null(strstr(c, " : NAN;\n"));
    world_end(&w);
}
