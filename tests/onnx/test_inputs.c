// SPDX-License-Identifier: Apache-2.0
/* Types and shapes of graph inputs; open dimensions. */
#include "expect.h"
#include "onnx.pb-c.h"

#include <criterion/criterion.h>

/* Relu of an input of this shape. */
static struct model *relu_of(const char *shape)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, shape);
    model_node(m, "Relu", "x", "y", NULL);
    model_output(m, "y", DT_F32, NULL);
    return m;
}

static struct load_options defines(const struct dim_define *dims, int n)
{
    return (struct load_options){ .dims = dims, .n_dims = n };
}

Test(inputs, an_open_batch_is_1)
{
    loaded(relu_of("N,3"), "note: input 'x': open batch dimension 0 (\"N\") taken as 1; -D N=4",
           "input   %0 x  f32[1,3]");
    loaded(relu_of("?,3"), "note: input 'x': open batch dimension 0 taken as 1; -D x:0=4",
           "input   %0 x  f32[1,3]");
}

Test(inputs, other_open_dimensions_are_refused)
{
    refused(relu_of("1,3,H,W"), "error: input 'x': dimension 2 (\"H\") is not fixed",
            "  hint: give it with -D H=...\n", "error: input 'x': dimension 3 (\"W\") is not fixed",
            "  hint: give it with -D W=...\n");
    refused(relu_of("1,?"), "input 'x': dimension 1 is not fixed", "give it with -D x:1=...");
}

Test(inputs, sizes_from_the_command_line)
{
    const struct dim_define dims[] = { { "N", 4 }, { "x:2", 5 } };
    const struct load_options named = defines(dims, 1), place = defines(dims + 1, 1),
                              both = defines(dims, 2);

    loaded_with(relu_of("N,3"), &named, "input   %0 x  f32[4,3]");
    loaded_with(relu_of("1,3,?"), &place, "f32[1,3,5]");
    loaded_with(relu_of("1,3,H"), &place, "f32[1,3,5]");
    loaded_with(relu_of("N,N,H"), &both, "f32[4,4,5]");
    refused_with(relu_of("B,3"), &named, "error: -D N=4: no input has such a dimension");
    loaded_with(relu_of("1,3,5"), &place, "f32[1,3,5]");
    refused_with(relu_of("1,3,6"), &place, "error: -D x:2=5: dimension 2 of input 'x' is 6");
}

Test(inputs, names_are_shared)
{
    struct model *m = relu_of("N,3");

    model_input(m, "z", DT_F32, "3,N");
    model_output(m, "z", DT_F32, "3,N");
    loaded(m, "x  f32[1,3]", "z  f32[3,1]");
}

Test(inputs, sizes_from_data)
{
    static const float data[6] = { 0 };
    const struct dim_define dims[] = { { "N", 4 } };
    const struct tensor t = { "", DT_F32, shape_of(2, 3), data };
    const struct tensor wrong = { "", DT_I32, shape_of(2, 3), data };
    const struct load_options opt = { .data = &t, .n_data = 1 };
    const struct load_options both = { .data = &t, .n_data = 1, .dims = dims, .n_dims = 1 };
    const struct load_options bad = { .data = &wrong, .n_data = 1 };

    loaded_with(relu_of("N,M"), &opt, "x  f32[2,3]");
    loaded_with(relu_of(NULL), &opt, "x  f32[2,3]");
    refused_with(relu_of("N,4"), &opt,
                 "the data for input 'x' has shape [2,3], the model says [?,4]");
    refused_with(relu_of("N"), &opt, "the data for input 'x' has shape [2,3], the model says [?]");
    refused_with(relu_of("N,N"), &opt, "dimension \"N\" is 3 by the data for input 'x', but 2");
    refused_with(relu_of("N,M"), &both, "dimension \"N\" is 4 by -D N=4, but 2 elsewhere");
    refused_with(relu_of("N,M"), &bad, "the data for input 'x' is i32, the model says f32");
}

Test(inputs, data_may_be_offered)
{
    static const float data[3] = { 1, 2, 3 };
    const struct tensor t = { "", DT_F32, shape_of(3), data };
    struct load_options opt = { .data = &t, .n_data = 1 };

    for (int offered = 0; offered < 2; offered++) {
        struct model *m = relu_of("3");
        struct diag d = diag_new(model_arena(m), "m");
        const struct graph *g;

        opt.offer_data = offered;
        g = model_load(m, &opt, &d);
        cr_assert(g);
        cr_assert_eq(g->inputs[0]->offer, offered ? data : NULL);
        model_free(m);
    }
}

