// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* double.onnx and a data set beside it whose output is right for factor 2. */
static struct world world_with_data(float factor)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    mkdir(in_world(&w, "test_data_set_0"), 0777);
    write_ramp(&w, "test_data_set_0/input_0.pb", 1, 1.0f, 1.0f);
    write_ramp(&w, "test_data_set_0/output_0.pb", 1, 1.0f, factor);
    mkdir(in_world(&w, "tmp"), 0777);
    w.env = arena_printf(w.arena, "TMPDIR=%s", in_world(&w, "tmp"));
    return w;
}

Test(verify, passes_on_right_outputs)
{
    struct world w = world_with_data(2.0f);
    struct outcome o = resc_words(&w, "verify net.onnx");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "test_data_set_0: y f32[1,1,4,4]: "
                            "max abs 0, max rel 0, max ulp 0: ok\n"), "%s", o.out);
    cr_expect(strstr(o.out, "net.onnx: pass (1 data set, rtol 0.001, atol 1e-05)\n"), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --json -O0 --kernels=ref --cc-flags=-O1");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "\"status\":\"pass\""), "%s", o.out);
    cr_expect_str_empty(o.err);
    cr_expect_str_empty(list(&w, "tmp"), "the temporary folder is gone");
    cr_expect_str_eq(list(&w, ""), "net.onnx test_data_set_0 tmp");
    world_end(&w);
}

Test(verify, fails_on_wrong_outputs_and_says_where)
{
    struct world w = world_with_data(2.1f);
    struct outcome o = resc_words(&w, "verify net.onnx");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "output 'y': 16 of 16 elements are off; first [0,0,0,0]: got 2, want"),
              "%s", o.err);
    cr_expect(strstr(o.out, "WRONG"), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --json");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "\"status\":\"wrong\""), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --rtol=0.1");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    o = resc_words(&w, "verify net.onnx --atol 2");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    world_end(&w);
}

Test(verify, one_wrong_element_is_enough)
{
    struct world w = world_with_data(2.0f);
    FILE *f = fopen(in_world(&w, "test_data_set_0/output_0.pb"), "r+b");

    cr_assert(f);
    cr_assert_eq(fseek(f, -1, SEEK_END), 0); /* exponent byte of the last float */
    fputc(0x43, f);
    fclose(f);
    const struct outcome o = resc_words(&w, "verify net.onnx");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "1 of 16 elements are off; first [0,0,3,3]: got 32"), "%s", o.err);
    world_end(&w);
}

Test(verify, data_sets_may_have_different_shapes)
{
    struct world w = world_with_data(2.0f);

    for (int n = 2; n <= 3; n++) {
        const char *set = arena_printf(w.arena, "test_data_set_%d", 8 + n);

        mkdir(in_world(&w, set), 0777);
        write_ramp(&w, arena_printf(w.arena, "%s/input_0.pb", set), n, -7.0f, 1.0f);
        write_ramp(&w, arena_printf(w.arena, "%s/output_0.pb", set), n, -7.0f, 2.0f);
    }
    struct outcome o = resc_words(&w, "verify net.onnx");

    cr_expect_eq(o.status, 1, "negative elements must have become 0");
    cr_expect(strstr(o.err, "test_data_set_10: output 'y': 7 of 32 elements are off"), "%s", o.err);
    cr_expect(strstr(o.err, "test_data_set_11: output 'y': 7 of 48 elements are off"), "%s", o.err);
    const char *ten = strstr(o.out, "test_data_set_10:"), *zero = strstr(o.out, "test_data_set_0:");

    cr_expect(zero && ten && zero < ten, "%s", o.out);
    o = resc(&w, "verify", "net.onnx", "--data", in_world(&w, "test_data_set_0"), NULL);
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    world_end(&w);
}

Test(verify, compares_with_the_interpreter_without_data)
{
    struct world w = world_new();

    write_doubler(&w, "net.onnx");
    struct outcome o = resc_words(&w, "verify net.onnx -D N=2");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "random inputs: y f32[2,1,4,4]"), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --data=.");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "no data in '.'"), "%s", o.err);
    o = resc_words(&w, "verify net.onnx --data=. --json");
    cr_expect(strstr(o.out, "\"status\":\"no-data\""), "%s", o.out);
    world_end(&w);
}

Test(verify, light_models_take_arange)
{
    struct world w = world_new();

    write_doubler(&w, "light_net.onnx");
    write_ramp(&w, "light_net_output_0.pb", 1, 0.0f, 2.0f / 16.0f);
    const struct outcome o = resc_words(&w, "verify light_net.onnx");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "arange: y"), "%s", o.out);
    world_end(&w);
}

Test(verify, layers_lists_every_step)
{
    struct world w = world_with_data(2.0f);
    struct outcome o = resc_words(&w, "verify net.onnx --layers -O0 --kernels=ref");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "\n     1  double (Conv)"), "%s", o.out);
    cr_expect(strstr(o.out, "\n     2  "), "%s", o.out);
    cr_expect(strstr(o.out, "  certificate: 2 steps: 2 exact, 0 within the proven bound; "
                            "test_data_set_0; model sha256 "), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --layers --json --kernels=ref");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "\"layers\":[{\"step\":1,\"origin\":\"double (Conv)"), "%s", o.out);
    cr_expect(strstr(o.out, "\"verdict\":\"exact\",\"measured\":0,\"bound\":0,\"ratio\":0"),
              "%s", o.out);
    cr_expect(strstr(o.out, "\"certificate\":{\"steps\":1,\"exact\":1,\"within\":0"), "%s", o.out);
    world_end(&w);
}

