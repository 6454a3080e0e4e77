// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `diagonal` on the diagonal of a 1x1 convolution of two channels. */
static const char *scale(struct model *m, const char *x, const char *name, float diagonal)
{
    const float w[] = { diagonal, 0, 0, diagonal };
    struct arena *a = model_arena(m);

    model_initialiser(m, arena_printf(a, "%s_w", name), DT_F32, "2,2,1,1", w);
    model_node(m, "Conv", arena_printf(a, "%s %s_w", x, name), name, NULL);
    return name;
}

static const char *block(struct model *m, const char *x, const char *name, float diagonal)
{
    struct arena *a = model_arena(m);
    const char *branch = scale(m, x, arena_printf(a, "%s_branch", name), diagonal);

    model_node(m, "Add", arena_printf(a, "%s %s", x, branch), name, NULL);
    model_node_name(m, name);
    return name;
}

/* Blocks whose branches are 0.5, 0.01 and -0.25 of their skips: y = x * 1.5 * 1.01 * 0.75. */
static void write_blocks(const struct world *w, const char *name)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "N,2,2,2");
    const char *y = block(m, block(m, block(m, "x", "a", 0.5f), "b", 0.01f), "c", -0.25f);

    model_output(m, y, DT_F32, "N,2,2,2");
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

/* A .npy file: f32[1,2,2,2] of 1, 2, ..., 8. */
static void write_input(const struct world *w, const char *name)
{
    static const char header[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2, 2), }";
    FILE *f = fopen(in_world(w, name), "wb");

    cr_assert(f);
    fwrite("\x93NUMPY\1\0\x76\0", 1, 10, f);
    fprintf(f, "%-117s\n", header);
    for (int i = 1; i <= 8; i++) {
        const float x = (float)i;

        fwrite(&x, sizeof x, 1, f);
    }
    fclose(f);
}

static struct world new_world(void)
{
    struct world w = world_new();

    write_blocks(&w, "net.onnx");
    write_input(&w, "one.npy");
    write_input(&w, "two.npy");
    return w;
}

Test(prune, drops_what_is_small_and_says_what_that_changes)
{
    struct world w = new_world();
    struct outcome o = resc_words(&w, "compile net.onnx --prune-residual=0.1 --calibrate .");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.err, "RMS on 2 inputs:\n"), "%s", o.err);
    cr_expect(strstr(o.err, "      1      2.52      5.05       0.5          a (Add)\n"), "%s", o.err);
    cr_expect(strstr(o.err, "      2    0.0757      7.57      0.01  dropped b (Add)\n"), "%s", o.err);
    cr_expect(strstr(o.err, "      3      1.91      7.65      0.25          c (Add)\n"), "%s", o.err);
    cr_expect(strstr(o.err, "1 of 3 dropped (ratio below 0.1): 32 of 48 multiply-adds are left\n"),
              "%s", o.err);
    /* 8 * 1.5 * 0.75 * 0.01 of 8 * 1.5 * 1.01 * 0.75 */
    cr_expect(strstr(o.err, "output 'c' changes by at most 0.09, relative L2 0.0099\n"), "%s", o.err);
    cr_expect(strstr(read_text(&w, "net.c"), "NOT the model as it is: 1 residual branch was left out"));
    o = resc_words(&w, "compile net.onnx --prune-residual=0.1 --calibrate . --json");
    cr_expect(strstr(o.out, "\"prune\":{\"eps\":0.1,\"inputs\":2,\"macs_before\":48,\"macs_after\":32,"),
              "%s", o.out);
    cr_expect(strstr(o.out, "\"ratio\":0.00999999966,\"dropped\":true"), "%s", o.out);
    world_end(&w);
}

Test(prune, a_branch_that_is_0_goes_whatever_comes_with_it)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "N,2,2,2");
    model_output(m, block(m, block(m, "x", "a", -1), "b", 0), DT_F32, "N,2,2,2");
    cr_assert(model_write(m, in_world(&w, "net.onnx")));
    model_free(m);
    write_input(&w, "one.npy");
    struct outcome o = resc_words(&w, "compile net.onnx --prune-residual=0.1 --calibrate . --json");

    cr_expect_eq(o.status, 0, "%s", o.out);
    cr_expect(strstr(o.out, "\"skip_rms\":0,\"ratio\":0,\"dropped\":true"), "%s", o.out);
    world_end(&w);
}

Test(prune, leaves_the_model_alone_where_nothing_is_small)
{
    struct world w = new_world();
    struct outcome o = resc_words(&w, "compile net.onnx --prune-residual=0.005 --calibrate . -o p.c "
                                      "--name=net");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.err, "changes by at most 0, relative L2 0\n"), "%s", o.err);
    o = resc_words(&w, "compile net.onnx -o q.c --name=net");
    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(!strstr(read_text(&w, "p.c"), "NOT the model"));
    cr_expect_str_eq(strstr(read_text(&w, "p.c"), "struct weights {"),
                     strstr(read_text(&w, "q.c"), "struct weights {"));
    world_end(&w);
}

Test(prune, the_self_test_is_that_of_what_is_left)
{
    struct world w = new_world();
    const struct outcome o = resc_words(&w, "compile net.onnx --prune-residual=10 --calibrate . "
                                            "--selftest --bundle -o net.c");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.err, "3 of 3 dropped"), "%s", o.err);
    write_text(&w, "test.c", "#include \"net.h\"\n"
               "static _Alignas(NET_WORKSPACE_ALIGN) unsigned char memory[NET_SELFTEST_SIZE];\n"
               "int main(void) { return !(net_selftest(memory) <= NET_SELFTEST_TOLERANCE); }\n");
    cr_expect_eq(system(arena_printf(w.arena, "cd '%s' && cc -std=c11 test.c net.c -o test -lm && ./test",
                                     w.dir)), 0);
    world_end(&w);
}

Test(prune, wrong_usage_and_wrong_data)
{
    static const char *const usage[] = {
        "compile net.onnx --prune-residual=0.1", "compile net.onnx --calibrate .",
        "compile net.onnx --calibrate . --prune-residual=0",
        "compile net.onnx --calibrate . --prune-residual=-1",
        "compile net.onnx --calibrate . --prune-residual=x",
    };
    struct world w = new_world();

    for (int i = 0; i < 5; i++)
        cr_expect_eq(resc_words(&w, usage[i]).status, 2, "%s", usage[i]);
    struct outcome o = resc_words(&w, "compile net.onnx --prune-residual=0.1 --calibrate absent");

    cr_expect_eq(o.status, 1);
    cr_expect(strstr(o.err, "no data in 'absent'"), "%s", o.err);
    write_ramp(&w, "other.npy", 3, 0, 1);
    o = resc_words(&w, "compile net.onnx --prune-residual=0.1 --calibrate .");
    cr_expect_eq(o.status, 1);
    cr_expect_eq(access(in_world(&w, "net.c"), F_OK), -1);
    world_end(&w);
}
