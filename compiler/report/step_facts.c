// SPDX-License-Identifier: Apache-2.0
#include "report/step_facts.h"

#include "base/arena.h"
#include "codegen/cost.h"

/* Reorder steps that the plan put in were not chosen for: they have no candidates. */
static double predicted_ms(const struct report *r, const struct step *s)
{
    const struct choice *c = &r->plan->choice[s->node->id];

    if (c->n_candidates)
        return c->candidates[c->chosen].us / 1000;
    return s->node->op == &op_reorder ? cost_reorder(s->node->in[0]) / 1000 : 0;
}

static double step_ms(const struct report *r, int step)
{
    return r->bench ? r->bench->steps[step].min : predicted_ms(r, &r->plan->steps[step]);
}

/* What shares are of, as `resc bench` has it: the median, where there is one. */
static double shared_ms(const struct report *r, int step)
{
    return r->bench ? r->bench->steps[step].median : step_ms(r, step);
}

static double bytes_read(const struct plan *p, const struct step *s)
{
    double bytes = 0;

    for (int i = 0; i < s->node->n_in; i++) {
        const struct value *v = s->in[i];

        if (v)
            bytes += (double)(v->data ? value_size(v) : layout_size(v, &p->layout[v->id]));
    }
    return bytes;
}

static double bytes_written(const struct plan *p, const struct step *s)
{
    double bytes = 0;

    for (int k = 0; k < s->node->n_out; k++)
        if (s->node->out[k])
            bytes += (double)layout_size(s->node->out[k], &p->layout[s->node->out[k]->id]);
    return bytes;
}

static struct step_facts facts_of_step(const struct report *r, int step)
{
    const struct step *s = &r->plan->steps[step];
    struct step_facts f = { .ms = step_ms(r, step) };

    f.macs = node_macs(s->node);
    f.read = bytes_read(r->plan, s);
    f.written = bytes_written(r->plan, s);
    f.gflops = f.ms > 0 ? 2 * f.macs / f.ms * 1e-6 : 0;
    f.intensity = f.read + f.written > 0 ? 2 * f.macs / (f.read + f.written) : 0;
    f.percent = r->bench && r->bench->peak_gflops > 0 ? 100 * f.gflops / r->bench->peak_gflops : 0;
    return f;
}

const struct step_facts *step_facts(const struct report *r)
{
    const int n = r->plan->n_steps;
    struct step_facts *f = arena_new_n(r->after->arena, struct step_facts, n + 1);
    double all = 0;

    for (int s = 0; s < n; s++) {
        f[s] = facts_of_step(r, s);
        all += shared_ms(r, s);
    }
    for (int s = 0; s < n; s++)
        f[s].share = all > 0 ? 100 * shared_ms(r, s) / all : 0;
    return f;
}

double report_peak(const struct report *r)
{
    return r->bench ? r->bench->peak_gflops * 1e9 : COST_PEAK_FLOPS;
}

double report_bandwidth(const struct report *r)
{
    return r->bench ? r->bench->bandwidth : COST_BANDWIDTH;
}

const char *report_times_text(const struct report *r)
{
    return r->bench ? "measured" : "predicted by the cost model";
}
