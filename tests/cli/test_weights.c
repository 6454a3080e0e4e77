// SPDX-License-Identifier: Apache-2.0
/* What the commands say of weights that are no ordinary numbers. */
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Two layers of 1x1 filters; in the first 2 denormal numbers and one infinite, in the second
 * one denormal and one NaN. */
static void write_special(const struct world *w, const char *name, bool only_denormals)
{
    const float odd = only_denormals ? 0.5f : INFINITY, nan = only_denormals ? 0.25f : NAN;
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,2,4,4");
    model_initialiser(m, "w1", DT_F32, "2,2,1,1", (float[]){ 1e-40f, 1.0f, -1e-39f, odd });
    model_initialiser(m, "w2", DT_F32, "2,2,1,1", (float[]){ 2.0f, 1e-42f, 0.5f, nan });
    model_node(m, "Conv", "x w1", "a", NULL);
    model_node_name(m, "first");
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "Conv", "b w2", "y", NULL);
    model_node_name(m, "second");
    model_output(m, "y", DT_F32, "1,2,4,4");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

#define DENORMAL "net.onnx: warning: 3 denormal weights set to 0: 'first' 2, 'second' 1 " \
                 "[-Wdenormal-weights]\n"

Test(weights, special_ones_are_reported_by_layer)
{
    static const char special[] =
        "net.onnx: warning: 1 NaN weight: 'second' 1 [-Wspecial-weights]\n"
        "net.onnx: warning: 1 infinite weight: 'first' 1 [-Wspecial-weights]\n" DENORMAL;
    static const char *const commands[] = { "compile net.onnx", "check net.onnx",
                                            "inspect net.onnx" };
    struct world w = world_new();

    write_special(&w, "net.onnx", false);
    for (int i = 0; i < 3; i++) {
        const struct outcome o = resc_words(&w, commands[i]);

        cr_expect_eq(o.status, 0, "%s: %s%s", commands[i], o.out, o.err);
        cr_expect_str_eq(o.err, special, "%s", commands[i]);
    }
    struct outcome o = resc_words(&w, "compile net.onnx -Wno-special-weights");

    cr_expect_str_eq(o.err, DENORMAL);
    o = resc_words(&w, "compile net.onnx -Werror -Wno-denormal-weights");
    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "error: 1 NaN weight"), "%s", o.err);
    o = resc_words(&w, "compile net.onnx --kernels=ref -v -Wno-special-weights -Wno-denormal-weights");
    cr_expect(strstr(o.err, "  weights        32 bytes\n"
                            "                 1 are NaN, 1 infinite\n"
                            "                 3 were denormal, 3 of them are 0 now\n"), "%s", o.err);
    o = resc_words(&w, "inspect net.onnx --json --keep-denormals");
    cr_expect(strstr(o.out, "\"special_weights\":{\"nan\":1,\"infinite\":1,\"denormal\":3,"
                            "\"flushed\":0}"), "%s", o.out);
    cr_expect(strstr(o.out, "\"flag\":\"special-weights\""), "%s", o.out);
    world_end(&w);
}

static int n_times(const char *text, const char *what)
{
    int n = 0;

    for (; (text = strstr(text, what)); text++)
        n++;
    return n;
}

Test(weights, denormal_ones_become_0_unless_kept)
{
    /* 0, 1, 0 in the literal */
    static const char zeros[] = "\\0\\0\\0\\0\\0\\0\\200\\77\\0\\0\\0\\0";
    struct world w = world_new();

    write_special(&w, "net.onnx", true);
    struct outcome o = resc_words(&w, "compile net.onnx --kernels=ref --keep-denormals");

    cr_expect_str_eq(o.err, "net.onnx: warning: 3 denormal weights kept: 'first' 2, 'second' 1 "
                            "[-Wdenormal-weights]\n");
    const char *kept = read_text(&w, "net.c");

    o = resc_words(&w, "compile net.onnx --kernels=ref -O0");
    cr_expect_str_eq(o.err, DENORMAL);
    const char *flushed = read_text(&w, "net.c");

    cr_expect(strstr(flushed, zeros), "%s", flushed);
    cr_expect_not(strstr(kept, zeros), "%s", kept);
    o = resc_words(&w, "verify net.onnx");
    cr_expect_eq(o.status, 0, "%s", o.out);
    cr_expect_str_eq(o.err, DENORMAL);
    o = resc_words(&w, "compile net.onnx --kernels=ref --tune");
    cr_expect_eq(n_times(o.err, "denormal weights"), 1, "said once: %s", o.err);
    world_end(&w);
}
