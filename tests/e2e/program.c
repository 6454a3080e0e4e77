// SPDX-License-Identifier: Apache-2.0
#include "program.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "compile.h"
#include "config.h"
#include "interpret.h"
#include "model.h"
#include "process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *name)
{
    fprintf(stderr, "%s: %s\n", name, what);
    abort();
}

/* f32 in [-1, 1), integers and bools 0 and 1. */
static const void *random_input(struct arena *a, const struct value *v, uint32_t seed)
{
    const int64_t n = shape_len(&v->shape);
    const size_t size = dtype_size(v->type);
    unsigned char *bytes = arena_alloc(a, (size_t)n * size + 1);

    for (int64_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        const float x = (float)(seed >> 8) * 0x1p-23f - 1.0f;

        if (v->type == DT_F32)
            memcpy(bytes + (size_t)i * size, &x, size);
        else
            bytes[(size_t)i * size] = (unsigned char)(seed >> 31); /* little-endian */
    }
    return bytes;
}

static void write_file(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)
        die("cannot be written", path);
}

struct e2e e2e_new(const struct e2e_model *model)
{
    struct model *m = model_new(model->opset);
    struct arena *a = model_arena(m);
    struct e2e e = { .model = m, .arena = a, .name = model->name, .dir = folder_new(a) };
    struct diag *d = arena_new_n(a, struct diag, 1);

    *d = diag_new(a, model->name);
    e.onnx = arena_printf(a, "%s/%s.onnx", e.dir, e.name);
    model->build(m);
    if (!model_write(m, e.onnx))
        die("cannot be written", e.onnx);
    struct compile_options opt = compile_defaults(e.onnx);

    opt.passes.level = 0;
    opt.passes.disable = "all";
    e.graph = compile_graph(a, &opt, NULL, d);
    if (!e.graph)
        die("is refused", e.name);
    e.inputs = arena_new_n(a, const void *, e.graph->n_inputs + 1);
    for (int i = 0; i < e.graph->n_inputs; i++) {
        e.inputs[i] = random_input(a, e.graph->inputs[i], (uint32_t)i + 1);
        write_file(arena_printf(a, "%s/in_%d.raw", e.dir, i), e.inputs[i],
                   value_size(e.graph->inputs[i]));
    }
    e.values = interpret(a, e.graph, e.inputs);
    return e;
}

void e2e_end(struct e2e *e)
{
    folder_remove(e->dir);
    model_free(e->model);
}

const char *form_text(const struct e2e *e, const struct form *f)
{
    static const char *const weights[] = { "auto", "inline", "incbin", "file" };
    static const char *const kernels[] = { "auto", "native", "blas", "ref" };

    return arena_printf(e->arena, "%s: %s, weights %s, kernels %s%s%s, -O%d", e->name,
                        f->bundle ? "bundled" : "linked", weights[f->weights],
                        kernels[f->kernels], f->strict ? " strict" : "", f->small ? " small" : "",
                        f->level);
}

bool e2e_compile(const struct e2e *e, const struct form *f)
{
    struct arena *a = e->arena;
    struct diag d = diag_new(a, e->name);
    struct compile_options opt = compile_defaults(e->onnx);

    opt.passes.level = f->level;
    opt.passes.no_exact_rewrites = f->no_exact_rewrites;
    opt.plan.kernels = f->kernels;
    opt.plan.strict = f->strict;
    opt.plan.small = f->small;
    opt.emit.c_path = arena_printf(a, "%s/%s.c", e->dir, e->name);
    opt.emit.prefix = e->name;
    opt.emit.weights = f->weights;
    opt.emit.weights_path = arena_printf(a, "%s/%s.bin", e->dir, e->name);
    opt.emit.bundle = f->bundle;
    opt.emit.with_main = f->with_main;
    opt.emit.selftest = f->selftest;
    return compile(a, &opt, NULL, &d);
}

const char *compile_flags(const struct e2e *e, const struct form *f)
{
    const char *no_blas = RESC_HAVE_BLAS ? "" : " -DRESC_NO_BLAS";

    return f->bundle ? no_blas :
           arena_printf(e->arena, "-I'%s'%s", getenv("RESC_RT_INCLUDE"), no_blas);
}

const char *link_flags(const struct e2e *e, const struct form *f)
{
    const char *blas = f->bundle && f->kernels == KERNELS_REF ? "" : RESC_BLAS_LIBS;

    return f->bundle ? arena_printf(e->arena, "%s -lm", blas) :
           arena_printf(e->arena, "'%s' %s -lm", getenv("RESC_RT_LIB"), blas);
}

bool e2e_build(const struct e2e *e, const struct form *f, const char *cc, const char *flags)
{
    struct process p;

    return shell(e->arena, &p, "%s %s %s -o %s/program %s/%s.c %s", cc, flags,
                 compile_flags(e, f), e->dir, e->dir, e->name, link_flags(e, f));
}

static bool same_element(enum dtype t, int64_t i, const void *got, const void *want)
{
    if (t != DT_F32) {
        const size_t size = dtype_size(t);

        return memcmp((const char *)got + (size_t)i * size, (const char *)want + (size_t)i * size,
                      size) == 0;
    }
    const double x = (double)((const float *)got)[i], y = (double)((const float *)want)[i];

    return x == y || fabs(x - y) <= 1e-5 + 1e-4 * fabs(y) || (isnan(x) && isnan(y));
}

bool same_tensor(enum dtype t, int64_t n, const void *got, const void *want, const char *what)
{
    for (int64_t i = 0; i < n; i++)
        if (!same_element(t, i, got, want)) {
            fprintf(stderr, "%s: element %lld differs", what, (long long)i);
            if (t == DT_F32)
                fprintf(stderr, ": %.9g, wanted %.9g", (double)((const float *)got)[i],
                        (double)((const float *)want)[i]);
            fputc('\n', stderr);
            return false;
        }
    return true;
}

bool e2e_agrees(const struct e2e *e, const struct form *f)
{
    struct arena *a = e->arena;
    struct diag d = diag_new(a, e->name);
    const char *line = arena_printf(a, "cd %s && ASAN_OPTIONS=detect_leaks=0 ./program", e->dir);
    struct process p;

    /* What main() allocates it never releases: leaks are not looked for. */
    if (f->weights == WEIGHTS_FILE)
        line = arena_printf(a, "%s %s.bin", line, e->name);
    for (int i = 0; i < e->graph->n_inputs; i++)
        line = arena_printf(a, "%s in_%d.raw", line, i);
    for (int i = 0; i < e->graph->n_outputs; i++)
        line = arena_printf(a, "%s out_%d.raw", line, i);
    if (!shell(a, &p, "%s", line))
        return false;
    for (int i = 0; i < e->graph->n_outputs; i++) {
        const struct value *v = e->graph->outputs[i];
        size_t size;
        char *got = file_read(arena_printf(a, "%s/out_%d.raw", e->dir, i), &size, &d);
        const bool ok = got && size == value_size(v) &&
                        same_tensor(v->type, shape_len(&v->shape), got, e->values[v->id],
                                    arena_printf(a, "%s, output %d", form_text(e, f), i));

        if (got)
            file_release(got);
        if (!ok)
            return false;
    }
    return true;
}
