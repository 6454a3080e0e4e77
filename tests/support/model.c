// SPDX-License-Identifier: Apache-2.0
#include "model.h"

#include "base/arena.h"
#include "base/diag.h"
#include "onnx.pb-c.h"
#include "onnx/load.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct model {
    struct arena *arena;
    Onnx__ModelProto proto;
    Onnx__GraphProto graph;
};

/* A pointer to a new message of `type`, initialised. */
#define NEW(m, type, init) ((type *)copy((m), &(type)init, sizeof(type)))

static void *copy(struct model *m, const void *from, size_t size)
{
    return arena_grow(m->arena, from, size, size + 1, 1);
}

/* Appends a pointer to one of protobuf-c's arrays. */
#define APPEND(m, list, n, item) \
    ((list) = arena_grow((m)->arena, (list), (n), (n) + 1, sizeof(*(list))), \
     (list)[(n)++] = (item))

struct model *model_new(int opset)
{
    struct arena *a = arena_new();
    struct model *m = arena_new_n(a, struct model, 1);
    Onnx__OperatorSetIdProto *set;

    m->arena = a;
    m->proto = (Onnx__ModelProto)ONNX__MODEL_PROTO__INIT;
    m->graph = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
    m->graph.name = "test";
    m->proto.graph = &m->graph;
    m->proto.has_ir_version = true;
    m->proto.ir_version = 8;
    set = NEW(m, Onnx__OperatorSetIdProto, ONNX__OPERATOR_SET_ID_PROTO__INIT);
    set->has_version = true;
    set->version = opset;
    APPEND(m, m->proto.opset_import, m->proto.n_opset_import, set);
    return m;
}

void model_free(struct model *m)
{
    if (m)
        arena_free(m->arena);
}

struct arena *model_arena(struct model *m)
{
    return m->arena;
}

struct Onnx__ModelProto *model_proto(struct model *m)
{
    return &m->proto;
}

/* The text up to a separator; moves *at behind it, or to NULL at the end. */
static char *part(struct model *m, const char **at, char separator)
{
    const char *end = strchr(*at, separator);
    char *s = arena_strndup(m->arena, *at, end ? (size_t)(end - *at) : strlen(*at));

    *at = end ? end + 1 : NULL;
    return s;
}

static Onnx__TensorShapeProto *shape_proto(struct model *m, const char *shape)
{
    Onnx__TensorShapeProto *p = NEW(m, Onnx__TensorShapeProto, ONNX__TENSOR_SHAPE_PROTO__INIT);

    for (const char *at = *shape ? shape : NULL; at;) {
        Onnx__TensorShapeProto__Dimension *dim = NEW(m, Onnx__TensorShapeProto__Dimension,
                                                     ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT);
        char *s = part(m, &at, ','), *end;
        const int64_t value = strtoll(s, &end, 10);

        if (*s && !*end) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
            dim->dim_value = value;
        } else if (strcmp(s, "?") != 0) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            dim->dim_param = s;
        }
        APPEND(m, p->dim, p->n_dim, dim);
    }
    return p;
}

