// SPDX-License-Identifier: Apache-2.0
#include "cli/measure.h"

#include "cli/layers.h"

#include <string.h>

static const struct data_set random_inputs = { .name = "random inputs", .source = DATA_RANDOM };

bool measure_data_find(struct cmd *c, const char *dir, bool wanted, struct measure_data *out)
{
    struct diag quiet = diag_new(c->arena, c->model); /* what is beside the model is not asked for */
    const struct data_set *found = NULL;

    quiet.sink = diag_silent;
    *out = (struct measure_data){ &random_inputs, 1 };
    if (dir || wanted)
        found = data_sets_find(c->arena, c->model, dir, &out->n_sets, dir ? &c->diag : &quiet);
    if (!found) {
        out->n_sets = 1;
        return !dir;
    }
    out->sets = found;
    c->compile.load.data = found->in;
    c->compile.load.n_data = found->n_in;
    return true;
}

/* The worst of each step's outputs. */
static struct report_error *by_step(struct arena *a, const struct layers *l, int n_steps)
{
    static const char *const names[] = {
        [STEP_EXACT] = "exact", [STEP_WITHIN] = "within", [STEP_NO_BOUND] = "no bound",
        [STEP_OFF] = "OFF",
    };
    struct report_error *errors = arena_new_n(a, struct report_error, n_steps + 1);

    for (int i = 0; i < l->n; i++) {
        const struct layer *layer = &l->layer[i];
        struct report_error *e = &errors[layer->step];

        if (!e->known || !(layer->ratio <= e->ratio))
            *e = (struct report_error){ true, names[layer->verdict], layer->error, layer->bound,
                                        layer->ratio };
    }
    return errors;
}

static const struct report_error *errors_of(struct cmd *c, const struct workdir *dir,
                                            const struct data_set *s, const char *cc_flags,
                                            struct diag *d)
{
    struct compile_options opt = c->compile;
    const char *trace = arena_printf(c->arena, "%s/trace", dir->path);
    struct layers layers;

    opt.emit.trace = true;
    cmd_progress(c, "%s: compiling and building...", c->model);
    struct program p = program_compile(c->arena, &opt, dir, "_trace", d);

    program_build(c->arena, &p, cc_flags, d);
    if (p.state != BUILD_OK)
        return NULL;
    const struct tensor *in = data_set_inputs(c->arena, s, p.made.graph, d);
    struct tensor *got = arena_new_n(c->arena, struct tensor, p.made.graph->n_outputs + 1);

    cmd_progress(c, "%s: running and interpreting...", c->model);
    if (!in || !program_run(c->arena, &p, "set", in, got, trace, d) ||
        !layers_compare(c->arena, &p.made, in, trace, (struct tolerance){ 1e-3, 1e-5 }, &layers, d))
        return NULL;
    return by_step(c->arena, &layers, p.made.plan->n_steps);
}

static const char *first_error(struct arena *a, const struct diag *d)
{
    for (const struct diag_message *m = d->first; m; m = m->next)
        if (m->severity == DIAG_ERROR)
            return arena_printf(a, "Not measured: %s.", m->text);
    return "Not measured.";
}

const struct report_error *measure_errors(struct cmd *c, const struct measure_data *data,
                                          const char *cc_flags, const char **why_not)
{
    struct diag quiet = diag_new(c->arena, c->model);
    const struct report_error *errors = NULL;
    struct workdir dir;

    quiet.sink = diag_silent;
    if (workdir_open(&dir, c->arena, NULL, &quiet)) {
        errors = errors_of(c, &dir, data->sets, cc_flags, &quiet);
        workdir_close(&dir);
    }
    *why_not = errors ? NULL : first_error(c->arena, &quiet);
    return errors;
}

bool measure_speed(struct cmd *c, const struct speed_options *opt, struct speed *out)
{
    const struct diag before = c->diag;
    struct workdir dir;

    if (!workdir_open(&dir, c->arena, NULL, &c->diag))
        return false;
    memset(c->diag.off, true, sizeof c->diag.off); /* what there is to say of the model was said */
    c->diag.quiet_notes = true;
    const bool ok = speed_measure(c, &dir, opt, out);

    memcpy(c->diag.off, before.off, sizeof c->diag.off);
    c->diag.quiet_notes = before.quiet_notes;
    workdir_close(&dir);
    return ok;
}
