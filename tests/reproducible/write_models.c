// SPDX-License-Identifier: Apache-2.0
/* write_models - DIR/everything.onnx, in which the models of tests/e2e are side by side, so
 * that one program has all kernels; and DIR/in_K.raw, its inputs. */
#include "../e2e/program.h"

#include "base/arena.h"
#include "model.h"
#include "onnx.pb-c.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPSET = 14, PARTS_MAX = 32 };

static struct model *parts[PARTS_MAX];
static int n_parts;

static char *prefixed(const char *prefix, char *name)
{
    return name && *name ? arena_printf(model_arena(parts[n_parts - 1]), "%s.%s", prefix, name)
                         : name;
}

static void prefix_all(const char *prefix, char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        names[i] = prefixed(prefix, names[i]);
}

/* The list `from` after the list `to`, of the same kind. */
#define APPEND(m, to, from, list) \
    do { \
        const size_t n = (to)->n_##list + (from)->n_##list; \
        void *all = arena_alloc(model_arena(m), (n + 1) * sizeof *(to)->list); \
        if ((to)->n_##list) \
            memcpy(all, (to)->list, (to)->n_##list * sizeof *(to)->list); \
        (to)->list = all; \
        for (size_t i = 0; i < (from)->n_##list; i++) \
            (to)->list[(to)->n_##list++] = (from)->list[i]; \
    } while (0)

static void add_part(struct model *m, const struct e2e_model *model)
{
    if (n_parts == PARTS_MAX)
        abort();
    struct model *part = parts[n_parts++] = model_new(OPSET);

    model->build(part);
    Onnx__GraphProto *g = model_proto(part)->graph, *to = model_proto(m)->graph;

    for (size_t i = 0; i < g->n_node; i++) {
        g->node[i]->name = prefixed(model->name, g->node[i]->name);
        prefix_all(model->name, g->node[i]->input, g->node[i]->n_input);
        prefix_all(model->name, g->node[i]->output, g->node[i]->n_output);
    }
    for (size_t i = 0; i < g->n_initializer; i++)
        g->initializer[i]->name = prefixed(model->name, g->initializer[i]->name);
    for (size_t i = 0; i < g->n_input; i++)
        g->input[i]->name = prefixed(model->name, g->input[i]->name);
    for (size_t i = 0; i < g->n_output; i++)
        g->output[i]->name = prefixed(model->name, g->output[i]->name);
    APPEND(m, to, g, node);
    APPEND(m, to, g, initializer);
    APPEND(m, to, g, input);
    APPEND(m, to, g, output);
}

/* Those whose operators mean the same in OPSET, and in whose names is nothing to test. */
static void everything(struct model *m)
{
    for (int i = 0; i < n_e2e_models; i++)
        if (e2e_models[i].opset >= 13 && strcmp(e2e_models[i].name, "hostile_names") != 0)
            add_part(m, &e2e_models[i]);
    for (int i = 0; i < n_e2e_native_models; i++)
        add_part(m, &e2e_native_models[i]);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: write_models DIR\n");
        return 2;
    }
    struct e2e e = e2e_new(&(struct e2e_model){ "everything", OPSET, everything });
    struct process p;
    const bool ok = shell(e.arena, &p, "cp '%s'/* '%s'", e.dir, argv[1]);

    e2e_end(&e);
    while (n_parts)
        model_free(parts[--n_parts]);
    return ok ? 0 : 1;
}
