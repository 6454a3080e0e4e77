// SPDX-License-Identifier: Apache-2.0
/* place - offsets: of constants in struct weights, of tensors in the workspace.
 *
 * The workspace is packed greedily by size (as XNNPACK's planner does): the
 * largest tensor first, each into the lowest gap between those placed before
 * it that are live at the same time.  No plan can do with less than the bytes
 * live in the fullest step: the lower bound. */
#include "base/arena.h"
#include "codegen/stages.h"

#include <stdlib.h>

struct interval {
    size_t *offset, size;
    int first, last; /* steps, inclusive */
    int order;       /* as met in run order: makes sorting stable */
};

static size_t aligned(size_t size)
{
    return (size + WORKSPACE_ALIGN - 1) / WORKSPACE_ALIGN * WORKSPACE_ALIGN;
}

static int by_size(const void *pa, const void *pb)
{
    const struct interval *a = pa, *b = pb;

    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->order - b->order;
}

static int by_time(const void *pa, const void *pb)
{
    const struct interval *a = pa, *b = pb;

    if (a->first != b->first)
        return a->first - b->first;
    return by_size(pa, pb);
}

static int by_offset(const void *pa, const void *pb)
{
    const struct interval *const *a = pa, *const *b = pb;

    return *(*a)->offset < *(*b)->offset ? -1 : *(*a)->offset > *(*b)->offset;
}

/* The lowest offset at which `it` fits among those of placed[0...n) that live
 * at the same time.  `live` has room for n. */
static size_t lowest_gap(const struct interval *it, const struct interval *placed, int n,
                         const struct interval **live)
{
    size_t at = 0;
    int n_live = 0;

    for (int i = 0; i < n; i++)
        if (placed[i].first <= it->last && it->first <= placed[i].last)
            live[n_live++] = &placed[i];
    qsort(live, (size_t)n_live, sizeof(*live), by_offset);
    for (int i = 0; i < n_live; i++) {
        if (*live[i]->offset >= at + it->size)
            break;
        if (*live[i]->offset + live[i]->size > at)
            at = *live[i]->offset + live[i]->size;
    }
    return at;
}

/* Places all in the order of `compare`; the bytes needed. */
static size_t pack(struct arena *a, struct interval *list, int n,
                   int (*compare)(const void *, const void *))
{
    const struct interval **live = arena_new_n(a, const struct interval *, n + 1);
    size_t total = 0;

    qsort(list, (size_t)n, sizeof(*list), compare);
    for (int i = 0; i < n; i++) {
        *list[i].offset = lowest_gap(&list[i], list, i, live);
        if (*list[i].offset + list[i].size > total)
            total = *list[i].offset + list[i].size;
    }
    return total;
}

static size_t lower_bound(struct arena *a, const struct interval *list, int n, int n_steps)
{
    size_t *begins = arena_new_n(a, size_t, n_steps + 1);
    size_t *ends = arena_new_n(a, size_t, n_steps + 1);
    size_t live = 0, most = 0;

    for (int i = 0; i < n; i++) {
        begins[list[i].first] += list[i].size;
        ends[list[i].last + 1] += list[i].size;
    }
    for (int s = 0; s < n_steps; s++) {
        live += begins[s];
        live -= ends[s];
        most = live > most ? live : most;
    }
    return most;
}

void plan_workspace(struct arena *a, struct plan *p, struct graph *g)
{
    struct interval *list = arena_new_n(a, struct interval, g->n_values + p->n_steps + 1);
    int n = 0;

    for (int i = 0; i < g->n_values; i++) {
        struct place *at = &p->place[i];

        if (at->root != g->values[i] || at->kind != PLACE_WORKSPACE || at->first < 0)
            continue;
        list[n] = (struct interval){ &at->offset, aligned(at->size), at->first, at->last, n };
        n++;
    }
    for (int s = 0; s < p->n_steps; s++) {
        struct step *step = &p->steps[s];

        if (!step->scratch_size)
            continue;
        list[n] = (struct interval){ &step->scratch_offset, aligned(step->scratch_size), s, s, n };
        n++;
    }
    p->lower_bound = lower_bound(a, list, n, p->n_steps);
    p->workspace_size = pack(a, list, n, by_size);
    if (p->workspace_size > p->lower_bound) {
        const size_t other = pack(a, list, n, by_time);

        if (other < p->workspace_size)
            p->workspace_size = other;
        else
            pack(a, list, n, by_size);
    }
}

/* Constants that kernels read, the widest elements first: then no compiler
 * puts padding between the members of struct weights. */
void plan_weights(struct arena *a, struct plan *p, struct graph *g)
{
    bool *seen = arena_new_n(a, bool, g->n_values + 1);

    p->weights = arena_new_n(a, const struct value *, g->n_values + 1);
    for (size_t width = 8; width; width /= 2)
        for (int s = 0; s < p->n_steps; s++)
            for (int i = 0; i < p->steps[s].node->n_in; i++) {
                const struct value *v = p->steps[s].in[i];
                struct place *at = v ? &p->place[p->place[v->id].root->id] : NULL;

                if (!v || at->kind != PLACE_WEIGHT || dtype_size(v->type) != width ||
                    seen[at->root->id] || !at->size)
                    continue;
                seen[at->root->id] = true;
                at->offset = p->weights_size;
                p->weights_size += at->size;
                p->weights[p->n_weights++] = at->root;
            }
}
