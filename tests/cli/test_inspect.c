// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "command.h"
#include "model.h"

#include <criterion/criterion.h>
#include <string.h>

static void write_model(struct world *w, struct model *m, const char *name)
{
    cr_assert(model_write(m, in_world(w, name)));
    model_free(m);
}

/* relu(x + conv(relu(conv(x)))), and one whose skip has a convolution. */
static void write_blocks(struct world *w, const char *name)
{
    static const float weights[16];
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4,8,8");
    model_initialiser(m, "w", DT_F32, "4,4,1,1", weights);
    model_node(m, "Conv", "x w", "a", NULL);
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "Conv", "b w", "c", NULL);
    model_node(m, "Add", "x c", "d", NULL);
    model_node(m, "Relu", "d", "e", NULL);
    model_node(m, "Conv", "e w", "f", "strides=[2,2]");
    model_node(m, "Relu", "f", "g", NULL);
    model_node(m, "Conv", "g w", "h", NULL);
    model_node(m, "Conv", "e w", "i", "strides=[2,2]");
    model_node(m, "Add", "h i", "y", NULL);
    model_output(m, "y", DT_F32, "1,4,4,4");
    write_model(w, m, name);
}

static void expect_one_screen(const char *text)
{
    int lines = 0;

    for (const char *p = text; *p; lines++) {
        const size_t n = strcspn(p, "\n");

        cr_expect_leq(n, 80, "%.*s", (int)n, p);
        p += n + (p[n] == '\n');
    }
    cr_expect_leq(lines, 24, "%s", text);
}

Test(inspect, says_on_a_screen_what_is_asked_first)
{
    struct world w = world_new();

    write_blocks(&w, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx -O0 --kernels=ref");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "\n  input          x f32[1,4,8,8]\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  output         y f32[1,4,4,4]\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  operators      5 Conv, 3 Relu, 2 Add\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  residual       2 blocks, 1 with a projection\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  multiply-adds  2.82 k a run\n"), "%s", o.out);
    cr_expect(strstr(o.out, "\n  unusual        5 steps with 100 % of the multiply-adds run on plain "
                            "loops\n"), "%s", o.out);
    expect_one_screen(o.out);
    o = resc_words(&w, "inspect net.onnx --json -O0 --kernels=ref");
    cr_expect(strstr(o.out, "\"residual_blocks\":2,\"residual_projections\":1,\"residual_removed\":0,"
                            "\"unusual\":["), "%s",
              o.out);
    world_end(&w);
}

Test(inspect, many_inputs_outputs_and_operators_stay_on_the_screen)
{
    static const char *const ops[] = { "Relu", "Sigmoid", "Tanh", "Neg", "Exp", "Sqrt", "Erf",
                                       "Elu", "HardSigmoid", "LeakyRelu", "Identity" };
    struct world w = world_new();
    struct model *m = model_new(13);

    for (int i = 0; i < 100; i++) {
        const char *x = arena_printf(model_arena(m), "x%d", i);
        const char *y = arena_printf(model_arena(m), "y%d", i);

        model_input(m, x, DT_F32, "2");
        model_node(m, ops[i % 11], x, y, NULL);
        model_output(m, y, DT_F32, "2");
    }
    write_model(&w, m, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "  output         y0 f32[2]\n"), "%s", o.out);
    cr_expect(strstr(o.out, "                 and 95 more\n"), "%s", o.out);
    cr_expect(strstr(o.out, "  operators      10 "), "%s", o.out);
    expect_one_screen(o.out);
    world_end(&w);
}

Test(inspect, tells_what_is_unusual)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x", DT_I64, "3");
    model_input(m, "idle\x1b[2J", DT_F32, "3");
    model_node(m, "Cast", "x", "y", "to=1");
    model_output(m, "y", DT_F32, "3");
    write_model(&w, m, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx -Wno-unused-input");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "  unusual        input 'x' is i64\n"
                            "                 input 'idle\\x1b[2J' is read by no node\n"), "%s",
              o.out);
    world_end(&w);
}

Test(inspect, prints_the_graph_for_graphviz)
{
    struct world w = world_new();

    write_blocks(&w, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx --dot -O0");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strncmp(o.out, "digraph \"", 9) == 0, "%s", o.out);
    cr_expect(strstr(o.out, "label=\"residual branch 1\"; n0; n1; n2; }"), "%s", o.out);
    cr_expect(strstr(o.out, "label=\"residual branch 2\"; n5; n6; n7; }"), "%s", o.out);
    cr_expect(strstr(o.out, "  in0 -> n3 [label=\"[1,4,8,8]\", penwidth=3"), "%s", o.out);
    cr_expect(strstr(o.out, "  n8 -> n9 [label=\"[1,4,4,4]\", penwidth=3"), "%s", o.out);
    o = resc_words(&w, "inspect net.onnx --dot --no-exact-rewrites");
    cr_expect(strstr(o.out, "label=\"Conv +add +relu\\n"), "%s", o.out);
    cr_expect_eq(resc_words(&w, "inspect net.onnx --dot --json").status, 2);
    cr_expect_eq(resc_words(&w, "inspect net.onnx --dot --signal").status, 2);
    o = resc_words(&w, "inspect absent.onnx --dot");
    cr_expect_eq(o.status, 1);
    cr_expect_str_empty(o.out);
    world_end(&w);
}

Test(inspect, names_stay_inside_the_quotes_of_graphviz)
{
    struct world w = world_new();
    struct model *m = model_new(13);

    model_input(m, "x\"];evil[label=\"", DT_F32, "3");
    model_node(m, "Relu", "x\"];evil[label=\"", "y\\", NULL);
    model_node_name(m, "a\\\"];\nb");
    model_output(m, "y\\", DT_F32, "3");
    write_model(&w, m, "net.onnx");
    struct outcome o = resc_words(&w, "inspect net.onnx --dot");

    cr_expect_eq(o.status, 0, "%s", o.err);
    cr_expect(strstr(o.out, "[shape=oval, label=\"x\\\"];evil[label=\\\"\\nf32[3]\"];\n"), "%s", o.out);
    cr_expect(strstr(o.out, "label=\"Relu\\na\\\\\\\\\\\"];\\\\x0ab\", tooltip"), "%s", o.out);
    cr_expect(strstr(o.out, "label=\"y\\\\\\\\\\nf32[3]\"];\n"), "%s", o.out);
    world_end(&w);
}
