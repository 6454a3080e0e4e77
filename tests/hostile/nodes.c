// SPDX-License-Identifier: Apache-2.0
/* nodes.c - models of one node, written as text:
 *
 *     inputs   "x:f32[1,2,5,5] w=f32[3,2,3,3] s=i64[2]{7,-1} -"
 *     outputs  "y:f32[1,3,3,3]", "y" for f32 of any shape
 *
 * `:` is an input of the model, `=` an initialiser, of zeros unless numbers
 * follow; `-` is left out. */
#include "hostile.h"

#include "base/arena.h"
#include "base/count.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void store(enum dtype t, void *data, int i, const char *number)
{
    switch (t) {
    case DT_F32: ((float *)data)[i] = strtof(number, NULL); break;
    case DT_F64: ((double *)data)[i] = strtod(number, NULL); break;
    case DT_I64: ((int64_t *)data)[i] = strtoll(number, NULL, 10); break;
    case DT_I32: ((int32_t *)data)[i] = (int32_t)strtol(number, NULL, 10); break;
    case DT_BOOL: case DT_U8: ((uint8_t *)data)[i] = (uint8_t)strtol(number, NULL, 10); break;
    default: abort();
    }
}

/* The numbers of "{7,-1}". */
static void *numbers(struct arena *a, enum dtype t, const char *list)
{
    void *data = arena_alloc(a, (strlen(list) + 1) * 8);
    int n = 0;

    for (const char *at = list; *at && *at != '}'; n++) {
        store(t, data, n, at + 1);
        at += 1 + strcspn(at + 1, ",}");
    }
    return data;
}

static enum dtype type_named(const char *name)
{
    for (int t = DT_NONE + 1; t < N_DTYPES; t++)
        if (strcmp(dtype_name((enum dtype)t), name) == 0)
            return (enum dtype)t;
    abort();
}

enum kind { INPUT, OUTPUT };

/* Adds what "x:f32[4]" says to the model.  Returns the name. */
static const char *declare(struct model *m, char *word, enum kind kind)
{
    const size_t n = strcspn(word, ":=");
    const char mark = word[n];

    if (!mark && kind == OUTPUT && *word != '-')
        model_output(m, word, DT_F32, NULL);
    if (!mark)
        return word;
    word[n] = '\0';
    char *type = word + n + 1, *shape = strchr(type, '['), *data = strchr(type, '{');

    if (shape) {
        *shape++ = '\0';
        shape[strcspn(shape, "]")] = '\0';
    }
    const enum dtype t = type_named(type);

    if (mark == '=')
        model_initialiser(m, word, t, shape, data ? numbers(model_arena(m), t, data) : NULL);
    else if (kind == INPUT)
        model_input(m, word, t, shape);
    else
        model_output(m, word, t, shape);
    return word;
}

/* All of a list.  Returns the names, with spaces between. */
static const char *declare_all(struct model *m, const char *list, enum kind kind)
{
    struct arena *a = model_arena(m);
    const char *names = "";

    for (char *word = strtok(arena_strdup(a, list), " "); word; word = strtok(NULL, " "))
        names = arena_printf(a, "%s%s%s", names, *names ? " " : "", declare(m, word, kind));
    return names;
}

static void one_node(const struct hostile *h, const char *dir)
{
    struct model *m = model_new(h->opset);
    const char *inputs = declare_all(m, h->inputs, INPUT);

    model_node(m, h->op, inputs, declare_all(m, h->outputs, OUTPUT), h->attributes);
    model_node_name(m, "node");
    hostile_write(m, dir);
}

const struct hostile hostile_nodes[] = {
#define REFUSED(name, opset, op, inputs, attributes, says) \
    { #name, says, one_node, #op, inputs, "y", attributes, opset, 0 },
#define ACCEPTED(name, opset, op, inputs, outputs, attributes) \
    { #name, NULL, one_node, #op, inputs, outputs, attributes, opset, 0 },
#include "nodes.def"
#undef REFUSED
#undef ACCEPTED
};
const int n_hostile_nodes = COUNT(hostile_nodes);
