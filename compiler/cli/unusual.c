// SPDX-License-Identifier: Apache-2.0
/* unusual - one function a thing that may be worth saying. */
#include "cli/unusual.h"

#include "base/arena.h"
#include "base/str.h"
#include "cli/summary.h"
#include "codegen/plan.h"
#include "ir/rewrite.h"
#include "passes/pass.h"

#include <stdarg.h>

struct list {
    struct arena *arena;
    const char **text;
    int n, cap;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void say(struct list *l, const char *fmt, ...)
{
    struct str s = { 0 };
    va_list ap;

    va_start(ap, fmt);
    str_vprintf(&s, fmt, ap);
    va_end(ap);
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 8;
        l->text = arena_grow(l->arena, l->text, (size_t)l->n, (size_t)l->cap, sizeof *l->text);
    }
    l->text[l->n++] = arena_strdup(l->arena, str_text(&s));
    str_free(&s);
}

static const char *shown(const struct list *l, const char *name)
{
    return str_escaped_copy(l->arena, name, 40);
}

static void element_types(struct list *l, const struct graph *g)
{
    for (int i = 0; i < g->n_inputs; i++)
        if (g->inputs[i]->type != DT_F32)
            say(l, "input '%s' is %s", shown(l, g->inputs[i]->name),
                dtype_name(g->inputs[i]->type));
    for (int i = 0; i < g->n_outputs; i++)
        if (g->outputs[i]->type != DT_F32)
            say(l, "output '%s' is %s", shown(l, g->outputs[i]->name),
                dtype_name(g->outputs[i]->type));
}

static void unread_inputs(struct list *l, const struct graph *g)
{
    for (int i = 0; i < g->n_inputs; i++)
        if (!g->inputs[i]->n_users && !g->inputs[i]->is_output)
            say(l, "input '%s' is read by no node", shown(l, g->inputs[i]->name));
}

static void constant_outputs(struct list *l, const struct graph *g)
{
    for (int i = 0; i < g->n_outputs; i++)
        if (g->outputs[i]->data)
            say(l, "output '%s' is constant", shown(l, g->outputs[i]->name));
}

/* Zeros and diagonals among the weights, which passes made use of. */
static void exact_rewrites(struct list *l, const struct graph *g)
{
    struct str which = { 0 };

    for (int i = 0; i < n_all_passes; i++) {
        int n = 0;

        for (const struct rewrite *r = g->rewrites; r; r = r->next)
            n += all_passes[i].exact_rewrite && r->pass == all_passes[i].name;
        if (n)
            str_printf(&which, "%s%dx %s", which.len ? ", " : "", n, all_passes[i].name);
    }
    if (which.len)
        say(l, "exact rewrites (-v): %s", which.data);
    str_free(&which);
}

/* More than half of all weights in one constant. */
static void heavy_weight(struct list *l, const struct plan *p)
{
    char size[AMOUNT_TEXT_MAX];

    if (p->n_weights < 8)
        return;
    for (int i = 0; i < p->n_weights; i++) {
        const struct value *v = p->weights[i];

        if (2 * value_size(v) > p->weights_size)
            say(l, "'%s' alone is %s, %.0f %% of the weights", shown(l, v->name),
                bytes_text(value_size(v), size), 100.0 * (double)value_size(v) /
                (double)p->weights_size);
    }
}

/* More than twice. */
static void grown_weights(struct list *l, const struct graph *g, const struct plan *p)
{
    size_t of_model = 0;

    for (int i = 0; i < g->n_values; i++)
        if (g->values[i]->data && g->values[i]->n_users)
            of_model += value_size(g->values[i]);
    if (p->weights_size > 2 * of_model)
        say(l, "in the form that the kernels want, weights are %.1f times as large",
            (double)p->weights_size / (double)of_model);
}

/* Steps that compute nothing; that there are some is usual. */
static void copies(struct list *l, const struct plan *p)
{
    int n = 0;

    for (int i = 0; i < p->n_steps; i++)
        n += p->steps[i].node->op->bound == NULL && !p->steps[i].node->op->macs;
    if (n && 4 * n >= p->n_steps)
        say(l, "%d of %d steps only move elements or compare them", n, p->n_steps);
}

/* Steps with multiply-adds for which there is no fast kernel. */
static void plain_loops(struct list *l, const struct plan *p)
{
    double macs = 0;
    int n = 0;

    if (p->macs <= 0)
        return;
    for (int i = 0; i < p->n_steps; i++) {
        const struct step *s = &p->steps[i];

        if (s->kernel->family == FAMILY_REF && s->node->op->macs) {
            macs += node_macs(s->node);
            n++;
        }
    }
    if (n)
        say(l, "%d step%s with %.0f %% of the multiply-adds run%s on plain loops", n,
            n > 1 ? "s" : "", 100 * macs / p->macs, n > 1 ? "" : "s");
}

const char **unusual_of(struct arena *a, const struct graph *g, const struct plan *p, int *n)
{
    struct list l = { .arena = a };

    element_types(&l, g);
    unread_inputs(&l, g);
    constant_outputs(&l, g);
    exact_rewrites(&l, g);
    if (p) {
        heavy_weight(&l, p);
        grown_weights(&l, g, p);
        plain_loops(&l, p);
        copies(&l, p);
    }
    *n = l.n;
    return l.text;
}