static Onnx__ValueInfoProto *value_info(struct model *m, const char *name, enum dtype t,
                                        const char *shape)
{
    Onnx__ValueInfoProto *p = NEW(m, Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
    Onnx__TypeProto__Tensor *tensor = NEW(m, Onnx__TypeProto__Tensor,
                                          ONNX__TYPE_PROTO__TENSOR__INIT);

    p->name = arena_strdup(m->arena, name);
    p->type = NEW(m, Onnx__TypeProto, ONNX__TYPE_PROTO__INIT);
    p->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    p->type->tensor_type = tensor;
    tensor->has_elem_type = true;
    tensor->elem_type = dtype_to_onnx(t);
    tensor->shape = shape ? shape_proto(m, shape) : NULL;
    return p;
}

void model_input(struct model *m, const char *name, enum dtype t, const char *shape)
{
    APPEND(m, m->graph.input, m->graph.n_input, value_info(m, name, t, shape));
}

void model_output(struct model *m, const char *name, enum dtype t, const char *shape)
{
    APPEND(m, m->graph.output, m->graph.n_output, value_info(m, name, t, shape));
}

static Onnx__TensorProto *tensor_proto(struct model *m, const char *name, enum dtype t,
                                       const char *shape, const void *data)
{
    Onnx__TensorProto *p = NEW(m, Onnx__TensorProto, ONNX__TENSOR_PROTO__INIT);
    size_t len = 1;

    p->name = arena_strdup(m->arena, name);
    p->has_data_type = true;
    p->data_type = dtype_to_onnx(t);
    for (const char *at = *shape ? shape : NULL; at;) {
        const int64_t dim = strtoll(part(m, &at, ','), NULL, 10);

        APPEND(m, p->dims, p->n_dims, dim);
        len *= dim > 0 ? (size_t)dim : 0;
    }
    p->has_raw_data = true;
    p->raw_data.len = len * dtype_size(t);
    p->raw_data.data = data ? copy(m, data, p->raw_data.len)
                            : arena_alloc(m->arena, p->raw_data.len + 1);
    return p;
}

struct Onnx__TensorProto *model_initialiser(struct model *m, const char *name, enum dtype t,
                                            const char *shape, const void *data)
{
    Onnx__TensorProto *p = tensor_proto(m, name, t, shape, data);

    APPEND(m, m->graph.initializer, m->graph.n_initializer, p);
    return p;
}

static void set_numbers(struct model *m, Onnx__AttributeProto *p, char *list, bool is_float)
{
    p->type = is_float ? ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS
                       : ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
    list[strlen(list) - 1] = '\0'; /* the closing bracket */
    for (const char *at = list[1] ? list + 1 : NULL; at;) {
        const char *s = part(m, &at, ',');

        if (is_float)
            APPEND(m, p->floats, p->n_floats, strtof(s, NULL));
        else
            APPEND(m, p->ints, p->n_ints, strtoll(s, NULL, 10));
    }
}

static void set_value(struct model *m, Onnx__AttributeProto *p, char *value)
{
    const bool number = strchr("-.0123456789", value[0]) != NULL;
    const bool is_float = strchr(value, '.') != NULL;

    if (value[0] == '[') {
        set_numbers(m, p, value, is_float);
    } else if (number && is_float) {
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
        p->has_f = true;
        p->f = strtof(value, NULL);
    } else if (number) {
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
        p->has_i = true;
        p->i = strtoll(value, NULL, 10);
    } else {
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
        p->has_s = true;
        p->s.data = (uint8_t *)value;
        p->s.len = strlen(value);
    }
}

static Onnx__AttributeProto *add_attribute(struct model *m, Onnx__NodeProto *n, const char *name)
{
    Onnx__AttributeProto *p = NEW(m, Onnx__AttributeProto, ONNX__ATTRIBUTE_PROTO__INIT);

    p->name = arena_strdup(m->arena, name);
    p->has_type = true;
    APPEND(m, n->attribute, n->n_attribute, p);
    return p;
}

struct Onnx__NodeProto *model_node(struct model *m, const char *op_type, const char *inputs,
                                   const char *outputs, const char *attributes)
{
    Onnx__NodeProto *n = NEW(m, Onnx__NodeProto, ONNX__NODE_PROTO__INIT);

    n->op_type = arena_strdup(m->arena, op_type);
    for (const char *at = *inputs ? inputs : NULL; at;) {
        char *s = part(m, &at, ' ');

        APPEND(m, n->input, n->n_input, strcmp(s, "-") == 0 ? "" : s);
    }
    for (const char *at = *outputs ? outputs : NULL; at;) {
        char *s = part(m, &at, ' ');

        APPEND(m, n->output, n->n_output, strcmp(s, "-") == 0 ? "" : s);
    }
    for (const char *at = attributes && *attributes ? attributes : NULL; at;) {
        const char *value = part(m, &at, ' ');
        const char *name = part(m, &value, '=');

        assert(value);
        set_value(m, add_attribute(m, n, name), arena_strdup(m->arena, value));
    }
    APPEND(m, m->graph.node, m->graph.n_node, n);
    return n;
}

static Onnx__NodeProto *last_node(struct model *m)
{
    assert(m->graph.n_node);
    return m->graph.node[m->graph.n_node - 1];
}

void model_node_name(struct model *m, const char *name)
{
    last_node(m)->name = arena_strdup(m->arena, name);
}

void model_node_domain(struct model *m, const char *domain)
{
    last_node(m)->domain = arena_strdup(m->arena, domain);
}

struct Onnx__TensorProto *model_node_tensor(struct model *m, const char *attribute, enum dtype t,
                                            const char *shape, const void *data)
{
    Onnx__AttributeProto *p = add_attribute(m, last_node(m), attribute);

    p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
    p->t = tensor_proto(m, "", t, shape, data);
    return p->t;
}

unsigned char *model_bytes(struct model *m, size_t *size)
{
    unsigned char *bytes;

    *size = onnx__model_proto__get_packed_size(&m->proto);
    bytes = arena_alloc(m->arena, *size + 1);
    onnx__model_proto__pack(&m->proto, bytes);
    return bytes;
}

bool model_write(const struct model *m, const char *path)
{
    struct arena *a = arena_new();
    const size_t size = onnx__model_proto__get_packed_size(&m->proto);
    unsigned char *bytes = arena_alloc(a, size + 1);
    FILE *out = fopen(path, "wb");
    bool ok = out != NULL;

    onnx__model_proto__pack(&m->proto, bytes);
    if (out) {
        ok = fwrite(bytes, 1, size, out) == size;
        ok = fclose(out) == 0 && ok;
    }
    arena_free(a);
    return ok;
}

struct graph *model_load(struct model *m, const struct load_options *opt, struct diag *d)
{
    size_t size;
    const char *bytes = (const char *)model_bytes(m, &size);

    return onnx_load_bytes(m->arena, "model.onnx", bytes, size, opt, NULL, d);
}
