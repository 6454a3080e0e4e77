// SPDX-License-Identifier: Apache-2.0
/* constants.c - initialisers and Constant nodes. */
#include "base/count.h"
#include "onnx/import.h"

#include <string.h>

static void twice(struct import *im, const char *name)
{
    diag_error(im->r.diag, "value '%s' is defined twice", name);
}

static struct value *add(struct import *im, const char *name, const struct tensor *t)
{
    struct value *v;

    if (map_get(&im->values, name) || map_get(&im->refused, name)) {
        twice(im, name);
        return NULL;
    }
    if (t->type == DT_F32 || t->type == DT_F16 || t->type == DT_BF16 || t->type == DT_F64)
        im->n_parameters += shape_len(&t->shape);
    v = graph_add_constant(im->g, name, t->type, t->shape, t->data);
    map_put(&im->values, name, v);
    return v;
}

/* `why` is reported when a node reads the value; "": the fault is reported already. */
static void refuse(struct import *im, const char *name, const char *why)
{
    if (map_get(&im->values, name) || map_put(&im->refused, name, arena_strdup(im->r.arena, why)))
        twice(im, name);
}

static struct value *initialiser_import(struct import *im, const Onnx__TensorProto *p)
{
    const char *name = text(p->name);
    struct tensor t;

    if (!*name) {
        diag_error(im->r.diag, "an initialiser has no name");
        return NULL;
    }
    if (!tensor_import(&im->r, p, arena_printf(im->r.arena, "initialiser '%s'", name), &t))
        refuse(im, name, "");
    else if (t.type == DT_NONE)
        refuse(im, name, arena_printf(im->r.arena, "an initialiser of type %s",
                                      element_type_name(p->data_type)));
    else
        return add(im, name, &t);
    return NULL;
}

void initialisers_import(struct import *im)
{
    const Onnx__GraphProto *p = im->proto;

    im->initialisers = arena_new_n(im->r.arena, struct value *, p->n_initializer);
    for (size_t i = 0; i < p->n_initializer; i++)
        im->initialisers[i] = initialiser_import(im, p->initializer[i]);
    for (size_t i = 0; i < p->n_sparse_initializer; i++) {
        const Onnx__TensorProto *values = p->sparse_initializer[i]->values;

        refuse(im, values ? text(values->name) : "", "a sparse initialiser");
    }
}

bool is_constant_node(const Onnx__NodeProto *p)
{
    return is_standard(p) && strcmp(text(p->op_type), "Constant") == 0;
}

/* A single number stays where it is, in the attribute. */
static bool constant_value(const struct attr *a, struct tensor *t)
{
    static const struct { const char *name; enum attr_type type; } forms[] = {
        { "value", ATTR_TENSOR }, { "value_float", ATTR_FLOAT }, { "value_int", ATTR_INT },
        { "value_floats", ATTR_FLOATS }, { "value_ints", ATTR_INTS },
    };
    enum attr_type type = ATTR_NONE;

    for (int i = 0; i < COUNT(forms); i++)
        if (strcmp(a->name, forms[i].name) == 0 && a->type == forms[i].type)
            type = a->type;
    const struct shape list = { .rank = 1, .dim = { a->n } };

    switch (type) {
    case ATTR_TENSOR:
        *t = a->t;
        return true;
    case ATTR_FLOAT:
        *t = (struct tensor){ "", DT_F32, shape_scalar(), &a->f };
        return true;
    case ATTR_INT:
        *t = (struct tensor){ "", DT_I64, shape_scalar(), &a->i };
        return true;
    case ATTR_FLOATS:
        *t = (struct tensor){ "", DT_F32, list, tensor_data(a->floats) };
        return true;
    case ATTR_INTS:
        *t = (struct tensor){ "", DT_I64, list, tensor_data(a->ints) };
        return true;
    default:
        return false;
    }
}

void constant_node_import(struct import *im, const Onnx__NodeProto *p)
{
    struct attr_list attrs = { 0 };
    struct tensor t;

    if (p->n_input || p->n_output != 1 || !*p->output[0]) {
        diag_error_at(im->r.diag, node_label(p), p->op_type,
                      "has %zu inputs and %zu outputs, expected none and 1", p->n_input,
                      p->n_output);
    } else if (!attributes_import(&im->r, p, &attrs)) {
        refuse(im, p->output[0], "");
    } else if (attrs.n != 1) {
        diag_error_at(im->r.diag, node_label(p), p->op_type,
                      "has %d attributes, expected one value", attrs.n);
        refuse(im, p->output[0], "");
    } else if (!constant_value(&attrs.attrs[0], &t)) {
        diag_error_at(im->r.diag, node_label(p), p->op_type,
                      "a constant given as attribute '%s' is not supported",
                      attrs.attrs[0].name);
        refuse(im, p->output[0], "");
    } else {
        add(im, p->output[0], &t);
    }
}
