// SPDX-License-Identifier: Apache-2.0
#include "trial.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "codegen/plan_file.h"
#include "ir/rewrite.h"
#include "onnx.pb-c.h"
#include "random_model.h"
#include "rng.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char *const verdict_names[N_VERDICTS] = {
#define VERDICT(sym, text) text,
    VERDICTS(VERDICT)
#undef VERDICT
};

void trial_fail(struct trial *t, enum verdict v, const char *why)
{
    t->verdict = v;
    t->why = why;
}

static bool write_bytes(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    const bool ok = f && fwrite(data, 1, size, f) == size;

    return f && fclose(f) == 0 && ok;
}

/* The first error. */
static const char *said(struct arena *a, const struct diag *d)
{
    for (const struct diag_message *m = d->first; m; m = m->next)
        if (m->severity == DIAG_ERROR)
            return arena_printf(a, "%s%s%s%s", m->op ? m->op : "", m->op ? ": " : "",
                                m->node ? arena_printf(a, "%s: ", m->node) : "", m->text);
    return "no message";
}

static const char *doc_of(const Onnx__ModelProto *m, const char *input)
{
    for (size_t i = 0; m && m->graph && i < m->graph->n_input; i++) {
        const Onnx__ValueInfoProto *p = m->graph->input[i];

        if (p->name && strcmp(p->name, input) == 0)
            return p->doc_string;
    }
    return NULL;
}

static void make_inputs(struct arena *a, struct trial *t)
{
    const struct graph *g = t->graph;
    Onnx__ModelProto *m = onnx__model_proto__unpack(NULL, t->size, t->model);

    t->inputs = arena_new_n(a, const void *, g->n_inputs + 1);
    for (int i = 0; i < g->n_inputs; i++) {
        const struct value *v = g->inputs[i];

        t->inputs[i] = random_elements(a, v->type, shape_len(&v->shape), doc_of(m, v->name),
                                       t->seed * 1000 + (uint64_t)i);
    }
    if (m)
        onnx__model_proto__free_unpacked(m, NULL);
}

/* A plan file that names any kernel for each node.  NULL: there is no plan at all. */
static const char *random_plan(struct arena *a, const struct trial *t, const char *stem,
                               const struct compile_options *opt, struct diag *d)
{
    struct model_info info;
    struct rng r = { t->seed };
    const char *path = arena_printf(a, "%s.plan", stem);
    struct graph *g = compile_graph(a, opt, &info, d);
    struct plan *p = g ? compile_plan(a, opt, g, &info, d) : NULL;
    FILE *f = p ? fopen(path, "w") : NULL;

    if (!f)
        return NULL;
    for (int i = 0; i < p->n_nodes; i++) {
        struct choice *c = &p->choice[p->nodes[i]->id];

        if (c->n_candidates)
            c->chosen = (int)rng_int(&r, 0, c->n_candidates - 1);
    }
    plan_file_write(a, f, p, info.sha256);
    fclose(f);
    return path;
}

static unsigned passes_that_rewrote(const struct graph *g)
{
    unsigned bits = 0;

    for (const struct rewrite *r = g->rewrites; r; r = r->next)
        bits |= 1u << (pass_find(r->pass) - all_passes);
    return bits;
}

static bool generate(struct arena *a, struct trial *t, const char *stem, const char *onnx,
                     struct diag *d)
{
    struct compile_options opt = compile_defaults(onnx);
    struct compiled made;

    opt.passes.level = t->form.level;
    opt.passes.disable = *t->form.disable ? t->form.disable : NULL;
    opt.plan.kernels = t->form.kernels;
    opt.plan.strict = t->form.strict;
    opt.plan.small = t->form.small;
    opt.plan.reproducible = t->form.reproducible;
    opt.emit.c_path = arena_printf(a, "%s.c", stem);
    opt.emit.prefix = t->name;
    opt.emit.weights = t->form.weights;
    opt.emit.weights_path = arena_printf(a, "%s.bin", stem);
    opt.emit.bundle = t->form.bundle;
    opt.emit.selftest = t->form.selftest;
    if (t->form.any_plan) {
        opt.plan_file = random_plan(a, t, stem, &opt, d);
        if (!opt.plan_file)
            return false;
    }
    if (!compile(a, &opt, &made, d))
        return false;
    t->rewrote = passes_that_rewrote(made.graph);
    return true;
}

/* All inputs in one file, in their order. */
static bool write_inputs(struct arena *a, const struct trial *t, const char *stem)
{
    FILE *f = fopen(arena_printf(a, "%s.in", stem), "wb");
    bool ok = f != NULL;

    for (int i = 0; ok && i < t->graph->n_inputs; i++) {
        const size_t size = value_size(t->graph->inputs[i]);

        ok = fwrite(t->inputs[i], 1, size, f) == size;
    }
    return f && fclose(f) == 0 && ok;
}

