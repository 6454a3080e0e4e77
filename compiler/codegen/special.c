// SPDX-License-Identifier: Apache-2.0
/* special - NaN, infinities and denormal numbers among the constants, as they are
 * after folding and before packing; denormal weights become 0.
 *
 *     const %1 w  { 0.5, 1e-40 }    =>    const %1 w  { 0.5, 0 }
 *
 * A denormal number is less than 2^-126 = 1.18e-38, and a node with OP_WEIGHTS is
 * linear in its constants: an output is off by at most 2^-126 * sum |x| over the
 * inputs x that it multiplies by such a weight, and by 2^-126 for a bias (times
 * alpha or beta of a Gemm), all being finite.  So only what nobody else reads is
 * set to 0: a denormal divisor, say, must stay what it is. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "codegen/stages.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum kind { KIND_NAN, KIND_INFINITE, KIND_FLUSHED, KIND_KEPT, N_KINDS };

static const struct { enum warning warning; const char *what, *fate; } kinds[N_KINDS] = {
    [KIND_NAN] = { WARN_SPECIAL_WEIGHTS, "NaN", "" },
    [KIND_INFINITE] = { WARN_SPECIAL_WEIGHTS, "infinite", "" },
    [KIND_FLUSHED] = { WARN_DENORMAL_WEIGHTS, "denormal", " set to 0" },
    [KIND_KEPT] = { WARN_DENORMAL_WEIGHTS, "denormal", " kept" },
};

enum { LAYERS_SHOWN = 5 };

/* Those of one kind, and in which layers. */
struct found {
    struct str layers; /* "'conv1' 7, 'conv2' 4" */
    int n_layers;
    int64_t n;
};

static void add_layer(struct found *f, const char *layer, int64_t n)
{
    if (!n)
        return;
    f->n += n;
    if (f->n_layers++ < LAYERS_SHOWN)
        str_printf(&f->layers, "%s'%.100s' %" PRId64, f->n_layers > 1 ? ", " : "", layer, n);
}

static void report(struct found *f, enum kind k, struct diag *d)
{
    const int more = f->n_layers - LAYERS_SHOWN;

    if (!f->n)
        return;
    if (more > 0)
        str_printf(&f->layers, ", and %d more layer%s", more, more == 1 ? "" : "s");
    diag_warn(d, kinds[k].warning, "%" PRId64 " %s weight%s%s: %s", f->n, kinds[k].what,
              f->n == 1 ? "" : "s", kinds[k].fate, str_text(&f->layers));
}

/* Whether all that read `v` are linear in it. */
static bool is_weight(const struct value *v)
{
    for (int u = 0; u < v->n_users; u++)
        if (!(v->users[u]->op->flags & OP_WEIGHTS))
            return false;
    return !v->is_output;
}

static void flush(struct graph *g, struct value *v)
{
    const int64_t n = shape_len(&v->shape);
    float *x = arena_new_n(g->arena, float, n);

    memcpy(x, v->data, value_size(v));
    for (int64_t i = 0; i < n; i++)
        if (fpclassify(x[i]) == FP_SUBNORMAL)
            x[i] = 0.0f;
    v->data = x;
}

/* Counts the elements of a constant into n[], and sets to 0 what is to be. */
static void look_at(struct graph *g, struct value *v, bool keep, int64_t n[N_KINDS])
{
    const enum kind denormal = !keep && is_weight(v) ? KIND_FLUSHED : KIND_KEPT;
    const int64_t len = shape_len(&v->shape), before = n[KIND_FLUSHED];
    const float *x = v->data;

    for (int64_t i = 0; i < len; i++)
        switch (fpclassify(x[i])) {
        case FP_NAN: n[KIND_NAN]++; break;
        case FP_INFINITE: n[KIND_INFINITE]++; break;
        case FP_SUBNORMAL: n[denormal]++; break;
        default: break;
        }
    if (n[KIND_FLUSHED] > before)
        flush(g, v);
}

void plan_special(struct arena *a, struct plan *p, struct graph *g,
                  const struct plan_options *opt, struct diag *d)
{
    struct found found[N_KINDS] = { 0 };
    bool *seen = arena_new_n(a, bool, g->n_values + 1);

    graph_foreach_node(node, g) {
        int64_t n[N_KINDS] = { 0 };
        const char *name = node->name;

        for (int i = 0; i < node->n_in; i++) {
            struct value *v = node->in[i];

            if (!v || !v->data || v->type != DT_F32 || seen[v->id])
                continue;
            seen[v->id] = true;
            look_at(g, v, opt->keep_denormals, n);
            name = *name ? name : v->name;
        }
        for (int k = 0; k < N_KINDS; k++)
            add_layer(&found[k], name, n[k]);
    }
    for (int k = 0; k < N_KINDS; k++) {
        report(&found[k], (enum kind)k, d);
        str_free(&found[k].layers);
    }
    p->special = (struct special_weights){
        .n_nan = found[KIND_NAN].n, .n_infinite = found[KIND_INFINITE].n,
        .n_denormal = found[KIND_FLUSHED].n + found[KIND_KEPT].n,
        .n_flushed = found[KIND_FLUSHED].n,
    };
}
