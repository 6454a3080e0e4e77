// SPDX-License-Identifier: Apache-2.0
#include "codegen/explain.h"

#include "base/str.h"

static void print_step(const struct plan *p, const struct graph *g, int i, FILE *out)
{
    const struct step *s = &p->steps[i];
    const struct choice *c = &p->choice[s->node->id];
    char shape[SHAPE_TEXT_MAX];

    fprintf(out, "%5d  %-10s %s", i + 1, s->node->op->name,
            s->node->out[0] ? shape_text(&s->node->out[0]->shape, shape) : "");
    fprintf(out, "  # %s\n", str_escaped_copy(g->arena, s->node->origin, 200));
    for (int k = 0; k < c->n_candidates; k++)
        fprintf(out, "       %c %-32s %10.1f us%s\n", k == c->chosen ? '*' : ' ',
                kernel_name(c->candidates[k].kernel), c->candidates[k].us,
                c->candidates[k].measured ? " measured" : "");
}

void plan_explain(const struct plan *p, const struct graph *g, FILE *out)
{
    fprintf(out, "plan: %d steps, %.1f us a run expected; * is what runs\n", p->n_steps, p->us);
    for (int i = 0; i < p->n_steps; i++)
        print_step(p, g, i, out);
}