bool trial_prepare(struct arena *a, const struct setup *s, const char *dir, struct trial *t)
{
    const char *stem = arena_printf(a, "%s/%s", dir, t->name);
    const char *onnx = arena_printf(a, "%s.onnx", stem);
    struct diag d = diag_new(a, onnx);
    struct compile_options plain = compile_defaults(onnx);

    d.sink = diag_silent;
    if (!t->model)
        t->model = random_model(a, t->seed, &t->size);
    if (!write_bytes(onnx, t->model, t->size)) {
        trial_fail(t, TRIAL_UNSOUND, "the model cannot be written");
        return false;
    }
    plain.passes = (struct pass_options){ .level = 0, .disable = "all" };
    t->graph = compile_graph(a, &plain, NULL, &d);
    if (!t->graph || !generate(a, t, stem, onnx, &d)) {
        trial_fail(t, TRIAL_REFUSED, said(a, &d));
        return false;
    }
    make_inputs(a, t);
    t->reference = reference_run(a, t->graph, t->inputs, s->inject);
    if (t->reference.unsound) {
        trial_fail(t, TRIAL_UNSOUND, t->reference.unsound);
        return false;
    }
    return write_inputs(a, t, stem);
}

/* The first element that is off; -1: none is. */
static int64_t first_off(const struct value *v, const void *got, const void *want, double tolerance)
{
    const int64_t len = shape_len(&v->shape);
    const size_t size = dtype_size(v->type);

    for (int64_t i = 0; i < len; i++) {
        const char *g = (const char *)got + (size_t)i * size;
        const char *w = (const char *)want + (size_t)i * size;

        if (v->type != DT_F32 && memcmp(g, w, size) != 0)
            return i;
        if (v->type == DT_F32 &&
            !(fabs((double)((const float *)got)[i] - (double)((const float *)want)[i]) <=
              tolerance))
            return i;
    }
    return -1;
}

static const char *element(struct arena *a, const struct value *v, const void *data, int64_t i)
{
    switch (v->type) {
    case DT_F32: return arena_printf(a, "%.9g", (double)((const float *)data)[i]);
    case DT_I64: return arena_printf(a, "%lld", (long long)((const int64_t *)data)[i]);
    case DT_I32: return arena_printf(a, "%d", ((const int32_t *)data)[i]);
    default: return arena_printf(a, "%d", ((const unsigned char *)data)[i]);
    }
}

/* The outputs of one program, in a file, against the reference. */
static void judge_file(struct arena *a, const char *path, const char *who, struct trial *t)
{
    struct diag d = diag_new(a, NULL);
    size_t size, at = 0;
    char *got = file_read(path, &size, &d);

    if (!got) {
        trial_fail(t, TRIAL_RUN_FAILED, arena_printf(a, "%sthere are no outputs", who));
        return;
    }
    for (int k = 0; k < t->graph->n_outputs && t->verdict == TRIAL_PASS; k++) {
        const struct value *v = t->graph->outputs[k];
        const double tolerance = t->reference.tolerance[k];
        void *out = arena_alloc(a, value_size(v) + 1);

        if (at + value_size(v) > size) {
            trial_fail(t, TRIAL_WRONG, arena_printf(a, "%sthe outputs are cut off", who));
            break;
        }
        memcpy(out, got + at, value_size(v));
        at += value_size(v);
        const int64_t i = first_off(v, out, t->reference.out[k], tolerance);

        if (i >= 0)
            trial_fail(t, TRIAL_WRONG,
                       arena_printf(a, "%soutput '%s', element %lld: got %s, wanted %s within %.3g",
                                    who, v->name, (long long)i, element(a, v, out, i),
                                    element(a, v, t->reference.out[k], i), tolerance));
    }
    file_release(got);
}

void trial_judge(struct arena *a, const char *dir, struct trial *t)
{
    judge_file(a, arena_printf(a, "%s/%s.out", dir, t->name), "", t);
}

void trial_judge_ort(struct arena *a, const char *dir, struct trial *t)
{
    const char *path = arena_printf(a, "%s/%s.ort", dir, t->name);
    const char *said = arena_printf(a, "%s_said", path);

    t->has_ort = access(path, R_OK) == 0;
    if (t->has_ort)
        judge_file(a, path, "ONNX Runtime: ", t);
    else if (access(said, R_OK) == 0) {
        struct diag d = diag_new(a, NULL);
        size_t size;
        char *text = file_read(said, &size, &d);

        t->why = text ? arena_strdup(a, text) : NULL;
        if (text)
            file_release(text);
    }
}
