// SPDX-License-Identifier: Apache-2.0
/* graphs.c - models whose operators are fine, but not what is said of them:
 * names, order, versions, domains, declarations, subgraphs, and too much of it. */
#include "hostile.h"

#include "base/arena.h"
#include "base/count.h"
#include "onnx.pb-c.h"

#include <assert.h>
#include <string.h>

#define MAKE(name) static void name(const struct hostile *h, const char *dir)

struct model *hostile_add_open(void)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "4");
    model_node(m, "Add", "x w", "y", NULL);
    model_node_name(m, "node");
    model_output(m, "y", DT_F32, "4");
    return m;
}

struct model *hostile_add(void)
{
    struct model *m = hostile_add_open();

    model_initialiser(m, "w", DT_F32, "4", NULL);
    return m;
}

/* y = Relu(x), of f32[4]. */
static struct model *relu(void)
{
    struct model *m = model_new(13);

    model_input(m, "x", DT_F32, "4");
    model_node(m, "Relu", "x", "y", NULL);
    model_output(m, "y", DT_F32, "4");
    return m;
}

MAKE(good) { (void)h; hostile_write(hostile_add(), dir); }

MAKE(cycle)
{
    struct model *m = model_new(13);

    (void)h;
    model_input(m, "x", DT_F32, "4");
    model_node(m, "Add", "x c", "a", NULL);
    model_node_name(m, "first");
    model_node(m, "Relu", "a", "b", NULL);
    model_node_name(m, "second");
    model_node(m, "Relu", "b", "c", NULL);
    model_node_name(m, "third");
    model_output(m, "c", DT_F32, "4");
    hostile_write(m, dir);
}

