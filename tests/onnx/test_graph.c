// SPDX-License-Identifier: Apache-2.0
/* Nodes, values and outputs: what is put right, and what is refused. */
#include "expect.h"
#include "onnx.pb-c.h"

#include <criterion/criterion.h>

Test(graph, loads)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x", "a", NULL);
    model_node_name(m, "act");
    model_node(m, "Relu", "a", "y", NULL);
    loaded(m, "input   %0 x", "Relu(%0)", "# act (Relu)", "# y (Relu)");
}

Test(graph, sorts_nodes_that_are_not_in_run_order)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "b", "y", NULL);
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "Relu", "x", "a", NULL);
    loaded(m, "warning: nodes are not in run order, first 'y' (Relu): sorted [-Wunsorted]",
           "# a (Relu)\n", "# y (Relu)\n");
}

/* Nodes that do not depend on each other stay as they are in the file. */
Test(graph, keeps_the_order_of_the_file)
{
    struct model *m = between_x_and_y(13);
    struct diag d = diag_new(model_arena(m), "m");
    static const char *const names[] = { "c", "a", "b", "y" };
    struct graph *g;
    int i = 0;

    model_node(m, "Relu", "x", "c", NULL);
    model_node(m, "Relu", "x", "a", NULL);
    model_node(m, "Relu", "x", "b", NULL);
    model_node(m, "Sum", "a b c", "y", NULL);
    g = model_load(m, NULL, &d);
    cr_assert(g);
    graph_foreach_node(n, g)
        cr_assert_str_eq(n->out[0]->name, names[i++]);
    cr_assert_eq(d.n_warnings, 0);
    cr_assert_eq(g->n_onnx_nodes, 4);
    model_free(m);
}

Test(graph, refuses_cycles)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Add", "x y", "y", NULL);
    refused(m, "error: the graph has a cycle: 'y' needs 'y'");

    m = between_x_and_y(13);
    model_node(m, "Add", "x c", "a", NULL);
    model_node_name(m, "first");
    model_node(m, "Relu", "a", "b", NULL);
    model_node(m, "Relu", "b", "c", NULL);
    model_node(m, "Relu", "c", "y", NULL);
    refused(m, "the graph has a cycle: 'first' needs 'c' needs 'b' needs 'first'");

    m = between_x_and_y(13);
    model_node(m, "Add", "x a29", "a0", NULL);
    for (int i = 1; i < 30; i++)
        model_node(m, "Relu", arena_printf(model_arena(m), "a%d", i - 1),
                   arena_printf(model_arena(m), "a%d", i), NULL);
    model_node(m, "Relu", "a5", "y", NULL);
    refused(m, "cycle: 'a0' needs 'a29' needs", "needs ... needs 'a0'");
}

/* A chain deep enough to overflow the stack of a recursive walk. */
Test(graph, sorts_a_long_chain_that_is_backwards)
{
    enum { N = 20000 };
    struct model *m = between_x_and_y(13);
    struct arena *a = model_arena(m);
    struct diag d = diag_new(a, "m");
    Onnx__GraphProto *g = model_proto(m)->graph;

    d.off[WARN_UNSORTED] = true;
    g->node = arena_new_n(a, Onnx__NodeProto *, N);
    for (int i = N; i > 0; i--) {
        Onnx__NodeProto *n = arena_new_n(a, Onnx__NodeProto, 1);

        *n = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
        n->op_type = "Relu";
        n->input = arena_new_n(a, char *, 1);
        n->output = arena_new_n(a, char *, 1);
        n->input[0] = i > 1 ? arena_printf(a, "v%d", i - 1) : "x";
        n->output[0] = i < N ? arena_printf(a, "v%d", i) : "y";
        n->n_input = n->n_output = 1;
        g->node[g->n_node++] = n;
    }
    cr_assert(model_load(m, NULL, &d));
    model_free(m);
}