/* A C compiler that spoils the reference convolution before it builds it. */
static void write_bad_compiler(const struct world *w)
{
    write_text(w, "badcc", "#!/bin/sh\n"
                           "for f; do case $f in *.c)\n"
                           "  sed 's/(double)w\\[/1.25 * (double)w[/' \"$f\" > \"$f.new\"\n"
                           "  mv \"$f.new\" \"$f\"\n"
                           "esac; done\nexec cc \"$@\"\n");
    chmod(in_world(w, "badcc"), 0755);
}

Test(verify, a_broken_compiler_is_reported)
{
    static const struct { const char *cc, *status, *says; } cases[] = {
        { "CC=false", "build-failed", "the C compiler failed with status 1" },
        { "CC=/nowhere/cc -O1", "build-failed", "cannot start the C compiler, '/nowhere/cc'" },
        { "CC=cc -Dmain=not_main", "build-failed", "main" },
    };
    struct world w = world_with_data(2.0f);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        w.env = cases[i].cc;
        const struct outcome o = resc_words(&w, "verify net.onnx --json");

        cr_expect_eq(o.status, 1);
        cr_expect(strstr(o.out, arena_printf(w.arena, "\"status\":\"%s\"", cases[i].status)),
                  "%s", o.out);
        cr_expect(strstr(o.out, cases[i].says), "%s", o.out);
    }
    world_end(&w);
}

Test(verify, layers_names_the_first_step_that_is_off)
{
    struct world w = world_with_data(2.0f);

    write_bad_compiler(&w);
    w.env = arena_printf(w.arena, "CC=%s", in_world(&w, "badcc"));
    const struct outcome o = resc_words(&w, "verify net.onnx --layers -O0 --kernels=ref");

    cr_expect_eq(o.status, 1, "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "first step that is off: 1, double (Conv), by resc_conv2d_f32_ref\n"),
              "%s%s", o.out, o.err);
    cr_expect(strstr(o.out, "certificate: 2 steps: 1 OFF, 1 exact, "), "%s", o.out);
    world_end(&w);
}

Test(verify, a_program_that_fails_is_reported)
{
    struct world w = world_with_data(2.0f);

    write_text(&w, "failcc", "#!/bin/sh\nfor f; do\n"
                             "  [ \"$last\" = -o ] && printf '#!/bin/sh\\nexit 7\\n' > \"$f\" &&"
                             " chmod 755 \"$f\"\n  last=$f\ndone\n");
    chmod(in_world(&w, "failcc"), 0755);
    w.env = arena_printf(w.arena, "CC=%s", in_world(&w, "failcc"));
    const struct outcome o = resc_words(&w, "verify net.onnx --json");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "\"status\":\"run-failed\""), "%s", o.out);
    cr_expect(strstr(o.out, "the generated program failed with status 7"), "%s", o.out);
    world_end(&w);
}

Test(verify, keep_leaves_the_program)
{
    struct world w = world_with_data(2.0f);
    const struct outcome o = resc_words(&w, "verify net.onnx --keep=kept");

    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    cr_expect(strstr(list(&w, "kept"), "model.c"), "%s", list(&w, "kept"));
    cr_expect_eq(access(in_world(&w, "kept/model"), X_OK), 0);
    world_end(&w);
}

Test(verify, a_refused_model_is_refused)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4");
    model_node(m, "Bogus", "x", "y", NULL);
    model_output(m, "y", DT_F32, "1,4");
    cr_assert(model_write(m, in_world(&w, "net.onnx")));
    model_free(m);
    mkdir(in_world(&w, "test_data_set_0"), 0777);
    write_text(&w, "test_data_set_0/input_0.pb", "nothing like a tensor");
    const struct outcome o = resc_words(&w, "verify net.onnx --json");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.out, "\"status\":\"refused\""), "%s", o.out);
    cr_expect(strstr(o.out, "Bogus") && !strstr(o.out, "input_0.pb"), "%s", o.out);
    world_end(&w);
}

Test(verify, const_inputs_binds_what_must_be_constant)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,1,4,4");
    model_input(m, "axes", DT_I64, "1");
    model_node(m, "Unsqueeze", "x axes", "y", NULL);
    model_output(m, "y", DT_F32, "1,1,1,4,4");
    cr_assert(model_write(m, in_world(&w, "net.onnx")));
    model_free(m);
    mkdir(in_world(&w, "test_data_set_0"), 0777);
    write_ramp(&w, "test_data_set_0/input_0.pb", 1, 1.0f, 1.0f);
    /* TensorProto: dims [1], data_type INT64, int64_data [1] */
    write_text(&w, "test_data_set_0/input_1.pb", "\010\001\020\007\070\001");
    struct outcome o = resc_words(&w, "verify net.onnx --json");

    cr_expect(strstr(o.out, "\"status\":\"refused\""), "%s", o.out);
    o = resc_words(&w, "verify net.onnx --const-inputs --json");
    cr_expect_eq(o.status, 0, "%s", o.out);
    world_end(&w);
}
