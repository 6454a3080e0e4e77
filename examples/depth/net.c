// SPDX-License-Identifier: Apache-2.0
#include "net.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/out_set.h"
#include "ir/dtype.h"
#include "onnx.pb-c.h"

#include <stdlib.h>
#include <string.h>

enum { IR_VERSION = 8, OPSET = 13 };

struct net {
    struct arena *arena;
    Onnx__ModelProto model;
    Onnx__GraphProto graph;
};

/* A pointer to a new message of `type`, initialised. */
#define NEW(n, type, init) ((type *)arena_grow((n)->arena, &(type)init, 1, 1, sizeof(type)))
/* Appends to one of protobuf-c's arrays, which doubles when it is full. */
#define APPEND(n, list, count, item) \
    ((list) = (count) & ((count) - 1) ? (list) : \
              arena_grow((n)->arena, (list), (count), 2 * (count) + 1, sizeof *(list)), \
     (list)[(count)++] = (item))

struct net *net_new(struct arena *a, const char *name)
{
    struct net *n = arena_new_n(a, struct net, 1);

    n->arena = a;
    n->model = (Onnx__ModelProto)ONNX__MODEL_PROTO__INIT;
    n->graph = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
    n->graph.name = arena_strdup(a, name);
    n->model.graph = &n->graph;
    n->model.has_ir_version = true;
    n->model.ir_version = IR_VERSION;
    Onnx__OperatorSetIdProto *set = NEW(n, Onnx__OperatorSetIdProto,
                                        ONNX__OPERATOR_SET_ID_PROTO__INIT);

    set->has_version = true;
    set->version = OPSET;
    APPEND(n, n->model.opset_import, n->model.n_opset_import, set);
    return n;
}

/* The text up to a separator; moves *at behind it, or to NULL at the end. */
static char *part(struct net *n, const char **at, char separator)
{
    const char *end = strchr(*at, separator);
    char *s = arena_strndup(n->arena, *at, end ? (size_t)(end - *at) : strlen(*at));

    *at = end ? end + 1 : NULL;
    return s;
}

static Onnx__TensorShapeProto__Dimension *dimension(struct net *n, char *text)
{
    Onnx__TensorShapeProto__Dimension *dim = NEW(n, Onnx__TensorShapeProto__Dimension,
                                                 ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT);
    char *end;
    const int64_t value = strtoll(text, &end, 10);

    if (*end) {
        dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
        dim->dim_param = text;
    } else {
        dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        dim->dim_value = value;
    }
    return dim;
}

static Onnx__ValueInfoProto *value_info(struct net *n, const char *name, const char *shape)
{
    Onnx__ValueInfoProto *p = NEW(n, Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
    Onnx__TypeProto__Tensor *t = NEW(n, Onnx__TypeProto__Tensor, ONNX__TYPE_PROTO__TENSOR__INIT);

    p->name = arena_strdup(n->arena, name);
    p->type = NEW(n, Onnx__TypeProto, ONNX__TYPE_PROTO__INIT);
    p->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    p->type->tensor_type = t;
    t->has_elem_type = true;
    t->elem_type = dtype_to_onnx(DT_F32);
    t->shape = NEW(n, Onnx__TensorShapeProto, ONNX__TENSOR_SHAPE_PROTO__INIT);
    for (const char *at = shape; at;)
        APPEND(n, t->shape->dim, t->shape->n_dim, dimension(n, part(n, &at, ',')));
    return p;
}

void net_input(struct net *n, const char *name, const char *shape)
{
    APPEND(n, n->graph.input, n->graph.n_input, value_info(n, name, shape));
}

void net_output(struct net *n, const char *name, const char *shape)
{
    APPEND(n, n->graph.output, n->graph.n_output, value_info(n, name, shape));
}

float *net_floats(struct net *n, const char *name, const char *shape)
{
    Onnx__TensorProto *p = NEW(n, Onnx__TensorProto, ONNX__TENSOR_PROTO__INIT);

    p->name = arena_strdup(n->arena, name);
    p->has_data_type = true;
    p->data_type = dtype_to_onnx(DT_F32);
    p->n_float_data = 1;
    for (const char *at = shape; at;) {
        const int64_t dim = strtoll(part(n, &at, ','), NULL, 10);

        APPEND(n, p->dims, p->n_dims, dim);
        p->n_float_data *= (size_t)dim;
    }
    p->float_data = arena_new_n(n->arena, float, p->n_float_data);
    APPEND(n, n->graph.initializer, n->graph.n_initializer, p);
    return p->float_data;
}

float *net_find_floats(const struct net *n, const char *name)
{
    for (size_t i = 0; i < n->graph.n_initializer; i++)
        if (strcmp(n->graph.initializer[i]->name, name) == 0)
            return n->graph.initializer[i]->float_data;
    return NULL;
}

/* "NAME=1" or "NAME=[1,2]" */
static Onnx__AttributeProto *attribute(struct net *n, const char *text)
{
    Onnx__AttributeProto *p = NEW(n, Onnx__AttributeProto, ONNX__ATTRIBUTE_PROTO__INIT);

    p->name = part(n, &text, '=');
    p->has_type = true;
    if (*text == '[') {
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
        for (const char *at = text + 1; at;)
            APPEND(n, p->ints, p->n_ints, strtoll(part(n, &at, ','), NULL, 10));
    } else {
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
        p->has_i = true;
        p->i = strtoll(text, NULL, 10);
    }
    return p;
}

const char *net_node(struct net *n, const char *op, const char *name, const char *inputs,
                     const char *attributes)
{
    Onnx__NodeProto *p = NEW(n, Onnx__NodeProto, ONNX__NODE_PROTO__INIT);

    p->op_type = arena_strdup(n->arena, op);
    p->name = arena_strdup(n->arena, name);
    for (const char *at = inputs; at;)
        APPEND(n, p->input, p->n_input, part(n, &at, ' '));
    APPEND(n, p->output, p->n_output, p->name);
    for (const char *at = attributes; at;)
        APPEND(n, p->attribute, p->n_attribute, attribute(n, part(n, &at, ' ')));
    APPEND(n, n->graph.node, n->graph.n_node, p);
    return p->name;
}

unsigned char *net_bytes(const struct net *n, size_t *size)
{
    *size = onnx__model_proto__get_packed_size(&n->model);
    unsigned char *bytes = arena_alloc(n->arena, *size);

    onnx__model_proto__pack(&n->model, bytes);
    return bytes;
}

bool net_write(const struct net *n, const char *path, struct diag *d)
{
    struct out_set set = { .arena = n->arena, .diag = d };
    size_t size;
    const unsigned char *bytes = net_bytes(n, &size);
    FILE *f = out_open(&set, path);

    if (!f)
        return false;
    fwrite(bytes, 1, size, f);
    return out_commit(&set);
}
