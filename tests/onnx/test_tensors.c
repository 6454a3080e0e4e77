// SPDX-License-Identifier: Apache-2.0
/* Elements of initialisers, Constant nodes and attributes, in every form. */
#include "expect.h"
#include "onnx.pb-c.h"

#include <criterion/criterion.h>
#include <string.h>

enum { LEN = 4 };

/* A model whose initialiser "w" has four elements of type `t`, not filled in. */
static struct model *with_w(enum dtype t, Onnx__TensorProto **w)
{
    struct model *m = between_x_and_y(13);

    model_node(m, "Cast", "w", "f", "to=1");
    model_node(m, "Add", "x f", "y", NULL);
    *w = model_initialiser(m, "w", t, "4", NULL);
    (*w)->has_raw_data = false;
    (*w)->raw_data.len = 0;
    return m;
}

static void check_elements(struct model *m, const char *name, const void *wanted, size_t size,
                           const char *what)
{
    struct diag d = diag_new(model_arena(m), "m");
    const struct graph *g = model_load(m, NULL, &d);

    cr_assert(g, "%s", what);
    for (int i = 0; i < g->n_values; i++)
        if (strcmp(g->values[i]->name, name) == 0) {
            cr_assert_eq(value_size(g->values[i]), size, "%s", what);
            cr_assert_arr_eq(g->values[i]->data, wanted, size, "%s", what);
            model_free(m);
            return;
        }
    cr_assert_fail("no value %s", name);
}

Test(tensors, typed_fields)
{
    static float f[LEN] = { 1.5f, -2, 0, 3 };
    static double f64[LEN] = { 1.5, -2, 0, 3 };
    static int32_t i32[LEN] = { 1, -2, INT32_MIN, INT32_MAX }, small[LEN] = { 1, 0, 127, 5 },
                   bools[LEN] = { 1, 0, 256, -1 }, halves[LEN] = { 0x3c00, -1, 0, 0xffff };
    static int64_t i64[LEN] = { 1, -2, INT64_MIN, INT64_MAX };
    static uint64_t u64[LEN] = { 1, 2, UINT64_MAX, 0 }, u32[LEN] = { 1, 2, UINT32_MAX, 0 };
    static const uint8_t bytes[LEN] = { 1, 0, 127, 5 }, truths[LEN] = { 1, 0, 1, 1 };
    static const uint16_t half_bits[LEN] = { 0x3c00, 0xffff, 0, 0xffff };
    static const uint16_t words[LEN] = { 1, 0, 127, 5 };
    static const uint32_t longs[LEN] = { 1, 2, UINT32_MAX, 0 };
    static const struct { enum dtype t; void *field; const void *wanted; } cases[] = {
        { DT_F32, f, f },         { DT_F64, f64, f64 },        { DT_I32, i32, i32 },
        { DT_I64, i64, i64 },     { DT_U64, u64, u64 },        { DT_U32, u32, longs },
        { DT_I8, small, bytes },  { DT_U8, small, bytes },     { DT_I16, small, words },
        { DT_U16, small, words }, { DT_BOOL, bools, truths },  { DT_F16, halves, half_bits },
        { DT_BF16, halves, half_bits },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        Onnx__TensorProto *w;
        struct model *m = with_w(cases[i].t, &w);

        switch (cases[i].t) {
        case DT_F32: w->float_data = cases[i].field; w->n_float_data = LEN; break;
        case DT_F64: w->double_data = cases[i].field; w->n_double_data = LEN; break;
        case DT_I64: w->int64_data = cases[i].field; w->n_int64_data = LEN; break;
        case DT_U32:
        case DT_U64: w->uint64_data = cases[i].field; w->n_uint64_data = LEN; break;
        default: w->int32_data = cases[i].field; w->n_int32_data = LEN; break;
        }
        check_elements(m, "w", cases[i].wanted, LEN * dtype_size(cases[i].t),
                       dtype_name(cases[i].t));
    }
}

Test(tensors, raw_data)
{
    static uint8_t raw[32];
    static const uint8_t truths[LEN] = { 0, 1, 1, 1 };

    for (size_t i = 0; i < sizeof(raw); i++)
        raw[i] = (uint8_t)(i * 37);
    for (enum dtype t = DT_NONE + 1; t < N_DTYPES; t++) {
        Onnx__TensorProto *w;
        struct model *m = with_w(t, &w);

        w->has_raw_data = true;
        w->raw_data.data = raw;
        w->raw_data.len = LEN * dtype_size(t);
        check_elements(m, "w", t == DT_BOOL ? truths : raw, LEN * dtype_size(t), dtype_name(t));
    }
}

