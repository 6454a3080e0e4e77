// SPDX-License-Identifier: Apache-2.0
#include "shrink.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"

#include <string.h>

enum { CANDIDATES = 2 * GROUP, ROUNDS_MAX = 12 };

static reduction *const reductions[] = {
    reduce_to_output, reduce_to_input, reduce_outputs, reduce_bypass, reduce_operand,
    reduce_attribute, reduce_dimension, reduce_data,
};

struct shrinking {
    struct arena *a;
    const struct setup *setup;
    struct trial now; /* the least so far */
    int jobs;
};

const struct value *value_named(const struct graph *g, const char *name)
{
    for (int i = 0; g && i < g->n_values; i++)
        if (g->values[i]->type != DT_NONE && strcmp(g->values[i]->name, name) == 0)
            return g->values[i];
    return NULL;
}

/* The graph of the model as it is now, for types and shapes; NULL: it is refused. */
static const struct graph *graph_of(const struct shrinking *s)
{
    struct diag d = diag_new(s->a, "shrink");
    const char *path = arena_printf(s->a, "%s/shrinking.onnx", s->setup->folder);
    struct compile_options opt = compile_defaults(path);
    FILE *f = fopen(path, "wb");

    if (!f)
        return NULL;
    fwrite(s->now.model, 1, s->now.size, f);
    fclose(f);
    d.sink = diag_silent;
    struct graph *g = onnx_load(s->a, path, &opt.load, NULL, &d);

    if (g)
        infer_shapes(g, &d); /* as far as it goes */
    return g;
}

static bool reduced(const struct shrinking *s, reduction *by, const struct graph *g, int i,
                    struct trial *to, bool *more)
{
    Onnx__ModelProto *m = onnx__model_proto__unpack(NULL, s->now.size, s->now.model);
    const enum reduced r = m ? by(s->a, m, g, i) : REDUCED_NONE;

    *more = r != REDUCED_NONE;
    if (r == REDUCED) {
        unsigned char *bytes;

        reduce_dead(m);
        to->size = onnx__model_proto__get_packed_size(m);
        to->model = bytes = arena_alloc(s->a, to->size + 1);
        onnx__model_proto__pack(m, bytes);
    }
    /* Not freed: parts of it are the arena's. */
    return r == REDUCED &&
           (to->size != s->now.size || memcmp(to->model, s->now.model, to->size) != 0);
}

static void nothing(void *ctx, const struct trial *t)
{
    (void)ctx;
    (void)t;
}

/* Tries the next reductions of one kind, all at once, and keeps the smallest that
 * fails.  True: there is one. */
static bool step(struct shrinking *s, reduction *by, int first, bool *more)
{
    const struct graph *g = graph_of(s);
    struct trial *t = arena_new_n(s->a, struct trial, CANDIDATES);
    const struct trial *least = NULL;
    int n = 0;

    *more = true;
    for (int i = first; *more && i < first + CANDIDATES; i++) {
        t[n] = (struct trial){ .seed = s->now.seed, .form = s->now.form };
        n += reduced(s, by, g, i, &t[n], more);
    }
    if (n)
        batch_run(s->a, s->setup, n, t, s->jobs, nothing, NULL);
    for (int i = 0; i < n; i++)
        if (t[i].verdict == s->now.verdict && (!least || t[i].size < least->size))
            least = &t[i];
    if (least) {
        s->now.model = least->model;
        s->now.size = least->size;
    }
    return least;
}

const unsigned char *shrink(struct arena *a, const struct setup *s, const struct trial *bad,
                            int jobs, size_t *size)
{
    struct shrinking all = { a, s, *bad, jobs };
    bool changed = true;

    for (int round = 0; changed && round < ROUNDS_MAX; round++) {
        changed = false;
        for (int k = 0; k < COUNT(reductions); k++) {
            bool more = true;

            for (int first = 0; more; first += CANDIDATES)
                while (step(&all, reductions[k], first, &more))
                    changed = true;
        }
    }
    *size = all.now.size;
    return all.now.model;
}
