// SPDX-License-Identifier: Apache-2.0
/* names.c - names that C cannot take as they are, and more of them than anyone
 * has.  All of it is allowed in ONNX. */
#include "hostile.h"

#include "base/arena.h"
#include "base/count.h"
#include "onnx.pb-c.h"

#include <string.h>

/* The same text wherever a name can be. */
static struct model *named(const char *text)
{
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);
    char *in = arena_strdup(a, text), *w = arena_printf(a, "%s/w", text);
    char *out = arena_printf(a, "%s/out", text);
    Onnx__NodeProto *n;

    model_input(m, in, DT_F32, "4");
    model_initialiser(m, w, DT_F32, "4", NULL);
    model_output(m, out, DT_F32, "4");
    n = model_node(m, "Add", "x w", "y", NULL);
    n->input[0] = in;
    n->input[1] = w;
    n->output[0] = out;
    model_node_name(m, text);
    model_proto(m)->producer_name = in;
    model_proto(m)->doc_string = in;
    model_proto(m)->graph->name = in;
    n->doc_string = in;
    return m;
}

/* h->inputs is the text. */
static void name(const struct hostile *h, const char *dir)
{
    hostile_write(named(h->inputs), dir);
}

/* h->inputs, h->n times. */
static void long_name(const struct hostile *h, const char *dir)
{
    const size_t n = strlen(h->inputs);
    struct arena *a = arena_new();
    char *text = arena_alloc(a, n * (size_t)h->n + 1);

    for (int64_t i = 0; i < h->n; i++)
        memcpy(text + n * (size_t)i, h->inputs, n);
    hostile_write(named(text), dir);
    arena_free(a);
}

/* Names that are one once all but letters and digits is gone. */
static void colliding(const struct hostile *h, const char *dir)
{
    static const char *const names[] = { "a.b", "a_b", "a/b", "a-b", "a b", "A_B", "a_b_2" };
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);
    Onnx__NodeProto *sum = model_node(m, "Sum", "", "a:b", NULL);

    (void)h;
    sum->input = arena_new_n(a, char *, COUNT(names));
    sum->n_input = COUNT(names);
    for (int i = 0; i < COUNT(names); i++) {
        sum->input[i] = arena_strdup(a, names[i]);
        model_input(m, names[i], DT_F32, "4");
    }
    model_output(m, "a:b", DT_F32, "4");
    hostile_write(m, dir);
}

/* `count` copies of one message of `size` bytes, with pointers to them: adding them
 * one at a time would take memory by the square. */
static void **copies(struct arena *a, const void *message, size_t size, int64_t count)
{
    void **list = arena_new_n(a, void *, count);
    char *all = arena_alloc_n(a, (size_t)count, size);

    for (int64_t i = 0; i < count; i++)
        list[i] = memcpy(all + (size_t)i * size, message, size);
    return list;
}

static char *numbered(struct arena *a, const char *what, int64_t i)
{
    return arena_printf(a, "%s%d", what, (int)i);
}

/* y = Sigmoid(Sigmoid(...x)), h->n of them. */
static void many_nodes(const struct hostile *h, const char *dir)
{
    struct model *m = model_new(13);
    struct arena *a = model_arena(m);
    Onnx__GraphProto *g = model_proto(m)->graph;

    model_input(m, "v0", DT_F32, "4");
    model_output(m, numbered(a, "v", h->n), DT_F32, "4");
    g->node = (Onnx__NodeProto **)copies(a, model_node(m, "Sigmoid", "v0", "v1", NULL),
                                         sizeof(Onnx__NodeProto), h->n);
    g->n_node = (size_t)h->n;
    for (int64_t i = 0; i < h->n; i++) {
        g->node[i]->input = arena_new_n(a, char *, 1);
        g->node[i]->output = arena_new_n(a, char *, 1);
        g->node[i]->input[0] = numbered(a, "v", i);
        g->node[i]->output[0] = numbered(a, "v", i + 1);
    }
    hostile_write(m, dir);
}

static void many_initialisers(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    struct arena *a = model_arena(m);
    Onnx__GraphProto *g = model_proto(m)->graph;

    g->initializer = (Onnx__TensorProto **)copies(a, g->initializer[0], sizeof(Onnx__TensorProto),
                                                  h->n);
    g->n_initializer = (size_t)h->n;
    for (int64_t i = 1; i < h->n; i++)
        g->initializer[i]->name = numbered(a, "unused", i);
    hostile_write(m, dir);
}

static void many_inputs(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    struct arena *a = model_arena(m);
    Onnx__GraphProto *g = model_proto(m)->graph;

    g->input = (Onnx__ValueInfoProto **)copies(a, g->input[0], sizeof(Onnx__ValueInfoProto), h->n);
    g->n_input = (size_t)h->n;
    for (int64_t i = 1; i < h->n; i++)
        g->input[i]->name = numbered(a, "in", i);
    hostile_write(m, dir);
}

static void many_outputs(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    Onnx__GraphProto *g = model_proto(m)->graph;

    g->output = (Onnx__ValueInfoProto **)copies(model_arena(m), g->output[0],
                                                sizeof(Onnx__ValueInfoProto), h->n);
    g->n_output = (size_t)h->n;
    hostile_write(m, dir);
}

/* One node with h->n inputs, the same each time. */
static void many_operands(const struct hostile *h, const char *dir)
{
    struct model *m = hostile_add();
    Onnx__NodeProto *sum = model_node(m, "Concat", "", "z", "axis=0");

    sum->input = arena_new_n(model_arena(m), char *, h->n);
    sum->n_input = (size_t)h->n;
    for (int64_t i = 0; i < h->n; i++)
        sum->input[i] = "y";
    model_output(m, "z", DT_F32, NULL);
    hostile_write(m, dir);
}

const struct hostile hostile_names[] = {
#define NAME(label, text) { "name_" #label, NULL, name, .inputs = text },
#define LONG(label, text, count) { "name_" #label, NULL, long_name, .inputs = text, .n = count },
#define MANY(label, make, count, words) { "many_" #label, words, make, .n = count },
#include "names.def"
#undef NAME
#undef LONG
#undef MANY
};
const int n_hostile_names = COUNT(hostile_names);
