// SPDX-License-Identifier: Apache-2.0
/* resc verify - does the generated C compute what the model says? */
#include "cli/buildrun.h"
#include "cli/certificate.h"
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/data_set.h"

#include <string.h>

static const struct option_row rows[] = {
    { OPT_DATA, "--data", "DIR", "the folder with test_data_set_*/input_K.pb and\n"
      "output_K.pb, or inputs NAME.npy [that of the model]", false },
    { OPT_RTOL, "--rtol", "X", "relative tolerance [1e-3]", false },
    { OPT_ATOL, "--atol", "X", "absolute tolerance [1e-5]", false },
    { OPT_LAYERS, "--layers", NULL, "hold the error of every step against what is proven of\n"
      "its rounding, and name the first that is above", false },
    { OPT_CONST_INPUTS, "--const-inputs", NULL, "inputs of which an operator needs the value when\n"
      "the model is compiled (shapes, axes) take it from the\ndata", false },
    OPTION_DIM,
    OPTION_LEVEL,
    OPTIONS_PLAN,
    OPTIONS_PASS,
    OPTION_CC_FLAGS,
    { OPT_KEEP, "--keep", "DIR", "build in DIR, and leave it there", false },
    OPTIONS_LOAD,
    OPTION_WARNING,
    OPTION_JSON,
};

/* In the order of how bad they are. */
enum status { PASS, WRONG, NO_DATA, RUN_FAILED, BUILD_BROKEN, REFUSED };
static const char *const status_names[] = {
    "pass", "wrong", "no-data", "run-failed", "build-failed", "refused",
};

struct result { /* of one data set */
    enum status status;
    const struct program *program;
    const struct tensor *got, *want;
    struct comparison *c; /* n_out */
    int n_out;
    bool has_layers;
    struct layers layers;
};

/* A program serves all data sets whose inputs have the same types and shapes. */
struct shared_program {
    const struct data_set *first_user;
    struct program program;
    struct shared_program *next;
};

struct verify {
    struct cmd cmd;
    struct tolerance tolerance;
    const char *data, *keep, *cc_flags;
    bool layers, const_inputs;

    struct workdir dir;
    const char *compiler; /* with --layers */
    struct shared_program *programs;
    int n_programs;
    const struct data_set *sets;
    int n_sets;
    struct result *results;
};

static bool set_option(void *ctx, int id, const char *value)
{
    struct verify *v = ctx;

    switch (id) {
    case OPT_DATA: v->data = value; return true;
    case OPT_KEEP: v->keep = value; return true;
    case OPT_CC_FLAGS: v->cc_flags = value; return true;
    case OPT_LAYERS: v->layers = true; return true;
    case OPT_CONST_INPUTS: v->const_inputs = true; return true;
    case OPT_RTOL: return cmd_number(&v->cmd, "--rtol", value, &v->tolerance.rtol);
    case OPT_ATOL: return cmd_number(&v->cmd, "--atol", value, &v->tolerance.atol);
    }
    return true;
}

static bool same_shapes(const struct data_set *x, const struct data_set *y)
{
    if (x->source != DATA_FILES || y->source != DATA_FILES)
        return x->source == y->source;
    if (x->n_in != y->n_in)
        return false;
    for (int i = 0; i < x->n_in; i++)
        if (x->in[i].type != y->in[i].type || !shape_equal(&x->in[i].shape, &y->in[i].shape))
            return false;
    return true;
}

static struct compile_options options_for(const struct verify *v, const struct data_set *s)
{
    struct compile_options opt = v->cmd.compile;

    opt.load.data = s->in;
    opt.load.n_data = s->n_in;
    opt.load.offer_data = v->const_inputs;
    return opt;
}

static const struct program *program_for(struct verify *v, const struct data_set *s)
{
    struct shared_program *p = v->programs;

    /* Inputs that may have become constants make a program of their own. */
    while (p && (v->const_inputs || !same_shapes(p->first_user, s)))
        p = p->next;
    if (p)
        return &p->program;

    struct diag *d = &v->cmd.diag;
    const struct diag before = *d;
    struct compile_options opt = options_for(v, s);

    opt.emit.trace = v->layers;
    d->n_errors = 0; /* those about another data set do not make this one fail */
    if (v->n_programs > 0) { /* what there is to say of the model was said */
        memset(d->off, true, sizeof d->off);
        d->quiet_notes = true;
    }
    cmd_progress(&v->cmd, "%s: compiling and building...", v->cmd.model);
    p = arena_new_n(v->cmd.arena, struct shared_program, 1);
    *p = (struct shared_program){ s, .next = v->programs };
    p->program = program_compile(v->cmd.arena, &opt, &v->dir,
                                 v->n_programs ? arena_printf(v->cmd.arena, "_%d", v->n_programs) :
                                 "", d);
    program_build(v->cmd.arena, &p->program, v->cc_flags, d);
    d->n_errors += before.n_errors;
    memcpy(d->off, before.off, sizeof d->off);
    d->quiet_notes = before.quiet_notes;
    v->programs = p;
    v->n_programs++;
    return &p->program;
}

/* What the interpreter makes of the graph as it is in the file.  NULL after a
 * diagnostic. */