/* Of h->n nodes, the last feeding the first. */
MAKE(long_cycle)
{
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);
    const Onnx__NodeProto *one = model_node(m, "Relu", "v0", "v1", NULL);
    Onnx__NodeProto *nodes = arena_new_n(a, Onnx__NodeProto, h->n);
    Onnx__GraphProto *g = model_proto(m)->graph;

    g->node = arena_new_n(a, Onnx__NodeProto *, h->n);
    g->n_node = (size_t)h->n;
    for (int64_t i = 0; i < h->n; i++) {
        g->node[i] = &nodes[i];
        nodes[i] = *one;
        nodes[i].input = arena_new_n(a, char *, 1);
        nodes[i].output = arena_new_n(a, char *, 1);
        nodes[i].input[0] = arena_printf(a, "v%d", (int)i);
        nodes[i].output[0] = arena_printf(a, "v%d", (int)((i + 1) % h->n));
    }
    model_output(m, "v0", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(self_loop)
{
    struct model *m = model_new(13);

    (void)h;
    model_node(m, "Relu", "y", "y", NULL);
    model_output(m, "y", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(unsorted)
{
    struct model *m = model_new(13);

    (void)h;
    model_input(m, "x", DT_F32, "4");
    model_node(m, "Relu", "a", "y", NULL);
    model_node(m, "Relu", "x", "a", NULL);
    model_output(m, "y", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(output_twice_made)
{
    struct model *m = relu();

    (void)h;
    model_node(m, "Sigmoid", "x", "y", NULL);
    hostile_write(m, dir);
}

MAKE(output_of_an_input)
{
    struct model *m = relu();

    (void)h;
    model_node(m, "Sigmoid", "y", "x", NULL);
    hostile_write(m, dir);
}

MAKE(one_node_two_same_outputs)
{
    struct model *m = model_new(13);

    (void)h;
    model_input(m, "x", DT_F32, "4");
    model_node(m, "Split", "x", "y y", NULL);
    model_output(m, "y", DT_F32, "2");
    hostile_write(m, dir);
}

MAKE(initialiser_twice)
{
    struct model *m = hostile_add();

    (void)h;
    model_initialiser(m, "w", DT_F32, "4", NULL);
    hostile_write(m, dir);
}

MAKE(initialiser_of_a_node)
{
    struct model *m = hostile_add();

    (void)h;
    model_initialiser(m, "y", DT_F32, "4", NULL);
    hostile_write(m, dir);
}

MAKE(initialiser_missing) { (void)h; hostile_write(hostile_add_open(), dir); }

MAKE(initialiser_without_name)
{
    struct model *m = hostile_add();

    (void)h;
    model_initialiser(m, "", DT_F32, "4", NULL);
    hostile_write(m, dir);
}

MAKE(input_twice)
{
    struct model *m = relu();

    (void)h;
    model_input(m, "x", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(input_without_name)
{
    struct model *m = relu();

    (void)h;
    model_input(m, "", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(input_is_initialiser_of_another_shape)
{
    struct model *m = hostile_add();

    (void)h;
    model_input(m, "w", DT_F32, "2,2");
    hostile_write(m, dir);
}

MAKE(output_of_nothing)
{
    struct model *m = relu();

    (void)h;
    model_output(m, "z", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(output_listed_twice)
{
    struct model *m = relu();

    (void)h;
    model_output(m, "y", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(no_outputs)
{
    struct model *m = relu();

    (void)h;
    model_proto(m)->graph->n_output = 0;
    hostile_write(m, dir);
}

/* h->n: the lie about y, which is f32[4]. */
MAKE(output_lie)
{
    static const struct { enum dtype type; const char *shape; } lies[] = {
        { DT_F32, "5" }, { DT_F32, "4,1" }, { DT_F32, "" }, { DT_I64, "4" }, { DT_F32, "-4" },
    };
    struct model *m = relu();

    model_proto(m)->graph->n_output = 0;
    model_output(m, "y", lies[h->n].type, lies[h->n].shape);
    hostile_write(m, dir);
}

MAKE(no_nodes)
{
    struct model *m = model_new(13);

    (void)h;
    model_input(m, "x", DT_F32, "4");
    model_output(m, "x", DT_F32, "4");
    hostile_write(m, dir);
}

MAKE(no_graph)
{
    struct model *m = relu();

    (void)h;
    model_proto(m)->graph = NULL;
    hostile_write(m, dir);
}

MAKE(ir_version)
{
    struct model *m = relu();

    model_proto(m)->ir_version = h->n;
    hostile_write(m, dir);
}

MAKE(opset)
{
    struct model *m = relu();

    model_proto(m)->opset_import[0]->version = h->n;
    hostile_write(m, dir);
}

MAKE(no_opset)
{
    struct model *m = relu();

    (void)h;
    model_proto(m)->n_opset_import = 0;
    hostile_write(m, dir);
}

/* Two opsets of the same domain, 13 and h->n. */
MAKE(opset_twice)
{
    struct model *m = relu();
    Onnx__OperatorSetIdProto other = ONNX__OPERATOR_SET_ID_PROTO__INIT;
    Onnx__OperatorSetIdProto *both[] = { model_proto(m)->opset_import[0], &other };

    other.domain = "ai.onnx";
    other.has_version = true;
    other.version = h->n;
    model_proto(m)->opset_import = both;
    model_proto(m)->n_opset_import = 2;
    hostile_write(m, dir);
}

MAKE(foreign_domain)
{
    struct model *m = relu();

    (void)h;
    model_node_domain(m, "com.evil");
    hostile_write(m, dir);
}

/* A function that calls itself, or h->n of them, each calling the next twice. */
MAKE(functions)
{
    struct model *m = relu();
    struct arena *a = model_arena(m);
    const int n = (int)h->n;
    Onnx__FunctionProto **list = arena_new_n(a, Onnx__FunctionProto *, n);

    for (int i = 0; i < n; i++) {
        Onnx__FunctionProto *f = list[i] = arena_new_n(a, Onnx__FunctionProto, 1);
        Onnx__NodeProto **calls = arena_new_n(a, Onnx__NodeProto *, 2);

        *f = (Onnx__FunctionProto)ONNX__FUNCTION_PROTO__INIT;
        f->name = arena_printf(a, "f%d", i);
        f->domain = "local";
        f->node = calls;
        f->n_node = 2;
        for (int k = 0; k < 2; k++) {
            calls[k] = arena_new_n(a, Onnx__NodeProto, 1);
            *calls[k] = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
            calls[k]->op_type = arena_printf(a, "f%d", i + 1 < n ? i + 1 : 0);
            calls[k]->domain = "local";
        }
    }
    model_proto(m)->functions = list;
    model_proto(m)->n_functions = (size_t)n;
    model_node(m, "f0", "y", "z", NULL);
    model_node_domain(m, "local");
    hostile_write(m, dir);
}

/* An If in an If in an If ..., h->n of them. */
MAKE(nested_ifs)
{
    struct model *m = relu();
    struct arena *a = model_arena(m);
    Onnx__NodeProto *at = model_node(m, "If", "x", "z", NULL);

    for (int64_t i = 0; i < h->n; i++) {
        Onnx__GraphProto *g = arena_new_n(a, Onnx__GraphProto, 1);
        Onnx__AttributeProto *p = arena_new_n(a, Onnx__AttributeProto, 1);
        Onnx__NodeProto *inner = arena_new_n(a, Onnx__NodeProto, 1);

        *g = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
        *p = (Onnx__AttributeProto)ONNX__ATTRIBUTE_PROTO__INIT;
        *inner = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
        inner->op_type = "If";
        p->name = "then_branch";
        p->has_type = true;
        p->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH;
        p->g = g;
        g->node = arena_new_n(a, Onnx__NodeProto *, 1);
        g->node[0] = inner;
        g->n_node = 1;
        at->attribute = arena_new_n(a, Onnx__AttributeProto *, 1);
        at->attribute[0] = p;
        at->n_attribute = 1;
        at = inner;
    }
    hostile_write(m, dir);
}

MAKE(attribute_of_a_function)
{
    struct model *m = relu();
    Onnx__NodeProto *n = model_node(m, "Softmax", "y", "z", "axis=0");

    (void)h;
    n->attribute[0]->ref_attr_name = "axis";
    hostile_write(m, dir);
}

MAKE(attribute_says_float_holds_int)
{
    struct model *m = relu();
    Onnx__NodeProto *n = model_node(m, "Softmax", "y", "z", "axis=0");

    (void)h;
    n->attribute[0]->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    hostile_write(m, dir);
}

MAKE(attribute_with_zero_byte)
{
    struct model *m = relu();
    Onnx__NodeProto *n = model_node(m, "MaxPool", "y", "z", "auto_pad=VALID");

    (void)h;
    n->attribute[0]->s.data[2] = 0;
    hostile_write(m, dir);
}

MAKE(input_is_a_sequence)
{
    struct model *m = relu();
    Onnx__TypeProto__Sequence sequence = ONNX__TYPE_PROTO__SEQUENCE__INIT;
    Onnx__TypeProto *type = model_proto(m)->graph->input[0]->type;

    (void)h;
    type->value_case = ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE;
    type->sequence_type = &sequence;
    hostile_write(m, dir);
}

MAKE(input_of_no_type)
{
    struct model *m = relu();

    (void)h;
    model_proto(m)->graph->input[0]->type = NULL;
    hostile_write(m, dir);
}

const struct hostile hostile_graphs[] = {
#define MODEL(name, make, count, words) { #name, words, make, .n = count },
#include "graphs.def"
#undef MODEL
};
const int n_hostile_graphs = COUNT(hostile_graphs);
