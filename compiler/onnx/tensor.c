// SPDX-License-Identifier: Apache-2.0
/* tensor.c - TensorProto to dense elements in native order.  Every tensor of a
 * model passes through tensor_import(): no other code looks at the data fields. */
#include "onnx/import.h"

#include <inttypes.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "raw_data is little-endian, and used in place"
#endif

const char *element_type_name(int data_type)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(
        &onnx__tensor_proto__data_type__descriptor, data_type);

    return v ? v->name : "of an unknown type";
}

const void *tensor_data(const void *data)
{
    static const _Alignas(16) char nothing[16] = { 0 };

    return data ? data : nothing;
}

static bool shape_import(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                         struct shape *out)
{
    char shown[SHAPE_TEXT_MAX];

    if (p->n_dims > MAX_RANK) {
        diag_error(r->diag, "%s has %zu dimensions: at most %d are supported", what, p->n_dims,
                   MAX_RANK);
        return false;
    }
    *out = shape_from(p->n_dims, p->dims);
    for (int i = 0; i < out->rank; i++)
        if (out->dim[i] < 0) {
            diag_error(r->diag, "%s: dimension %d is negative: %" PRId64, what, i, out->dim[i]);
            return false;
        }
    if (shape_len_checked(out) < 0) {
        diag_error(r->diag, "%s has too many elements: %s, at most %" PRId64 " are supported", what,
                   shape_text(out, shown), SHAPE_LEN_MAX);
        return false;
    }
    return true;
}

/* The typed fields; each element type has its elements in one of them. */
enum field { IN_FLOAT, IN_INT32, IN_INT64, IN_DOUBLE, IN_UINT64, N_FIELDS };

static const char *const field_names[N_FIELDS] = {
    "float_data", "int32_data", "int64_data", "double_data", "uint64_data",
};

static const struct { enum field field; int64_t min, max; } rows[N_DTYPES] = {
    [DT_F32] = { IN_FLOAT, 0, 0 },
    [DT_U8] = { IN_INT32, 0, UINT8_MAX },
    [DT_I8] = { IN_INT32, INT8_MIN, INT8_MAX },
    [DT_U16] = { IN_INT32, 0, UINT16_MAX },
    [DT_I16] = { IN_INT32, INT16_MIN, INT16_MAX },
    [DT_I32] = { IN_INT32, INT32_MIN, INT32_MAX },
    [DT_I64] = { IN_INT64, 0, 0 },
    [DT_BOOL] = { IN_INT32, INT32_MIN, INT32_MAX },
    [DT_F16] = { IN_INT32, INT16_MIN, UINT16_MAX }, /* its bits, by some writers signed */
    [DT_F64] = { IN_DOUBLE, 0, 0 },
    [DT_U32] = { IN_UINT64, 0, UINT32_MAX },
    [DT_U64] = { IN_UINT64, 0, 0 },
    [DT_BF16] = { IN_INT32, INT16_MIN, UINT16_MAX },
};

static void count_fields(const Onnx__TensorProto *p, size_t n[N_FIELDS])
{
    n[IN_FLOAT] = p->n_float_data;
    n[IN_INT32] = p->n_int32_data;
    n[IN_INT64] = p->n_int64_data;
    n[IN_DOUBLE] = p->n_double_data;
    n[IN_UINT64] = p->n_uint64_data;
}

/* int32_data holds the smaller types, uint64_data also u32. */
static const void *narrow(const struct reader *r, const Onnx__TensorProto *p, enum dtype t,
                          size_t len, const char *what)
{
    char *out = arena_alloc_n(r->arena, len, dtype_size(t));

    for (size_t i = 0; i < len; i++) {
        const int64_t v = rows[t].field == IN_INT32 ? p->int32_data[i]
                          : p->uint64_data[i] > INT64_MAX ? INT64_MAX
                                                          : (int64_t)p->uint64_data[i];

        if (v < rows[t].min || v > rows[t].max) {
            diag_error(r->diag, "%s: element %zu is %" PRId64 ", which is no %s", what, i, v,
                       dtype_name(t));
            return NULL;
        }
        if (dtype_size(t) == 1)
            ((uint8_t *)out)[i] = (uint8_t)(t == DT_BOOL ? v != 0 : v);
        else if (dtype_size(t) == 2)
            ((uint16_t *)(void *)out)[i] = (uint16_t)v;
        else
            ((uint32_t *)(void *)out)[i] = (uint32_t)v;
    }
    return out;
}

