// SPDX-License-Identifier: Apache-2.0
/* describe - a model as text, to be read. */
#include "shrink.h"

#include <inttypes.h>
#include <string.h>

enum { ELEMENTS_MAX = 12 };

static void print_type(FILE *out, const Onnx__ValueInfoProto *p)
{
    const Onnx__TypeProto__Tensor *t = p->type && p->type->value_case ==
        ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? p->type->tensor_type : NULL;

    if (!t)
        return;
    fprintf(out, " %s", dtype_name(dtype_from_onnx(t->elem_type)));
    for (size_t i = 0; t->shape && i < t->shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *d = t->shape->dim[i];

        fputc(i ? ',' : '[', out);
        if (d->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM)
            fputs(d->dim_param, out);
        else
            fprintf(out, "%" PRId64, d->dim_value);
    }
    fputs(t->shape ? t->shape->n_dim ? "]" : "[]" : "", out);
}

static void print_tensor(FILE *out, const Onnx__TensorProto *t)
{
    const enum dtype type = dtype_from_onnx(t->data_type);
    const size_t size = dtype_size(type), n = size ? t->raw_data.len / size : 0;

    fprintf(out, "%s[", dtype_name(type));
    for (size_t i = 0; i < t->n_dims; i++)
        fprintf(out, "%s%" PRId64, i ? "," : "", t->dims[i]);
    fputs("] =", out);
    for (size_t i = 0; i < n && i < ELEMENTS_MAX; i++) {
        const unsigned char *at = t->raw_data.data + i * size;
        int64_t bits = 0;
        float f;

        memcpy(&bits, at, size);
        memcpy(&f, at, size < sizeof f ? size : sizeof f);
        if (type == DT_F32)
            fprintf(out, " %.9g", (double)f);
        else if (type == DT_I32)
            fprintf(out, " %" PRId32, (int32_t)bits);
        else
            fprintf(out, " %" PRId64, bits);
    }
    fputs(n > ELEMENTS_MAX ? " ..." : "", out);
}

static void print_attribute(FILE *out, const Onnx__AttributeProto *p)
{
    fprintf(out, " %s=", p->name);
    if (p->t)
        print_tensor(out, p->t);
    else if (p->has_s)
        fprintf(out, "%.*s", (int)p->s.len, (const char *)p->s.data);
    else if (p->has_f)
        fprintf(out, "%.9g", (double)p->f);
    else if (p->has_i)
        fprintf(out, "%" PRId64, p->i);
    for (size_t i = 0; i < p->n_ints; i++)
        fprintf(out, "%s%" PRId64, i ? "," : "", p->ints[i]);
}

static void print_node(FILE *out, const Onnx__NodeProto *n)
{
    for (size_t i = 0; i < n->n_output; i++)
        fprintf(out, "%s%s", i ? ", " : "", *n->output[i] ? n->output[i] : "-");
    fprintf(out, " = %s(", n->op_type);
    for (size_t i = 0; i < n->n_input; i++)
        fprintf(out, "%s%s", i ? ", " : "", *n->input[i] ? n->input[i] : "-");
    fputc(')', out);
    for (size_t i = 0; i < n->n_attribute; i++)
        print_attribute(out, n->attribute[i]);
    fputc('\n', out);
}

void describe(FILE *out, const unsigned char *model, size_t size)
{
    Onnx__ModelProto *m = onnx__model_proto__unpack(NULL, size, model);

    if (!m || !m->graph) {
        fputs("no model\n", out);
        return;
    }
    for (size_t i = 0; i < m->n_opset_import; i++)
        fprintf(out, "opset %" PRId64 "\n", m->opset_import[i]->version);
    for (size_t i = 0; i < m->graph->n_input; i++) {
        const Onnx__ValueInfoProto *p = m->graph->input[i];

        fprintf(out, "input %s", p->name);
        print_type(out, p);
        fprintf(out, "  %s\n", p->doc_string ? p->doc_string : "");
    }
    for (size_t i = 0; i < m->graph->n_initializer; i++) {
        fprintf(out, "const %s ", m->graph->initializer[i]->name);
        print_tensor(out, m->graph->initializer[i]);
        fputc('\n', out);
    }
    for (size_t i = 0; i < m->graph->n_node; i++)
        print_node(out, m->graph->node[i]);
    for (size_t i = 0; i < m->graph->n_output; i++) {
        fprintf(out, "output %s", m->graph->output[i]->name);
        print_type(out, m->graph->output[i]);
        fputc('\n', out);
    }
    onnx__model_proto__free_unpacked(m, NULL);
}
