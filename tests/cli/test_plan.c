// SPDX-License-Identifier: Apache-2.0
/* --explain, --tune and --plan; tests/plan/ has what a plan is. */
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* One convolution of 16 channels between two steps. */
static void write_small(const struct world *w, const char *name)
{
    static float weights[16 * 16 * 9];
    struct model *m = model_new(13);

    for (int i = 0; i < 16 * 16 * 9; i++)
        weights[i] = (float)(i % 11 - 5) * 0.0625f;
    model_input(m, "x", DT_F32, "1,16,9,9");
    model_initialiser(m, "w", DT_F32, "16,16,3,3", weights);
    model_node(m, "Softmax", "x", "s", "axis=1");
    model_node_name(m, "first");
    model_node(m, "Conv", "s w", "c", "pads=[1,1,1,1]");
    model_node_name(m, "second");
    model_node(m, "Tanh", "c", "y", NULL);
    model_node_name(m, "third");
    model_output(m, "y", DT_F32, "1,16,9,9");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

Test(plan, explain_shows_the_choice_of_every_step)
{
    struct world w = world_new();

    write_small(&w, "net.onnx");
    struct outcome o = resc_words(&w, "compile net.onnx --explain --kernels=ref");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect_str_empty(o.out);
    cr_expect(strstr(o.err, "plan: 3 steps, "), "%s", o.err);
    cr_expect(strstr(o.err, "    2  Conv       [1,16,9,9]  # second (Conv)\n"
                            "       * conv2d_f32_ref "), "%s", o.err);
    o = resc_words(&w, "compile net.onnx --explain --kernels=native");
    cr_expect_eq(o.status, 0, "%s", o.err);
    static const char *const says[] = {
        "  Reorder ", "       * reorder_f32_", "       * conv2d_f32_c16",
        "         conv2d_f32_im2col ", "         conv2d_f32_ref ", " us\n",
    };

    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        cr_expect(strstr(o.err, says[i]), "%s: %s", says[i], o.err);
    cr_expect_not(strstr(o.err, "measured"), "%s", o.err);
    world_end(&w);
}

/* What --tune measured --plan takes: the same files. */
Test(plan, tune_writes_what_plan_replays, .timeout = 300)
{
    struct world w = world_new();

    write_small(&w, "net.onnx");
    mkdir(in_world(&w, "again"), 0777);
    mkdir(in_world(&w, "tmp"), 0777);
    w.env = arena_printf(w.arena, "TMPDIR=%s", in_world(&w, "tmp"));
    struct outcome o = resc_words(&w, "compile net.onnx --tune --explain");

    cr_assert_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.err, " measured\n"), "%s", o.err);
    cr_expect_str_eq(list(&w, ""), "again net.c net.h net.onnx net.plan tmp");
    cr_expect_str_empty(list(&w, "tmp"));
    cr_expect_eq(strncmp(read_text(&w, "net.plan"), "resc-plan 1\nmodel ", 18), 0);
    o = resc_words(&w, "compile net.onnx --plan=net.plan -o again/net.c");
    cr_assert_eq(o.status, 0, "%s", o.err);
    cr_expect_str_eq(read_text(&w, "again/net.c"), read_text(&w, "net.c"));
    cr_expect_str_eq(read_text(&w, "again/net.h"), read_text(&w, "net.h"));
    o = resc_words(&w, "verify net.onnx --plan net.plan");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    o = resc_words(&w, "inspect net.onnx -v --plan net.plan");
    cr_expect_eq(o.status, 0, "%s%s", o.out, o.err);
    world_end(&w);
}

Test(plan, a_bad_file_is_one_error_and_no_output)
{
    static const struct { const char *text, *says; } cases[] = {
        { "", "line 1: this is no plan file" },
        { "\177ELF\n", "line 1: this is no plan file" },
        { "resc-plan 1", "line 1: it ends without 'model SHA256'" },
        { "resc-plan 1\nmodel 0123\n1 Softmax softmax_f32\n", "line 2: it is the plan of another" },
    };
    struct world w = world_new();

    write_small(&w, "net.onnx");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_text(&w, "bad.plan", cases[i].text);
        const struct outcome o = resc_words(&w, "compile net.onnx --plan=bad.plan");
        const char *error = strstr(o.err, ": error: plan 'bad.plan', ");

        cr_expect_eq(o.status, 1);
        cr_expect(error && strstr(error, cases[i].says), "%s: %s", cases[i].says, o.err);
        cr_expect(error && !strstr(error + 1, ": error: "), "%s", o.err);
        cr_expect_str_eq(list(&w, ""), "bad.plan net.onnx");
    }
    const struct outcome o = resc_words(&w, "compile net.onnx --plan=none.plan");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "cannot read 'none.plan'"), "%s", o.err);
    world_end(&w);
}