Test(tensors, faults)
{
    static float f[5] = { 0 };
    static int32_t big[LEN] = { 0, 300, 0, 0 };
    static int64_t dims[9] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    static int64_t negative[1] = { -4 }, huge[3] = { 1 << 20, 1 << 20, 1 << 20 };
    static int64_t wraps[2] = { INT64_C(1) << 62, 16 };
    Onnx__TensorProto__Segment segment = ONNX__TENSOR_PROTO__SEGMENT__INIT;
    Onnx__TensorProto *w;
    struct model *m = with_w(DT_F32, &w);

    refused(m, "initialiser 'w' has 0 elements in float_data, its shape needs 4");

    m = with_w(DT_F32, &w);
    w->float_data = f;
    w->n_float_data = 5;
    refused(m, "initialiser 'w' has 5 elements in float_data, its shape needs 4");

    m = with_w(DT_I64, &w);
    w->float_data = f;
    w->n_float_data = 4;
    refused(m, "initialiser 'w' is i64 but has elements in float_data");

    m = with_w(DT_U8, &w);
    w->int32_data = big;
    w->n_int32_data = 4;
    refused(m, "initialiser 'w': element 1 is 300, which is no u8");

    m = with_w(DT_F32, &w);
    w->has_raw_data = true;
    w->raw_data = (ProtobufCBinaryData){ 15, (uint8_t *)f };
    refused(m, "initialiser 'w' has 15 bytes of raw_data, its shape and type need 16");

    m = with_w(DT_F32, &w);
    w->has_raw_data = true;
    w->raw_data = (ProtobufCBinaryData){ 16, (uint8_t *)f };
    w->float_data = f;
    w->n_float_data = 4;
    refused(m, "initialiser 'w' has elements both in raw_data and in float_data");

    m = with_w(DT_F32, &w);
    w->segment = &segment;
    refused(m, "initialiser 'w' is stored in segments");

    m = with_w(DT_F32, &w);
    w->dims = dims;
    w->n_dims = 9;
    refused(m, "initialiser 'w' has 9 dimensions: at most 8");

    m = with_w(DT_F32, &w);
    w->dims = negative;
    refused(m, "initialiser 'w': dimension 0 is negative: -4");

    m = with_w(DT_F32, &w);
    w->dims = huge;
    w->n_dims = 3;
    refused(m, "initialiser 'w' has too many elements: [1048576,1048576,1048576]");

    m = with_w(DT_F32, &w);
    w->dims = wraps;
    w->n_dims = 2;
    refused(m, "initialiser 'w' has too many elements");

    m = with_w(DT_F32, &w);
    w->name = NULL;
    refused(m, "an initialiser has no name");
}

