// SPDX-License-Identifier: Apache-2.0
#include "cli/trace.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "compile.h"

#include <string.h>

/* The trace is a sequence of records in native byte order: the step's index
 * (int32), the size in bytes (int64), the bytes. */
static const char *next_record(const char *at, const char *end, int32_t *step, int64_t *size)
{
    if (end - at < (ptrdiff_t)(sizeof *step + sizeof *size))
        return NULL;
    memcpy(step, at, sizeof *step);
    memcpy(size, at + sizeof *step, sizeof *size);
    at += sizeof *step + sizeof *size;
    return *size >= 0 && *size <= end - at ? at : NULL;
}

static const void *dense(struct arena *a, const struct value *v, const struct layout *layout,
                         const char *bytes)
{
    const size_t size = layout_size(v, layout);
    void *stored = arena_alloc(a, size + 1); /* records are not aligned */
    void *copy = layout->kind == LAYOUT_NCHW ? stored : arena_alloc(a, value_size(v) + 1);

    memcpy(stored, bytes, size);
    if (copy != stored)
        layout_to_nchw(v, layout, stored, copy);
    return copy;
}

static bool read_steps(struct arena *a, const struct plan *p, const char *at, const char *end,
                       const void **values, struct diag *d)
{
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *node = p->steps[s].node;

        for (int k = 0; k < node->n_out; k++) {
            const struct value *v = node->out[k];
            int32_t step;
            int64_t size;

            if (!v)
                continue;
            at = next_record(at, end, &step, &size);
            if (!at || step != s || (size_t)size != layout_size(v, &p->layout[v->id])) {
                diag_error(d, "the program's trace has no output of step %d, '%s'", s, v->name);
                return false;
            }
            values[v->id] = dense(a, v, &p->layout[v->id], at);
            at += size;
        }
    }
    return true;
}

const void **trace_values(struct arena *a, const struct compiled *made,
                          const struct tensor *inputs, const char *path, struct diag *d)
{
    const struct graph *g = made->graph;
    const void **values = arena_new_n(a, const void *, g->n_values + 1);
    size_t size;
    char *bytes = file_read(path, &size, d);

    if (!bytes)
        return NULL;
    for (int i = 0; i < g->n_values; i++)
        values[i] = g->values[i]->data;
    for (int i = 0; i < g->n_inputs; i++)
        values[g->inputs[i]->id] = inputs[i].data;
    const bool ok = read_steps(a, made->plan, bytes, bytes + size, values, d);

    file_release(bytes);
    graph_foreach_node(n, g)
        if (n->op->flags & OP_VIEW && !values[n->out[0]->id])
            values[n->out[0]->id] = values[n->in[0]->id];
    return ok ? values : NULL;
}
