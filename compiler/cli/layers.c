// SPDX-License-Identifier: Apache-2.0
#include "cli/layers.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/buildrun.h"
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
                                  const struct layout *layout, const char *bytes,
                                  const void *want, struct tolerance t)
{
    const size_t size = layout_size(v, layout);
    void *stored = arena_alloc(a, size + 1); /* records are not aligned */
    void *copy = layout->kind == LAYOUT_NCHW ? stored : arena_alloc(a, value_size(v) + 1);
    const struct tensor g = { v->name, v->type, v->shape, copy };
    const struct tensor w = { v->name, v->type, v->shape, want };
    struct layer l = { .step = step, .value = v };

    memcpy(stored, bytes, size);
    if (copy != stored)
        layout_to_nchw(v, layout, stored, copy);
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
            if (!at || step != s || (size_t)size != layout_size(v, &p->layout[v->id])) {
                diag_error(d, "the program's trace has no output of step %d, '%s'", s, v->name);
                return false;
            }
            struct layer *l = &out->layer[out->n];

            *l = compare_layer(a, s, v, &p->layout[v->id], at, want[v->id], t);
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
    size_t size;
    char *bytes = file_read(trace, &size, d);

    if (!bytes)
        return false;
    *out = (struct layers){
        .layer = arena_new_n(a, struct layer, count_outputs(made->plan) + 1), .first_off = -1,
    };
    const void **want = graph_values(a, made->graph, inputs);
    const bool ok = compare_all(a, made->plan, want, bytes, bytes + size, t, out, d);

    file_release(bytes);
    return ok;
}

static const char *origin(const struct compiled *made, const struct layer *l)
{
    return made->plan->steps[l->step].node->origin;
}

void layers_print(const struct layers *l, const struct compiled *made)
{
    struct arena *a = made->graph->arena;

    printf("  step  %-30s %-22s %8s %8s\n", "what", "shape", "max abs", "max rel");
    for (int i = 0; i < l->n; i++) {
        const struct layer *one = &l->layer[i];
        char shape[SHAPE_TEXT_MAX];

        printf("  %4d  %-30s %-22s %8.1e %8.1e%s\n", one->step + 1,
               str_escaped_copy(a, origin(made, one), 27), shape_text(&one->value->shape, shape),
               one->c.max_abs, one->c.max_rel, one->ok ? "" : "  OFF");
    }
    if (l->first_off < 0) {
        puts("  every step agrees with the interpreter");
        return;
    }
    const struct layer *off = &l->layer[l->first_off];

    printf("  first step that is off: %d, %s\n", off->step + 1,
           str_escaped_copy(a, origin(made, off), 200));
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
