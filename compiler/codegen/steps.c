// SPDX-License-Identifier: Apache-2.0
/* steps - the nodes that run, in order, each with its kernel. */
#include "base/arena.h"
#include "codegen/stages.h"

static const struct layout **layouts_in(struct arena *a, const struct plan *p,
                                        const struct node *n)
{
    const struct layout **in = arena_new_n(a, const struct layout *, n->n_in + 1);

    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i] ? &p->layout[n->in[i]->id] : NULL;
    return in;
}

void plan_steps(struct arena *a, struct plan *p, struct graph *g)
{
    int n_nodes = 0;

    graph_foreach_node(n, g)
        n_nodes++;
    p->steps = arena_new_n(a, struct step, n_nodes + 1);
    graph_foreach_node(n, g) {
        struct step *s = &p->steps[p->n_steps];
        const struct choice *c = &p->choice[n->id];

        if (plan_is_alias(p, n))
            continue;
        s->node = n;
        s->kernel = c->n_candidates ? plan_kernel(p, n) : n->op->kernels; /* a view's: a copy */
        s->in = c->in;
        s->layouts = layouts_in(a, p, n);
        s->scratch_size = s->kernel->scratch ? s->kernel->scratch(n) : 0;
        p->n_steps++;
    }
}

void plan_params(const struct plan *p, const struct step *s, void *bytes)
{
    const struct params *params = s->node->op->params;

    params->fill(s->node, bytes);
    if (params->place && (s->kernel->in == LAYOUT_C16 || s->kernel->out == LAYOUT_C16))
        params->place(s->node, s->layouts, &p->layout[s->node->out[0]->id], bytes);
}