static const void *typed_elements(const struct reader *r, const Onnx__TensorProto *p,
                                  enum dtype t, size_t len, const char *what)
{
    size_t n[N_FIELDS];
    const enum field from = rows[t].field;

    count_fields(p, n);
    for (enum field f = 0; f < N_FIELDS; f++)
        if (f != from && n[f]) {
            diag_error(r->diag, "%s is %s but has elements in %s", what, dtype_name(t),
                       field_names[f]);
            return NULL;
        }
    if (n[from] != len) {
        diag_error(r->diag, "%s has %zu elements in %s, its shape needs %zu", what, n[from],
                   field_names[from], len);
        return NULL;
    }
    switch (t) {
    case DT_F32: return tensor_data(p->float_data);
    case DT_I32: return tensor_data(p->int32_data);
    case DT_I64: return tensor_data(p->int64_data);
    case DT_F64: return tensor_data(p->double_data);
    case DT_U64: return tensor_data(p->uint64_data);
    default: return narrow(r, p, t, len, what);
    }
}

static const void *raw_elements(const struct reader *r, const Onnx__TensorProto *p, enum dtype t,
                                size_t len, const char *what)
{
    size_t n[N_FIELDS];

    count_fields(p, n);
    for (enum field f = 0; f < N_FIELDS; f++)
        if (n[f]) {
            diag_error(r->diag, "%s has elements both in raw_data and in %s", what, field_names[f]);
            return NULL;
        }
    if (p->raw_data.len != len * dtype_size(t)) {
        diag_error(r->diag, "%s has %zu bytes of raw_data, its shape and type need %zu", what,
                   p->raw_data.len, len * dtype_size(t));
        return NULL;
    }
    return tensor_data(p->raw_data.data);
}

/* Whatever is not 0 is true, and true is 1. */
static const void *clean_bools(const struct reader *r, const uint8_t *data, size_t len)
{
    uint8_t *out = arena_alloc(r->arena, len);

    for (size_t i = 0; i < len; i++)
        out[i] = data[i] != 0;
    return out;
}

bool tensor_import(const struct reader *r, const Onnx__TensorProto *p, const char *what,
                   struct tensor *out)
{
    *out = (struct tensor){ .name = text(p->name), .data = tensor_data(NULL) };
    if (!shape_import(r, p, what, &out->shape))
        return false;
    if (p->segment) {
        diag_error(r->diag, "%s is stored in segments: not supported", what);
        return false;
    }
    out->type = dtype_from_onnx(p->has_data_type ? p->data_type : 0);
    if (out->type == DT_NONE)
        return true;

    const size_t len = (size_t)shape_len(&out->shape);
    const bool external = p->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;

    if (!external && p->data_location != ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT) {
        diag_error(r->diag, "%s has data_location %d, which does not exist", what,
                   (int)p->data_location);
        return false;
    }

    if (external && p->has_raw_data && p->raw_data.len) {
        diag_error(r->diag, "%s has elements both in raw_data and in another file", what);
        return false;
    }
    if (external)
        out->data = external_read(r, p, what, len * dtype_size(out->type));
    else if (p->has_raw_data && (p->raw_data.len || !len))
        out->data = raw_elements(r, p, out->type, len, what);
    else
        out->data = typed_elements(r, p, out->type, len, what);
    if (out->data && out->type == DT_BOOL && len)
        out->data = clean_bools(r, out->data, len);
    return out->data != NULL;
}
