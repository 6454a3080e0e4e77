// SPDX-License-Identifier: Apache-2.0
/* attributes.c - AttributeProto to struct attr. */
#include "onnx/import.h"

#include <string.h>

const char *node_label(const Onnx__NodeProto *p)
{
    if (*text(p->name))
        return p->name;
    for (size_t i = 0; i < p->n_output; i++)
        if (*p->output[i])
            return p->output[i];
    return "(unnamed)";
}

static bool bad(const struct reader *r, const Onnx__NodeProto *node, const char *name,
                const char *what)
{
    diag_error_at(r->diag, node_label(node), text(node->op_type), "attribute '%s' %s", name, what);
    return false;
}

/* How many of the value fields are filled; an absent one is 0 or empty. */
static int count_values(const Onnx__AttributeProto *p)
{
    return (p->has_f != 0) + (p->has_i != 0) + (p->has_s != 0) + (p->t != NULL) + (p->g != NULL) +
           (p->sparse_tensor != NULL) + (p->tp != NULL) + (p->n_floats > 0) + (p->n_ints > 0) +
           (p->n_strings > 0) + (p->n_tensors > 0) + (p->n_graphs > 0) +
           (p->n_sparse_tensors > 0) + (p->n_type_protos > 0);
}

static const char *string_copy(const struct reader *r, const ProtobufCBinaryData *s)
{
    if (s->len && memchr(s->data, 0, s->len))
        return NULL;
    return arena_strndup(r->arena, (const char *)s->data, s->len);
}

static bool tensor_value(const struct reader *r, const Onnx__NodeProto *node,
                         const Onnx__AttributeProto *p, struct attr *a)
{
    if (!p->t)
        return bad(r, node, a->name, "has no tensor in it");
    if (!tensor_import(r, p->t, arena_printf(r->arena, "attribute '%s' of node '%s'", a->name,
                                             node_label(node)), &a->t))
        return false;
    if (a->t.type == DT_NONE)
        return bad(r, node, a->name,
                   arena_printf(r->arena, "is a tensor of type %s: not supported",
                                element_type_name(p->t->data_type)));
    return true;
}

/* Sets what the type says is filled; `used` counts it, for the check that
 * nothing else is. */
static bool value_import(const struct reader *r, const Onnx__NodeProto *node,
                         const Onnx__AttributeProto *p, struct attr *a, int *used)
{
    switch (p->type) {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
        a->type = ATTR_FLOAT;
        a->f = p->f;
        *used = p->has_f != 0;
        return true;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
        a->type = ATTR_INT;
        a->i = p->i;
        *used = p->has_i != 0;
        return true;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
        a->type = ATTR_STRING;
        a->s = string_copy(r, &p->s);
        *used = p->has_s != 0;
        return a->s || bad(r, node, a->name, "contains a zero byte");
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
        a->type = ATTR_TENSOR;
        *used = p->t != NULL;
        return tensor_value(r, node, p, a);
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
        a->type = ATTR_FLOATS;
        a->n = (int64_t)p->n_floats;
        a->floats = p->floats;
        *used = p->n_floats > 0;
        return true;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS:
        a->type = ATTR_INTS;
        a->n = (int64_t)p->n_ints;
        a->ints = p->ints;
        *used = p->n_ints > 0;
        return true;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS:
        a->type = ATTR_STRINGS;
        *used = p->n_strings > 0;
        return true;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED:
        return bad(r, node, a->name, "has no type");
    default:
        a->type = ATTR_OTHER;
        *used = count_values(p);
        return true;
    }
}

static bool attribute_import(const struct reader *r, const Onnx__NodeProto *node,
                             const Onnx__AttributeProto *p, struct attr *a)
{
    int used = 0;

    *a = (struct attr){ .name = text(p->name) };
    if (!*a->name)
        return bad(r, node, "", "has no name");
    if (*text(p->ref_attr_name))
        return bad(r, node, a->name, "refers to an attribute of a function: only functions may");
    if (!value_import(r, node, p, a, &used))
        return false;
    if (count_values(p) != used)
        return bad(r, node, a->name, "holds a value of another type than it says");
    return true;
}

bool attributes_import(const struct reader *r, const Onnx__NodeProto *p, struct attr_list *out)
{
    struct map seen = map_new(r->arena);

    out->diag = r->diag;
    out->attrs = arena_new_n(r->arena, struct attr, p->n_attribute);
    for (size_t i = 0; i < p->n_attribute; i++) {
        struct attr *a = &out->attrs[out->n];

        if (!attribute_import(r, p, p->attribute[i], a))
            out->bad = true;
        else if (map_put(&seen, a->name, a))
            out->bad = !bad(r, p, a->name, "is there twice");
        else
            out->n++;
    }
    return !out->bad;
}
