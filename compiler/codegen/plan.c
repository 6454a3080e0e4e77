// SPDX-License-Identifier: Apache-2.0
/* plan - the stages in order, and the plan as text. */
#include "codegen/plan.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "codegen/stages.h"

#include <stdint.h>
#include <string.h>

/* So that every offset and every length in bytes fits a 32-bit target too. */
#define WORKSPACE_MAX ((size_t)INT32_MAX)

struct plan *make_plan(struct arena *a, struct graph *g, const struct plan_options *opt,
                       struct diag *d)
{
    struct plan *p = arena_new_n(a, struct plan, 1);

    p->reproducible = opt->reproducible;
    plan_special(a, p, g, opt, d);
    plan_choose(a, p, g, opt);
    plan_layouts(a, p, g);
    p->place = arena_new_n(a, struct place, g->n_values + 1);
    plan_views(p, g);
    plan_steps(a, p, g);
    plan_live(p, g);
    plan_weights(a, p, g);
    plan_workspace(a, p, g);
    for (int i = 0; i < p->n_steps; i++)
        if (p->steps[i].node->op->macs)
            p->macs += p->steps[i].node->op->macs(p->steps[i].node);
    if (p->workspace_size > WORKSPACE_MAX || p->weights_size > WORKSPACE_MAX) {
        diag_error(d, "the model needs %zu bytes of workspace and %zu of weights, at most %zu are "
                      "supported", p->workspace_size, p->weights_size, WORKSPACE_MAX);
        return NULL;
    }
    return p;
}

const char *kernel_name(const struct kernel *k)
{
    return k->fn + strlen("resc_");
}

static void print_place(FILE *out, const struct plan *p, const struct value *v)
{
    static const char *const words[] = { "unused", "input", "output", "weight", "workspace" };
    const struct place *at = plan_place(p, v);

    fprintf(out, " %%%d %s%s", v->id, words[at->kind],
            p->layout[v->id].kind == LAYOUT_C16 ? " c16" : "");
    if (at->kind == PLACE_WORKSPACE)
        fprintf(out, "[%zu..%zu)", at->offset, at->offset + at->size);
}

void plan_print(const struct plan *p, const struct graph *g, FILE *out)
{
    fprintf(out, "plan: %d steps, %.0f MACs, weights %zu bytes, workspace %zu bytes "
                 "(lower bound %zu)\n", p->n_steps, p->macs, p->weights_size, p->workspace_size,
            p->lower_bound);
    for (int i = 0; i < p->n_steps; i++) {
        const struct step *s = &p->steps[i];
        fprintf(out, "  %-4d %-28s", i + 1, s->kernel->fn);
        for (int k = 0; k < s->node->n_out; k++)
            if (s->node->out[k])
                print_place(out, p, s->node->out[k]);
        if (s->scratch_size)
            fprintf(out, " scratch[%zu..%zu)", s->scratch_offset,
                    s->scratch_offset + s->scratch_size);
        fprintf(out, "  # %s%s%s\n", str_escaped_copy(g->arena, s->node->origin, 200),
                s->kernel->brief ? ": " : "", s->kernel->brief ? s->kernel->brief : "");
    }
}
