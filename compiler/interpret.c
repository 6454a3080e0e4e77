// SPDX-License-Identifier: Apache-2.0
#include "interpret.h"

#include "base/arena.h"
#include "ops/op.h"

#include <assert.h>

const void **interpret(struct arena *a, const struct graph *g, const void *const *inputs)
{
    const void **data = arena_new_n(a, const void *, g->n_values + 1);

    for (int i = 0; i < g->n_values; i++)
        data[i] = g->values[i]->data;
    for (int i = 0; i < g->n_inputs; i++)
        data[g->inputs[i]->id] = inputs[i];
    graph_foreach_node(n, g) {
        const void **in = arena_new_n(a, const void *, n->n_in + 1);
        void **out = arena_new_n(a, void *, n->n_out + 1);

        for (int i = 0; i < n->n_in; i++) {
            in[i] = n->in[i] ? data[n->in[i]->id] : NULL;
            assert(!n->in[i] || in[i]);
        }
        for (int i = 0; i < n->n_out; i++)
            if (n->out[i])
                data[n->out[i]->id] = out[i] = arena_alloc(a, value_size(n->out[i]));
        n->op->eval(n, in, out);
    }
    return data;
}
