// SPDX-License-Identifier: Apache-2.0
#include "cli/speed.h"

#include "cli/peak.h"
#include "cli/summary.h"

bool speed_count(const struct cmd *c, const char *option, const char *value, int most, int *out)
{
    double x;

    if (!cmd_whole(c, option, value, 1, most, &x))
        return false;
    *out = (int)x;
    return true;
}

double speed_gflops(double macs, double ms)
{
    return ms > 0 ? 2 * macs / ms * 1e-6 : 0;
}

double speed_percent(const struct speed *s, double macs, double ms)
{
    return s->peak > 0 ? 100 * speed_gflops(macs, ms) / s->peak : 0;
}

double speed_share(const struct profile *p, int step)
{
    double all = 0;

    for (int s = 0; s < p->n_steps; s++)
        all += p->steps[s].median;
    return all > 0 ? 100 * p->steps[step].median / all : 0;
}

void speed_json(struct json *j, const struct speed_options *opt, const struct speed *s)
{
    const struct timing t = s->profile.run;
    const double macs = s->program.made.plan->macs;

    json_int(j, "runs", opt->runs);
    json_int(j, "threads", opt->threads);
    json_number(j, "median_ms", t.median);
    json_number(j, "min_ms", t.min);
    json_number(j, "gflops", speed_gflops(macs, t.min));
    json_number(j, "percent_of_peak", speed_percent(s, macs, t.min));
    json_number(j, "peak_gflops", s->peak);
    json_string(j, "isa", peak_isa());
}

void speed_json_steps(struct json *j, const struct speed *speed)
{
    const struct plan *plan = speed->program.made.plan;

    json_array(j, "layers");
    for (int s = 0; s < plan->n_steps; s++) {
        const struct step *step = &plan->steps[s];
        const struct timing t = speed->profile.steps[s];
        const double macs = node_macs(step->node);

        json_object(j, NULL);
        json_int(j, "step", s + 1);
        json_string(j, "origin", step->node->origin);
        json_string(j, "kernel", step->kernel->fn);
        value_json(j, step->node->out[0]);
        json_number(j, "macs", macs);
        json_number(j, "min_ms", t.min);
        json_number(j, "median_ms", t.median);
        json_number(j, "gflops", speed_gflops(macs, t.min));
        json_number(j, "percent_of_peak", speed_percent(speed, macs, t.min));
        json_number(j, "share_percent", speed_share(&speed->profile, s));
        json_end_object(j);
    }
    json_end_array(j);
}

/* The peak is measured before and after: the faster one is what the core could do. */
bool speed_measure(struct cmd *c, const struct workdir *dir, const struct speed_options *opt,
                   struct speed *out)
{
    const char *flags = arena_printf(c->arena, "%s %s", opt->threads > 1 ? "-fopenmp" : "",
                                     opt->cc_flags ? opt->cc_flags : "");

    c->compile.emit.profile = opt->steps;
    cmd_progress(c, "%s: compiling and building...", c->model);
    out->program = program_compile(c->arena, &c->compile, dir, "", &c->diag);
    program_build(c->arena, &out->program, flags, &c->diag);
    if (out->program.state != BUILD_OK)
        return false;
    cmd_progress(c, "%s: running...", c->model);
    const double before = peak_gflops();

    if (!program_profile(c->arena, &out->program, opt->runs, opt->threads, &out->profile,
                         &c->diag))
        return false;
    const double after = peak_gflops();

    out->peak = opt->threads * (before > after ? before : after);
    return true;
}