static struct tensor *interpreted(struct verify *v, const struct data_set *s, int *n)
{
    struct arena *a = v->cmd.arena;
    const struct compile_options opt = options_for(v, s);
    struct graph *g = compile_graph_as_is(a, &opt, &v->cmd.diag);
    const struct tensor *in = g ? data_set_inputs(a, s, g, &v->cmd.diag) : NULL;

    if (!in)
        return NULL;
    cmd_progress(&v->cmd, "%s: interpreting...", v->cmd.model);
    *n = g->n_outputs;
    return graph_interpret(a, g, in);
}

/* Says which step is the first that rounding does not explain, if any. */
static void judge_layers(struct verify *v, const struct data_set *s, const struct result *r)
{
    const struct layers *l = &r->layers;
    const struct plan *p = r->program->made.plan;
    const struct layer *off = l->first_off < 0 ? NULL : &l->layer[l->first_off];

    if (!off)
        return;
    cmd_progress(&v->cmd, "%s", "");
    diag_error(&v->cmd.diag, "%s: step %d, %s, by %s, has an error of %.3g, which is not of "
               "rounding: that is at most %.3g", s->name, off->step + 1,
               p->steps[off->step].node->origin, p->steps[off->step].kernel->fn, off->error,
               off->bound);
}

/* Says what is wrong with an output, if anything. */
static bool judge(struct verify *v, const struct data_set *s, const struct result *r, int k)
{
    const struct tensor *got = &r->got[k], *want = &r->want[k];
    const struct comparison *c = &r->c[k];
    char text[ELEMENT_TEXT_MAX], g[SHAPE_TEXT_MAX], w[SHAPE_TEXT_MAX];

    if (comparison_ok(c))
        return true;
    cmd_progress(&v->cmd, "%s", "");
    if (!c->comparable)
        diag_error(&v->cmd.diag, "%s: output '%s' is %s%s, wanted %s%s", s->name, got->name,
                   dtype_name(got->type), shape_text(&got->shape, g), dtype_name(want->type),
                   shape_text(&want->shape, w));
    else
        diag_error(&v->cmd.diag, "%s: output '%s': %lld of %lld elements are off; first %s",
                   s->name, got->name, (long long)c->n_off, (long long)c->n,
                   element_text(got, want, c->first_off, text));
    return false;
}

static enum status compare_outputs(struct verify *v, const struct data_set *s, struct result *r)
{
    struct arena *a = v->cmd.arena;
    int n_want = s->n_out;

    r->want = n_want ? s->out : interpreted(v, s, &n_want);
    if (!r->want)
        return NO_DATA;
    if (n_want > r->program->made.graph->n_outputs) {
        diag_error(&v->cmd.diag, "%s has %d outputs, the model %d", s->name, n_want,
                   r->program->made.graph->n_outputs);
        return NO_DATA;
    }
    r->c = arena_new_n(a, struct comparison, n_want + 1);
    r->n_out = n_want;
    bool ok = true;

    for (int k = 0; k < n_want; k++) {
        r->c[k] = compare(&r->got[k], &r->want[k], v->tolerance);
        ok = judge(v, s, r, k) && ok;
    }
    return ok ? PASS : WRONG;
}

static enum status verify_set(struct verify *v, const struct data_set *s, int index,
                              struct result *r)
{
    static const enum status of_build[] = { PASS, REFUSED, BUILD_BROKEN };
    struct arena *a = v->cmd.arena;
    struct diag *d = &v->cmd.diag;
    const struct program *p = r->program = program_for(v, s);

    if (p->state != BUILD_OK)
        return of_build[p->state];
    cmd_progress(&v->cmd, "%s: running %d/%d...", v->cmd.model, index + 1, v->n_sets);
    const struct tensor *in = data_set_inputs(a, s, p->made.graph, d);
    struct tensor *got = arena_new_n(a, struct tensor, p->made.graph->n_outputs + 1);
    const char *tag = arena_printf(a, "set_%d", index);
    const char *trace = v->layers ? arena_printf(a, "%s/%s.trace", v->dir.path, tag) : NULL;

    r->got = got;
    if (!in)
        return NO_DATA;
    if (!program_run(a, p, tag, in, got, trace, d))
        return RUN_FAILED;
    if (v->layers) {
        r->has_layers = layers_compare(a, &p->made, in, trace, v->tolerance, &r->layers, d);
        if (!r->has_layers)
            return RUN_FAILED;
        judge_layers(v, s, r);
    }
    const enum status status = compare_outputs(v, s, r);

    return status == PASS && r->has_layers && r->layers.first_off >= 0 ? WRONG : status;
}

static const char *top1_text(enum top1 t)
{
    return t == TOP1_EQUAL ? ", top-1 equal" : t == TOP1_DIFFERS ? ", top-1 DIFFERS" : "";
}