/* Types that resc does not know are no fault as long as nobody reads them. */
Test(tensors, unknown_types)
{
    static const struct { int type; const char *name; } cases[] = {
        { 0, "UNDEFINED" }, { 8, "STRING" },        { 14, "COMPLEX64" }, { 17, "FLOAT8E4M3FN" },
        { 22, "INT4" },     { 24, "FLOAT8E8M0" },   { 26, "INT2" },
        { 99, "of an unknown type" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct model *m = between_x_and_y(13);

        model_initialiser(m, "w", DT_F32, "4", NULL)->data_type = cases[i].type;
        model_node(m, "Add", "x w", "y", NULL);
        refused(m, "node 'y' (Add): input 1, 'w', is an initialiser of type", cases[i].name);

        m = between_x_and_y(13);
        model_initialiser(m, "w", DT_F32, "4", NULL)->data_type = cases[i].type;
        model_node(m, "Relu", "x", "y", NULL);
        loaded(m, "Relu(%0)");
    }
}

Test(tensors, without_elements)
{
    struct model *m = between_x_and_y(13);

    model_initialiser(m, "w", DT_F32, "0,4", NULL);
    model_node(m, "Concat", "x w", "y", "axis=0");
    loaded(m, "w  f32[0,4]");

    m = between_x_and_y(13);
    model_initialiser(m, "w", DT_F32, "0,4", NULL)->has_raw_data = false;
    model_node(m, "Concat", "x w", "y", "axis=0");
    loaded(m, "w  f32[0,4]");
}

Test(tensors, sparse_initialisers)
{
    struct model *m = between_x_and_y(13);
    Onnx__SparseTensorProto sparse = ONNX__SPARSE_TENSOR_PROTO__INIT, *list = &sparse;
    Onnx__TensorProto values = ONNX__TENSOR_PROTO__INIT;

    values.name = "w";
    sparse.values = &values;
    model_proto(m)->graph->sparse_initializer = &list;
    model_proto(m)->graph->n_sparse_initializer = 1;
    model_node(m, "Add", "x w", "y", NULL);
    refused(m, "node 'y' (Add): input 1, 'w', is a sparse initialiser: not supported");
}

Test(constants, every_form_of_number)
{
    const float floats[] = { 0.5f, 2 };
    const int64_t ints[] = { 3, -1 };
    static const struct { const char *attribute; int of; size_t size; } cases[] = {
        { "value_float=0.5", 0, sizeof(float) },
        { "value_floats=[0.5,2.0]", 0, 2 * sizeof(float) },
        { "value_int=3", 1, sizeof(int64_t) },
        { "value_ints=[3,-1]", 1, 2 * sizeof(int64_t) },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct model *m = between_x_and_y(13);

        model_node(m, "Constant", "", "c", cases[i].attribute);
        model_node(m, "Cast", "c", "f", "to=1");
        model_node(m, "Add", "x f", "y", NULL);
        check_elements(m, "c", cases[i].of ? (const void *)ints : floats, cases[i].size,
                       cases[i].attribute);
    }

    struct model *m = between_x_and_y(13);

    model_node(m, "Constant", "", "c", NULL);
    model_node_tensor(m, "value", DT_F32, "2,1", floats);
    model_node(m, "Add", "x c", "y", NULL);
    check_elements(m, "c", floats, sizeof(floats), "value");
}

Test(constants, faults)
{
    static const struct { const char *attributes, *said; } cases[] = {
        { "value_string=abc", "node 'c' (Constant): a constant given as attribute 'value_string'" },
        { "value=1", "a constant given as attribute 'value' is not supported" },
        { "sparse_value=1", "a constant given as attribute 'sparse_value' is not supported" },
        { NULL, "node 'c' (Constant): has 0 attributes, expected one value" },
        { "value_int=1 value_float=1.0", "has 2 attributes, expected one value" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct model *m = between_x_and_y(13);

        model_node(m, "Constant", "", "c", cases[i].attributes);
        model_node(m, "Add", "x c", "y", NULL);
        refused(m, cases[i].said);
    }

    struct model *m = between_x_and_y(13);

    model_node(m, "Constant", "", "c", NULL);
    model_node_tensor(m, "value", DT_F32, "2", NULL)->raw_data.len = 7;
    model_node(m, "Add", "x c", "y", NULL);
    refused(m, "attribute 'value' of node 'c' has 7 bytes of raw_data, its shape and type need 8");

    m = between_x_and_y(13);
    model_node(m, "Constant", "x", "c", "value_int=1");
    model_node(m, "Add", "x c", "y", NULL);
    refused(m, "node 'c' (Constant): has 1 inputs and 1 outputs, expected none and 1");

    m = between_x_and_y(13);
    model_node(m, "Constant", "", "c", NULL);
    model_node_tensor(m, "value", DT_F32, "2", NULL)->data_type = 8;
    model_node(m, "Add", "x c", "y", NULL);
    refused(m, "node 'c' (Constant): attribute 'value' is a tensor of type STRING: not supported");
}

/* Softmax with one attribute, to be spoiled. */
static struct model *softmax(Onnx__AttributeProto **axis)
{
    struct model *m = between_x_and_y(13);

    *axis = model_node(m, "Softmax", "x", "y", "axis=1")->attribute[0];
    return m;
}

Test(attributes, faults)
{
    Onnx__AttributeProto *axis;
    struct model *m = between_x_and_y(13);

    model_node(m, "Softmax", "x", "y", "axis=1 axis=0");
    refused(m, "node 'y' (Softmax): attribute 'axis' is there twice");

    m = softmax(&axis);
    axis->ref_attr_name = "outer";
    refused(m, "node 'y' (Softmax): attribute 'axis' refers to an attribute of a function");

    m = softmax(&axis);
    axis->name = NULL;
    refused(m, "node 'y' (Softmax): attribute '' has no name");

    m = softmax(&axis);
    axis->has_type = false;
    refused(m, "node 'y' (Softmax): attribute 'axis' has no type");

    m = softmax(&axis);
    axis->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    refused(m, "attribute 'axis' holds a value of another type than it says");

    m = softmax(&axis);
    axis->type = 77;
    refused(m, "attribute 'axis' is something else, expected an int");

    m = softmax(&axis);
    axis->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
    axis->has_i = false;
    refused(m, "attribute 'axis' has no tensor in it");

    m = softmax(&axis);
    axis->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
    axis->has_i = false;
    axis->has_s = true;
    axis->s = (ProtobufCBinaryData){ 3, (uint8_t *)"a\0b" };
    refused(m, "attribute 'axis' contains a zero byte");

    /* proto3 writers leave out a 0. */
    m = softmax(&axis);
    axis->has_i = false;
    loaded(m, "Softmax(%0)");
}
