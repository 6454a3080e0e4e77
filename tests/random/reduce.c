// SPDX-License-Identifier: Apache-2.0
/* reduce - reductions of the graph. */
#include "shrink.h"

#include "base/arena.h"

#include <string.h>

static bool same(const char *x, const char *y)
{
    return strcmp(x ? x : "", y ? y : "") == 0;
}

static Onnx__ValueInfoProto *value_info(struct arena *a, const struct value *v, const char *doc)
{
    Onnx__ValueInfoProto *p = arena_new_n(a, Onnx__ValueInfoProto, 1);
    Onnx__TypeProto *type = arena_new_n(a, Onnx__TypeProto, 1);
    Onnx__TypeProto__Tensor *tensor = arena_new_n(a, Onnx__TypeProto__Tensor, 1);
    Onnx__TensorShapeProto *shape = arena_new_n(a, Onnx__TensorShapeProto, 1);

    onnx__value_info_proto__init(p);
    onnx__type_proto__init(type);
    onnx__type_proto__tensor__init(tensor);
    onnx__tensor_shape_proto__init(shape);
    p->name = arena_strdup(a, v->name);
    p->doc_string = doc ? arena_strdup(a, doc) : NULL;
    p->type = type;
    type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    type->tensor_type = tensor;
    tensor->has_elem_type = true;
    tensor->elem_type = dtype_to_onnx(v->type);
    tensor->shape = shape;
    shape->n_dim = (size_t)v->shape.rank;
    shape->dim = arena_new_n(a, Onnx__TensorShapeProto__Dimension *, v->shape.rank + 1);
    for (int i = 0; i < v->shape.rank; i++) {
        shape->dim[i] = arena_new_n(a, Onnx__TensorShapeProto__Dimension, 1);
        onnx__tensor_shape_proto__dimension__init(shape->dim[i]);
        shape->dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        shape->dim[i]->dim_value = v->shape.dim[i];
    }
    return p;
}

/* The outputs of all nodes, one after the other. */
static const char *output_of(const Onnx__GraphProto *g, int i)
{
    for (size_t n = 0; n < g->n_node; n++)
        for (size_t k = 0; k < g->node[n]->n_output; k++)
            if (i-- == 0)
                return g->node[n]->output[k];
    return NULL;
}

enum reduced reduce_to_output(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    const char *name = output_of(m->graph, i);
    const struct value *v = name ? value_named(g, name) : NULL;

    if (!name)
        return REDUCED_NONE;
    if (!v || (m->graph->n_output == 1 && same(m->graph->output[0]->name, name)))
        return REDUCED_SAME;
    m->graph->output = arena_new_n(a, Onnx__ValueInfoProto *, 1);
    m->graph->output[0] = value_info(a, v, NULL);
    m->graph->n_output = 1;
    return REDUCED;
}

enum reduced reduce_outputs(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    Onnx__GraphProto *p = m->graph;
    const size_t at = (size_t)i;

    (void)a;
    (void)g;
    if (at >= p->n_output || p->n_output < 2)
        return REDUCED_NONE;
    memmove(p->output + at, p->output + at + 1, (p->n_output - at - 1) * sizeof(*p->output));
    p->n_output--;
    return REDUCED;
}

static void remove_node(Onnx__GraphProto *p, size_t i)
{
    memmove(p->node + i, p->node + i + 1, (p->n_node - i - 1) * sizeof(*p->node));
    p->n_node--;
}

/* Elements as small integers, which suit every operator. */
enum reduced reduce_to_input(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    Onnx__GraphProto *p = m->graph;
    const size_t at = p->n_node - 1 - (size_t)i;

    if ((size_t)i >= p->n_node)
        return REDUCED_NONE;
    for (size_t k = 0; k < p->node[at]->n_output; k++) {
        const struct value *v = value_named(g, p->node[at]->output[k]);

        if (!v || !dtype_runs(v->type))
            return REDUCED_SAME;
        p->input = arena_grow(a, p->input, p->n_input, p->n_input + 1, sizeof(*p->input));
        p->input[p->n_input++] = value_info(a, v, v->type == DT_F32 ? "real 0.25 1" : "whole 0 1");
    }
    remove_node(p, at);
    return REDUCED;
}

enum { INPUTS_TRIED = 4 };

enum reduced reduce_bypass(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    Onnx__GraphProto *p = m->graph;
    const size_t at = (size_t)i / INPUTS_TRIED, from = (size_t)i % INPUTS_TRIED;

    (void)a;
    (void)g;
    if (at >= p->n_node)
        return REDUCED_NONE;
    const Onnx__NodeProto *n = p->node[at];

    if (from >= n->n_input || !*n->input[from])
        return REDUCED_SAME;
    for (size_t k = 0; k < p->n_node; k++)
        for (size_t j = 0; j < p->node[k]->n_input; j++)
            if (same(p->node[k]->input[j], n->output[0]))
                p->node[k]->input[j] = n->input[from];
    return REDUCED;
}

enum reduced reduce_attribute(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    (void)a;
    (void)g;
    for (size_t n = 0; n < m->graph->n_node; n++) {
        Onnx__NodeProto *p = m->graph->node[n];

        for (size_t k = 0; k < p->n_attribute; k++)
            if (i-- == 0) {
                memmove(p->attribute + k, p->attribute + k + 1,
                        (p->n_attribute - k - 1) * sizeof(*p->attribute));
                p->n_attribute--;
                return REDUCED;
            }
    }
    return REDUCED_NONE;
}

enum reduced reduce_operand(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    (void)a;
    (void)g;
    if ((size_t)i >= m->graph->n_node)
        return REDUCED_NONE;
    Onnx__NodeProto *n = m->graph->node[i];

    if (n->n_input < 2)
        return REDUCED_SAME;
    n->n_input--;
    return REDUCED;
}

static bool is_read(const Onnx__GraphProto *p, const char *name)
{
    for (size_t i = 0; i < p->n_output; i++)
        if (same(p->output[i]->name, name))
            return true;
    for (size_t n = 0; n < p->n_node; n++)
        for (size_t k = 0; k < p->node[n]->n_input; k++)
            if (same(p->node[n]->input[k], name))
                return true;
    return false;
}

static bool is_dead(const Onnx__GraphProto *p, const Onnx__NodeProto *n)
{
    for (size_t k = 0; k < n->n_output; k++)
        if (*n->output[k] && is_read(p, n->output[k]))
            return false;
    return true;
}

void reduce_dead(Onnx__ModelProto *m)
{
    Onnx__GraphProto *p = m->graph;
    size_t kept = 0;

    for (size_t n = p->n_node; n-- > 0;)
        if (is_dead(p, p->node[n]))
            remove_node(p, n);
    for (size_t i = 0; i < p->n_initializer; i++)
        if (is_read(p, p->initializer[i]->name))
            p->initializer[kept++] = p->initializer[i];
    p->n_initializer = kept;
    kept = 0;
    for (size_t i = 0; i < p->n_input; i++)
        if (is_read(p, p->input[i]->name))
            p->input[kept++] = p->input[i];
    p->n_input = kept;
}
