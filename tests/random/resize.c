// SPDX-License-Identifier: Apache-2.0
/* resize - reductions of sizes: of inputs and constants, consistently. */
#include "shrink.h"

#include "base/arena.h"
#include "base/count.h"
#include "ir/shape.h"

#include <string.h>

enum { DIMS_MAX = 256 };

struct dims {
    int64_t dim[DIMS_MAX];
    int n;
};

static void note(struct dims *d, int64_t dim)
{
    for (int i = 0; i < d->n; i++)
        if (d->dim[i] == dim)
            return;
    if (dim > 1 && d->n < DIMS_MAX)
        d->dim[d->n++] = dim;
}

static Onnx__TensorShapeProto *input_shape(const Onnx__ValueInfoProto *p)
{
    return p->type && p->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
               ? p->type->tensor_type->shape : NULL;
}

/* A number, not a name. */
static bool is_number(const Onnx__TensorShapeProto__Dimension *d)
{
    return d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
}

static void collect(const Onnx__GraphProto *p, struct dims *d)
{
    for (size_t i = 0; i < p->n_input; i++) {
        const Onnx__TensorShapeProto *s = input_shape(p->input[i]);

        for (size_t k = 0; s && k < s->n_dim; k++)
            if (is_number(s->dim[k]))
                note(d, s->dim[k]->dim_value);
    }
    for (size_t i = 0; i < p->n_initializer; i++)
        for (size_t k = 0; k < p->initializer[i]->n_dims; k++)
            note(d, p->initializer[i]->dims[k]);
}

/* Keeps the elements whose places are still there.  False: not in this form. */
static bool resize_tensor(struct arena *a, Onnx__TensorProto *t, int64_t from, int64_t to)
{
    struct shape old = { .rank = (int)t->n_dims }, new = old;
    const size_t size = dtype_size(dtype_from_onnx(t->data_type));

    if (t->n_dims > MAX_RANK || !t->has_raw_data || size == 0)
        return false;
    for (int i = 0; i < old.rank; i++) {
        old.dim[i] = t->dims[i];
        new.dim[i] = t->dims[i] = t->dims[i] == from ? to : t->dims[i];
    }
    const int64_t len = shape_len(&new);
    unsigned char *data = arena_alloc_n(a, (size_t)len + 1, size);

    if (t->raw_data.len != (size_t)shape_len(&old) * size)
        return false;
    for (int64_t i = 0; i < len; i++) {
        int64_t rest = i, at = 0, step = 1;

        for (int d = new.rank - 1; d >= 0; d--) {
            at += rest % new.dim[d] * step;
            rest /= new.dim[d];
            step *= old.dim[d];
        }
        memcpy(data + (size_t)i * size, t->raw_data.data + (size_t)at * size, size);
    }
    t->raw_data.data = data;
    t->raw_data.len = (size_t)len * size;
    return true;
}

/* In lists of i64: dimensions that are data. */
static void resize_list(Onnx__TensorProto *t, int64_t from, int64_t to)
{
    if (t->data_type != dtype_to_onnx(DT_I64) || t->n_dims != 1 || !t->has_raw_data)
        return;
    for (size_t i = 0; i + 8 <= t->raw_data.len; i += 8)
        if (memcmp(t->raw_data.data + i, &from, 8) == 0)
            memcpy(t->raw_data.data + i, &to, 8);
}

static void resize_attributes(Onnx__GraphProto *p, int64_t from, int64_t to)
{
    for (size_t n = 0; n < p->n_node; n++)
        for (size_t k = 0; k < p->node[n]->n_attribute; k++) {
            Onnx__AttributeProto *at = p->node[n]->attribute[k];

            for (size_t i = 0; i < at->n_ints; i++)
                at->ints[i] = at->ints[i] == from ? to : at->ints[i];
            if (at->has_i && at->i == from && strcmp(at->name, "group") == 0)
                at->i = to;
        }
}

/* By number: which dimension, what it becomes, where else the number is replaced. */
enum reduced reduce_dimension(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    enum { TARGETS = 4, PLACES = 3 };
    struct dims d = { .n = 0 };
    const int place = i % PLACES, target = i / PLACES % TARGETS, which = i / PLACES / TARGETS;
    bool ok = true;

    (void)g;
    collect(m->graph, &d);
    if (which >= d.n)
        return REDUCED_NONE;
    const int64_t from = d.dim[which];
    const int64_t to = ((const int64_t[]){ 1, 2, from / 2, from - 1 })[target];

    if (to >= from || to < 1)
        return REDUCED_SAME;
    for (size_t k = 0; k < m->graph->n_input; k++) {
        const Onnx__TensorShapeProto *s = input_shape(m->graph->input[k]);

        for (size_t j = 0; s && j < s->n_dim; j++)
            if (is_number(s->dim[j]) && s->dim[j]->dim_value == from)
                s->dim[j]->dim_value = to;
    }
    for (size_t k = 0; ok && k < m->graph->n_initializer; k++) {
        ok = resize_tensor(a, m->graph->initializer[k], from, to);
        if (place > 0)
            resize_list(m->graph->initializer[k], from, to);
    }
    if (place > 1)
        resize_attributes(m->graph, from, to);
    for (size_t k = 0; k < m->graph->n_output; k++) /* another shape than declared */
        if (m->graph->output[k]->type && input_shape(m->graph->output[k]))
            m->graph->output[k]->type->tensor_type->shape = NULL;
    return ok ? REDUCED : REDUCED_SAME;
}

enum reduced reduce_data(struct arena *a, Onnx__ModelProto *m, const struct graph *g, int i)
{
    const float one = 1.0f;
    Onnx__TensorProto *t;

    (void)a;
    (void)g;
    if ((size_t)i >= m->graph->n_initializer)
        return REDUCED_NONE;
    t = m->graph->initializer[i];
    if (t->data_type != dtype_to_onnx(DT_F32) || !t->has_raw_data)
        return REDUCED_SAME;
    for (size_t k = 0; k + sizeof one <= t->raw_data.len; k += sizeof one)
        memcpy(t->raw_data.data + k, &one, sizeof one);
    return REDUCED;
}
