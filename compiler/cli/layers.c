// SPDX-License-Identifier: Apache-2.0
#include "cli/layers.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "compile.h"
#include "interpret.h"
#include "cli/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The trace is a sequence of records in native byte order: the step's index
 * (int32), the size in bytes (int64), the bytes. */
static const char *next_record(const char *at, const char *end, int32_t *step, int64_t *size)
{
    if (end - at < (ptrdiff_t)(sizeof *step + sizeof *size))
        return NULL;
    memcpy(step, at, sizeof *step);
    memcpy(size, at + sizeof *step, sizeof *size);
    at += sizeof *step + sizeof *size;
    return *size >= 0 && *size <= end - at ? at : NULL;
}

static struct layer compare_layer(struct arena *a, int step, const struct value *v,
                                  const char *bytes, const void *want, struct tolerance t)
{
    const size_t size = value_size(v);
    void *copy = arena_alloc(a, size ? size : 1); /* records are not aligned */
    const struct tensor g = { v->name, v->type, v->shape, copy };
    const struct tensor w = { v->name, v->type, v->shape, want };
    struct layer l = { .step = step, .value = v };

    memcpy(copy, bytes, size);
    l.c = compare(&g, &w, t);
    l.ok = v->type == DT_F32 ? l.c.max_abs <= t.atol + t.rtol * l.c.max_want : l.c.n_off == 0;
    return l;
}

static int count_outputs(const struct plan *p)
{
    int n = 0;

    for (int s = 0; s < p->n_steps; s++)
        n += p->steps[s].node->n_out;
    return n;
}

static bool compare_all(struct arena *a, const struct plan *p, const void **want,
                        const char *at, const char *end, struct tolerance t, struct layers *out,
                        struct diag *d)
{
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *node = p->steps[s].node;

        for (int k = 0; k < node->n_out; k++) {
            const struct value *v = node->out[k];
            int32_t step;
            int64_t size;

            if (!v)
                continue;
            at = next_record(at, end, &step, &size);
            if (!at || step != s || (size_t)size != value_size(v)) {
                diag_error(d, "the program's trace has no output of step %d, '%s'", s, v->name);
                return false;
            }
            struct layer *l = &out->layer[out->n];

            *l = compare_layer(a, s, v, at, want[v->id], t);
            if (!l->ok && out->first_off < 0)
                out->first_off = out->n;
            out->n++;
            at += size;
        }
    }
    return true;
}

bool layers_compare(struct arena *a, const struct compiled *made, const struct tensor *inputs,
                    const char *trace, struct tolerance t, struct layers *out, struct diag *d)
{
    const struct graph *g = made->graph;
    const void **in = arena_new_n(a, const void *, g->n_inputs + 1);
    size_t size;
    char *bytes = file_read(trace, &size, d);

    if (!bytes)
        return false;
    for (int i = 0; i < g->n_inputs; i++)
        in[i] = inputs[i].data;
    *out = (struct layers){
        .layer = arena_new_n(a, struct layer, count_outputs(made->plan) + 1), .first_off = -1,
    };
    const void **want = interpret(a, g, in);
    const bool ok = compare_all(a, made->plan, want, bytes, bytes + size, t, out, d);

    file_release(bytes);
    return ok;
}

static const char *origin(const struct compiled *made, const struct layer *l)
{
    const struct node *n = made->plan->steps[l->step].node;

    return n->origin ? n->origin : n->name ? n->name : "";
}

void layers_print(const struct layers *l, const struct compiled *made)
{
    printf("  step  %-30s %-22s %8s %8s\n", "what", "shape", "max abs", "max rel");
    for (int i = 0; i < l->n; i++) {
        const struct layer *one = &l->layer[i];
        struct str name = { 0 };
        char shape[SHAPE_TEXT_MAX];

        str_escaped(&name, origin(made, one), 27);
        printf("  %4d  %-30s %-22s %8.1e %8.1e%s\n", one->step + 1, str_text(&name),
               shape_text(&one->value->shape, shape), one->c.max_abs, one->c.max_rel,
               one->ok ? "" : "  OFF");
        str_free(&name);
    }
    if (l->first_off < 0) {
        puts("  every step agrees with the interpreter");
        return;
    }
    struct str name = { 0 };

    str_escaped(&name, origin(made, &l->layer[l->first_off]), 200);
    printf("  first step that is off: %d, %s\n", l->layer[l->first_off].step + 1,
           str_text(&name));
    str_free(&name);
}

void layers_json(struct json *j, const struct layers *l, const struct compiled *made)
{
    json_array(j, "layers");
    for (int i = 0; i < l->n; i++) {
        const struct layer *one = &l->layer[i];

        json_object(j, NULL);
        json_int(j, "step", one->step + 1);
        json_string(j, "origin", origin(made, one));
        value_json(j, one->value);
        json_number(j, "max_abs", one->c.max_abs);
        json_number(j, "max_rel", one->c.max_rel);
        json_bool(j, "ok", one->ok);
        json_end_object(j);
    }
    json_end_array(j);
}