Test(inputs, too_much_data)
{
    static const float data[1] = { 0 };
    const struct tensor t[2] = { { "", DT_F32, shape_of(1), data },
                                 { "", DT_F32, shape_of(1), data } };
    const struct load_options opt = { .data = t, .n_data = 2 };

    refused_with(relu_of("1"), &opt, "data is given for 2 inputs, the model has 1");
}

Test(inputs, that_are_initialised_are_constants)
{
    struct model *m = between_x_and_y(8);
    const float w[4] = { 1, 2, 3, 4 };
    static const float data[4] = { 0 };
    const struct tensor t = { "", DT_F32, shape_of(1, 4), data };
    const struct load_options opt = { .data = &t, .n_data = 1 };

    model_input(m, "w", DT_F32, "4");
    model_initialiser(m, "w", DT_F32, "4", w);
    model_node(m, "Add", "x w", "y", NULL);
    loaded_with(m, &opt, "input   %0 x  f32[1,4]\n  const   %1 w  f32[4]");
}

Test(inputs, shapes_that_are_refused)
{
    refused(relu_of(NULL), "input 'x' has no shape, not even a rank");
    refused(relu_of("-4"), "input 'x': dimension 0 is negative: -4");
    refused(relu_of("1,1,1,1,1,1,1,1,1"), "input 'x' has 9 dimensions: at most 8");
    refused(relu_of("65536,65536"), "input 'x' has too many elements: [65536,65536]");
    refused(relu_of("9223372036854775807,9223372036854775807"), "too many elements");
    loaded(relu_of("0,4"), "x  f32[0,4]");
    loaded(relu_of(""), "x  f32[]");
}

Test(inputs, types_that_are_refused)
{
    static const struct { enum dtype type; const char *said, *hint; } cases[] = {
        { DT_F16, "input 'x' has elements of type FLOAT16: not supported",
          "export the model in float32" },
        { DT_F64, "input 'x' has elements of type DOUBLE", "export the model in float32" },
        { DT_BF16, "input 'x' has elements of type BFLOAT16", "export the model in float32" },
        { DT_U64, "input 'x' has elements of type UINT64", "" },
        { DT_NONE, "input 'x' has elements of type UNDEFINED", "" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct model *m = model_new(13);

        model_input(m, "x", cases[i].type, "1");
        model_node(m, "Relu", "x", "y", NULL);
        model_output(m, "y", DT_F32, "1");
        refused(m, cases[i].said, cases[i].hint);
    }
    for (int i = 0; i < 2; i++) {
        struct model *m = relu_of("1");
        Onnx__ValueInfoProto *x = model_proto(m)->graph->input[0];
        Onnx__TypeProto__Sequence sequence = ONNX__TYPE_PROTO__SEQUENCE__INIT;

        if (i == 0) {
            x->type->value_case = ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE;
            x->type->sequence_type = &sequence;
            refused(m, "input 'x' is a sequence: only tensors are supported");
        } else {
            x->type = NULL;
            refused(m, "input 'x' has no type");
        }
    }
}

Test(inputs, without_a_name)
{
    struct model *m = relu_of("1");

    model_input(m, "", DT_F32, "1");
    refused(m, "input 1 has no name");
}

Test(outputs, keep_what_the_file_declares)
{
    struct model *m = model_new(13);
    struct diag d = diag_new(model_arena(m), "m");
    const struct graph *g;

    d.quiet_notes = true;
    model_input(m, "x", DT_F32, "N,3");
    model_node(m, "Relu", "x", "y", NULL);
    model_node(m, "Relu", "y", "z", NULL);
    model_output(m, "y", DT_I64, "N,M,7");
    model_output(m, "z", DT_NONE, NULL);
    g = model_load(m, NULL, &d);
    cr_assert(g);
    cr_assert_eq(g->outputs[0]->type, DT_I64);
    cr_assert_eq(g->outputs[0]->shape.rank, 3);
    cr_assert_eq(g->outputs[0]->shape.dim[0], 1);
    cr_assert_eq(g->outputs[0]->shape.dim[1], -1);
    cr_assert_eq(g->outputs[0]->shape.dim[2], 7);
    cr_assert_eq(g->outputs[1]->type, DT_NONE);
    cr_assert_eq(g->outputs[1]->shape.rank, -1);
    model_free(m);
}