static void print_set(const struct verify *v, const struct data_set *s, const struct result *r)
{
    const struct cmd *cmd = &v->cmd;

    for (int k = 0; k < r->n_out; k++) {
        const struct comparison *c = &r->c[k];
        char shape[SHAPE_TEXT_MAX];

        printf("%s: %s %s%s: ", s->name, cmd_escaped(cmd, r->got[k].name),
               dtype_name(r->got[k].type), shape_text(&r->got[k].shape, shape));
        if (c->comparable)
            printf("max abs %.3g, max rel %.3g, max ulp %lld%s: ", c->max_abs, c->max_rel,
                   (long long)c->max_ulp, top1_text(c->top1));
        puts(comparison_ok(c) ? "ok" : "WRONG");
    }
    if (r->has_layers)
        certificate_print(&r->layers, &(struct certified){ &r->program->made, s->name,
                                                           v->compiler });
}

static void json_set(const struct verify *v, struct json *j, const struct data_set *s,
                     const struct result *r)
{
    json_object(j, NULL);
    json_string(j, "name", s->name);
    json_string(j, "status", status_names[r->status]);
    json_array(j, "outputs");
    for (int k = 0; k < r->n_out; k++) {
        const struct comparison *c = &r->c[k];

        json_object(j, NULL);
        json_string(j, "name", r->got[k].name);
        json_bool(j, "ok", comparison_ok(c));
        if (c->comparable) {
            json_int(j, "elements", c->n);
            json_int(j, "off", c->n_off);
            json_number(j, "max_abs", c->max_abs);
            json_number(j, "max_rel", c->max_rel);
            json_int(j, "max_ulp", c->max_ulp);
        }
        if (c->top1 != TOP1_NONE)
            json_bool(j, "top1_equal", c->top1 == TOP1_EQUAL);
        json_end_object(j);
    }
    json_end_array(j);
    if (r->has_layers)
        certificate_json(j, &r->layers, &(struct certified){ &r->program->made, s->name,
                                                             v->compiler });
    json_end_object(j);
}

static void report(struct verify *v, enum status status)
{
    struct cmd *c = &v->cmd;

    if (!c->json) {
        for (int i = 0; i < v->n_sets; i++)
            print_set(v, &v->sets[i], &v->results[i]);
        printf("%s: %s (%d data set%s, rtol %g, atol %g)\n", c->model, status_names[status],
               v->n_sets, v->n_sets == 1 ? "" : "s", v->tolerance.rtol, v->tolerance.atol);
        return;
    }
    cmd_json_begin(c);
    json_string(&c->doc, "status", status_names[status]);
    json_number(&c->doc, "rtol", v->tolerance.rtol);
    json_number(&c->doc, "atol", v->tolerance.atol);
    json_array(&c->doc, "sets");
    for (int i = 0; i < v->n_sets; i++)
        json_set(v, &c->doc, &v->sets[i], &v->results[i]);
    json_end_array(&c->doc);
    cmd_json_end(c);
}

/* Data that cannot be read matter only if the model can. */
static enum status without_data(struct verify *v)
{
    struct cmd *c = &v->cmd;
    int n;

    if (!compile_graph(c->arena, &c->compile, NULL, &c->diag))
        return REFUSED;
    data_sets_find(c->arena, c->model, v->data, &n, &c->diag); /* says why not */
    return NO_DATA;
}

static enum status verify(struct verify *v)
{
    struct cmd *c = &v->cmd;
    struct diag quiet = diag_new(c->arena, c->model);
    enum status status = PASS;

    quiet.sink = diag_silent;
    v->sets = data_sets_find(c->arena, c->model, v->data, &v->n_sets, &quiet);
    if (!v->sets) {
        v->n_sets = 0;
        return without_data(v);
    }
    if (!workdir_open(&v->dir, c->arena, v->keep, &c->diag)) {
        v->n_sets = 0;
        return RUN_FAILED;
    }
    if (v->layers)
        v->compiler = compiler_version(c->arena, &v->dir);
    v->results = arena_new_n(c->arena, struct result, v->n_sets);
    for (int i = 0; i < v->n_sets; i++) {
        struct result *r = &v->results[i];

        r->status = verify_set(v, &v->sets[i], i, r);
        cmd_progress(c, "%s", "");
        if (r->status > status)
            status = r->status;
    }
    workdir_close(&v->dir);
    return status;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct verify v = { .cmd = cmd_new(self), .tolerance = { .rtol = 1e-3, .atol = 1e-5 } };
    const int parsed = cmd_parse(&v.cmd, argc, argv, set_option, &v);

    if (parsed != CMD_GO)
        return cmd_end(&v.cmd, parsed);
    const enum status status = verify(&v);

    report(&v, status);
    return cmd_end(&v.cmd, status == PASS ? EXIT_DONE : EXIT_FAULT);
}

const struct command command_verify = {
    .name = "verify",
    .brief = "compile, build, run, and compare with reference outputs",
    .usage = "MODEL.onnx [--data=DIR] [OPTIONS]",
    .about = "Compiles the model, builds the C with ${CC:-cc} -O2, runs it and compares every\n"
             "output: with output_K.pb of the data sets, or, where there are none, with the\n"
             "double-precision interpreter on random inputs.  The data fix dimensions that\n"
             "the model leaves open.  Exits 0 only if all agree.",
    .options = rows, .n_options = COUNT(rows),
    .run = run,
};
