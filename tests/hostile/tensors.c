// SPDX-License-Identifier: Apache-2.0
/* tensors.c - initialisers that are not what they say: y = Add(x, w), with
 * something wrong about w. */
#include "hostile.h"

#include "base/count.h"
#include "onnx.pb-c.h"

#include <string.h>

/* What `n` of the table names. */
enum fault {
    RAW_SHORT, RAW_LONG, RAW_NONE, RAW_AND_FLOATS, FLOATS_SHORT, FLOATS_LONG, FLOATS_FOR_I64,
    DIM_NEGATIVE, DIM_LEAST, DIM_2_62, DIMS_WRAP, DIMS_WRAP_TO_4, RANK_9, RANK_10000, SEGMENT,
    TYPE_99, TYPE_0, TYPE_NEGATIVE, TYPE_STRING, TYPE_COMPLEX, TYPE_INT4, U8_OF_300, F16_OF_70000,
    BOOL_OF_2, LOCATION_99, NAN_INF, DENORMALS, EMPTY, SPARSE, TYPE_OTHER,
};

static void dims(Onnx__TensorProto *w, size_t n, int64_t a, int64_t b, int64_t c)
{
    static int64_t list[10000];

    list[0] = a, list[1] = b, list[2] = c;
    for (size_t i = 3; i < n; i++)
        list[i] = 1;
    w->dims = list;
    w->n_dims = n;
}

static void floats(Onnx__TensorProto *w, size_t n)
{
    static float some[8];

    w->float_data = some;
    w->n_float_data = n;
}

static void ints(Onnx__TensorProto *w, int32_t type, int32_t last)
{
    static int32_t some[4];

    some[3] = last;
    w->data_type = type;
    w->int32_data = some;
    w->n_int32_data = 4;
    w->has_raw_data = false;
}

static void sparse(struct model *m)
{
    static Onnx__SparseTensorProto s = ONNX__SPARSE_TENSOR_PROTO__INIT;
    static Onnx__SparseTensorProto *list[] = { &s };
    Onnx__GraphProto *g = model_proto(m)->graph;

    s.values = g->initializer[0];
    s.indices = g->initializer[0];
    g->n_initializer = 0;
    g->sparse_initializer = list;
    g->n_sparse_initializer = 1;
}

/* Of the shape: w->raw_data stays that of f32[4]. */
static void spoil_dims(Onnx__TensorProto *w, enum fault f)
{
    switch (f) {
    case DIM_NEGATIVE: dims(w, 1, -4, 0, 0); break;
    case DIM_LEAST: dims(w, 1, INT64_MIN, 0, 0); break;
    case DIM_2_62: dims(w, 1, INT64_C(1) << 62, 0, 0); break;
    case DIMS_WRAP: dims(w, 2, INT64_C(1) << 32, INT64_C(1) << 32, 0); break;
    case DIMS_WRAP_TO_4: dims(w, 3, (INT64_C(1) << 62) + 1, 4, 1); break;
    case RANK_9: dims(w, 9, 4, 1, 1); break;
    case RANK_10000: dims(w, 10000, 4, 1, 1); break;
    case EMPTY: dims(w, 1, 0, 0, 0); w->raw_data.len = 0; break;
    default: break;
    }
}

static void spoil_type(Onnx__TensorProto *w, enum fault f)
{
    static const int types[] = {
        [TYPE_99] = 99, [TYPE_NEGATIVE] = -1, [TYPE_STRING] = 8, [TYPE_COMPLEX] = 14,
        [TYPE_INT4] = 22, [TYPE_OTHER] = 7,
    };

    if (f == TYPE_0)
        w->has_data_type = false;
    else if (f < COUNT(types) && types[f])
        w->data_type = types[f];
    else if (f == U8_OF_300)
        ints(w, 2, 300);
    else if (f == F16_OF_70000)
        ints(w, 10, 70000);
    else if (f == BOOL_OF_2)
        ints(w, 9, 2);
}

static void spoil_data(Onnx__TensorProto *w, enum fault f)
{
    static const uint32_t odd[] = { 0x7fc00000, 0x7f800000, 0xff800000, 0xffffffff };
    static const uint32_t tiny[] = { 1, 0x007fffff, 0x80000001, 0x80000000 };

    w->raw_data.len = f == RAW_SHORT ? 15 : f == RAW_LONG ? 20 : w->raw_data.len;
    if (f == RAW_LONG) {
        static uint8_t more[20];

        w->raw_data.data = more;
    }
    if (f == RAW_NONE || f == FLOATS_SHORT || f == FLOATS_LONG || f == FLOATS_FOR_I64)
        w->has_raw_data = false;
    if (f == RAW_AND_FLOATS || f == FLOATS_FOR_I64)
        floats(w, 4);
    if (f == FLOATS_FOR_I64)
        w->data_type = 7;
    if (f == FLOATS_SHORT || f == FLOATS_LONG)
        floats(w, f == FLOATS_SHORT ? 3 : 5);
    if (f == NAN_INF || f == DENORMALS)
        memcpy(w->raw_data.data, f == NAN_INF ? odd : tiny, sizeof odd);
}

static void spoiled(const struct hostile *h, const char *dir)
{
    static Onnx__TensorProto__Segment segment = ONNX__TENSOR_PROTO__SEGMENT__INIT;
    struct model *m = hostile_add();
    Onnx__TensorProto *w = model_proto(m)->graph->initializer[0];
    const enum fault f = (enum fault)h->n;

    spoil_dims(w, f);
    spoil_type(w, f);
    spoil_data(w, f);
    if (f == SEGMENT)
        w->segment = &segment;
    if (f == LOCATION_99) {
        w->has_data_location = true;
        w->data_location = (Onnx__TensorProto__DataLocation)99;
    }
    if (f == SPARSE)
        sparse(m);
    hostile_write(m, dir);
}

/* The same in the attribute of a Constant, which goes another way. */
static void spoiled_constant(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add_open();

    model_node(m, "Constant", "", "w", NULL);
    model_node_name(m, "constant");

    Onnx__TensorProto *w = model_node_tensor(m, "value", DT_F32, "4", NULL);

    spoil_dims(w, (enum fault)h->n);
    spoil_type(w, (enum fault)h->n);
    spoil_data(w, (enum fault)h->n);
    hostile_write(m, dir);
}

const struct hostile hostile_tensors[] = {
#define INITIALISER(name, fault, words) { "initialiser_" #name, words, spoiled, .n = fault },
#define CONSTANT(name, fault, words) { "constant_" #name, words, spoiled_constant, .n = fault },
#include "tensors.def"
#undef INITIALISER
#undef CONSTANT
};
const int n_hostile_tensors = COUNT(hostile_tensors);