/* Lists that grew by copying would take gigabytes here. */
Test(graph, takes_many_inputs)
{
    enum { N = 50000 };
    struct model *m = between_x_and_y(13);
    struct arena *a = model_arena(m);
    struct diag d = diag_new(a, "m");
    Onnx__GraphProto *g = model_proto(m)->graph;
    Onnx__ValueInfoProto *x = g->input[0];
    const struct graph *got;

    d.off[WARN_UNUSED_INPUT] = true;
    g->input = arena_new_n(a, Onnx__ValueInfoProto *, N);
    for (int i = 0; i < N; i++) {
        g->input[i] = arena_grow(a, x, 1, 1, sizeof(*x));
        g->input[i]->name = i ? arena_printf(a, "x%d", i) : "x";
    }
    g->n_input = N;
    model_node(m, "Relu", "x", "y", NULL);
    got = model_load(m, NULL, &d);
    cr_assert(got);
    cr_assert_eq(got->n_inputs, N);
    cr_assert_str_eq(got->inputs[N - 1]->name, "x49999");
    model_free(m);
}

Test(graph, refuses_what_nothing_makes)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Add", "x w", "a", NULL);
    model_node_name(m, "adder");
    model_node(m, "Relu", "nope", "y", NULL);
    refused(m, "node 'adder' (Add): input 1, 'w', is made by no node, input or initialiser",
            "node 'y' (Relu): input 0, 'nope', is made by");

    m = between_x_and_y(13);
    model_node(m, "Relu", "x", "z", NULL);
    refused(m, "output 'y' is made by no node, input or initialiser");

    m = model_new(13);
    model_input(m, "x", DT_F32, "1,4");
    model_node(m, "Relu", "x", "y", NULL);
    refused(m, "the graph has no outputs");
}

Test(graph, refuses_names_that_are_made_twice)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x", "y", NULL);
    model_node(m, "Relu", "x", "y", NULL);
    refused(m, "node 'y' (Relu): output 'y' is defined twice");

    m = between_x_and_y(13);
    model_node(m, "Relu", "x", "x", NULL);
    refused(m, "output 'x' is defined twice");

    m = between_x_and_y(13);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_node(m, "Add", "x w", "y", NULL);
    refused(m, "value 'w' is defined twice");

    m = between_x_and_y(13);
    model_input(m, "x", DT_F32, "1,4");
    model_node(m, "Relu", "x", "y", NULL);
    refused(m, "value 'x' is defined twice");

    m = between_x_and_y(13);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_node(m, "Relu", "x", "w", NULL);
    model_node(m, "Relu", "w", "y", NULL);
    refused(m, "node 'w' (Relu): output 'w' is defined twice");

    m = between_x_and_y(13);
    model_node(m, "Constant", "", "c", "value_int=1");
    model_node(m, "Relu", "x", "c", NULL);
    model_node(m, "Relu", "c", "y", NULL);
    refused(m, "output 'c' is defined twice");
}

Test(graph, gives_each_output_a_producer_of_its_own)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "1,4");
    model_output(m, "x", DT_F32, "1,4");
    loaded(m, "Identity(%0)");

    m = model_new(13);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_output(m, "w", DT_F32, "4");
    loaded(m, "Identity(%0)");

    m = between_x_and_y(13);
    model_output(m, "y", DT_F32, "1,4");
    model_node(m, "Relu", "x", "y", NULL);
    loaded(m, "%1 = Relu(%0)", "%2 = Identity(%1)");
}

Test(graph, warns_of_what_is_unused)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x", "y", NULL);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_input(m, "mask", DT_F32, "1");
    loaded(m, "warning: initialiser 'w' is never used [-Wunused-initialiser]",
           "warning: input 'mask' is never used [-Wunused-input]");

    m = between_x_and_y(13);
    model_node(m, "Relu", "x", "y", NULL);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_initialiser(m, "v", DT_F32, "4", NULL);
    model_initialiser(m, "u", DT_F32, "4", NULL);
    loaded(m, "warning: 3 initialisers are never used, first 'w'");
}

