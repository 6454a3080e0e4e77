// SPDX-License-Identifier: Apache-2.0
/* select - node -> kernel: the first row that is allowed and accepts it. */
#include "base/arena.h"
#include "codegen/stages.h"

#include <assert.h>

static const struct kernel *choose(const struct node *n, enum family best)
{
    for (int i = 0; i < n->op->n_kernels; i++) {
        const struct kernel *k = &n->op->kernels[i];

        if (k->family <= best && (!k->match || k->match(n)))
            return k;
    }
    assert(!"no kernel accepts what infer() let by");
    return NULL;
}

void plan_select(struct arena *a, struct plan *p, struct graph *g, const struct plan_options *opt)
{
    int n_nodes = 0;

    graph_foreach_node(n, g)
        n_nodes++;
    p->steps = arena_new_n(a, struct step, n_nodes + 1);
    graph_foreach_node(n, g) {
        struct step *s = &p->steps[p->n_steps];

        if (plan_is_alias(p, n))
            continue;
        s->node = n;
        s->kernel = choose(n, opt->family);
        s->scratch_size = s->kernel->scratch ? s->kernel->scratch(n) : 0;
        p->n_steps++;
    }
}