Test(graph, checks_the_number_of_inputs_and_outputs)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x x", "y", NULL);
    refused(m, "node 'y' (Relu): has 2 inputs, expected 1");

    m = between_x_and_y(13);
    model_node(m, "Add", "x", "y", NULL);
    refused(m, "node 'y' (Add): has 1 inputs, expected 2");

    m = between_x_and_y(13);
    model_node(m, "Relu", "x", "y z", NULL);
    refused(m, "node 'y' (Relu): has 2 outputs, expected 1");

    m = between_x_and_y(13);
    model_node(m, "Relu", "x", "y", NULL);
    model_node(m, "Relu", "x", "-", NULL);
    refused(m, "node '(unnamed)' (Relu): has 0 outputs, expected 1");

    /* The input by which passes fuse a residual is not for files. */
    m = model_new(13);
    model_input(m, "x", DT_F32, "1,1,4,4");
    model_initialiser(m, "w", DT_F32, "1,1,1,1", NULL);
    model_initialiser(m, "b", DT_F32, "1", NULL);
    model_node(m, "Conv", "x w b x", "y", NULL);
    model_output(m, "y", DT_F32, "1,1,4,4");
    refused(m, "node 'y' (Conv): has 4 inputs, expected 2 to 3");
}

Test(graph, takes_inputs_that_are_left_out)
{
    struct model *m = between_x_and_y(13);
    const float hi = 6;

    model_initialiser(m, "hi", DT_F32, "", &hi);
    model_node(m, "Clip", "x - hi", "y", NULL);
    loaded(m, "Clip(%0, ");

    m = between_x_and_y(13);
    model_node(m, "Clip", "x - -", "y", NULL);
    loaded(m, "Clip(%0)");

    m = between_x_and_y(13);
    model_initialiser(m, "w", DT_F32, "4", NULL);
    model_node(m, "Add", "- w", "y", NULL);
    refused(m, "node 'y' (Add): input 0 is left out, but needed");

    m = between_x_and_y(13);
    model_node(m, "Dropout", "x", "y -", NULL);
    loaded(m, "Dropout(%0)");
}

Test(graph, reports_unsupported_operators_together)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Zap", "x", "a", NULL);
    model_node_name(m, "z1");
    model_node(m, "Zap", "a", "b", NULL);
    model_node(m, "Bang", "b", "c", "to=1");
    model_node(m, "Relu", "c", "d", NULL);
    model_node_domain(m, "com.evil");
    model_node(m, "Relu", "d", "y", NULL);
    refused(m, "error: operator 'Bang' (opset 13) is not supported: 1 node, 'c'\n"
               "m.onnx: error: operator 'Zap' (opset 13) is not supported: 2 nodes, first 'z1'\n"
               "m.onnx: error: operator 'com.evil.Relu' (domain com.evil) is not supported: "
               "1 node, 'd'\n"
               "  hint: 'resc ops' lists what is supported\n");
}

Test(graph, tells_operators_of_another_opset_apart)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "HardSwish", "x", "y", NULL);
    refused(m, "operator 'HardSwish' (opset 13) is not supported at this opset: 1 node, 'y'");

    m = between_x_and_y(14);
    model_node(m, "HardSwish", "x", "y", NULL);
    loaded(m, "HardSwish(%0)");
}

Test(graph, names_functions_of_the_model)
{
    struct model *m = between_x_and_y(13);
    Onnx__FunctionProto f = ONNX__FUNCTION_PROTO__INIT, *functions = &f;

    f.name = "Twice";
    f.domain = "mine";
    model_proto(m)->functions = &functions;
    model_proto(m)->n_functions = 1;
    model_node(m, "Twice", "x", "y", NULL);
    model_node_domain(m, "mine");
    refused(m, "operator 'mine.Twice' (a function of the model) is not supported: 1 node, 'y'");
}

Test(graph, reports_faults_of_all_nodes)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Relu", "x", "a", "alpha=1.0");
    model_node(m, "Softmax", "a", "b", "axis=0.5");
    model_node(m, "Nothing", "b", "c", NULL);
    model_node(m, "Add", "c", "y", NULL);
    refused(m, "node 'a' (Relu): unknown attribute 'alpha'",
            "node 'b' (Softmax): attribute 'axis' is a float, expected an int",
            "operator 'Nothing'", "node 'y' (Add): has 1 inputs");
}
