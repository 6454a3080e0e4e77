// SPDX-License-Identifier: Apache-2.0
/* The workspace of random lifetimes: nothing that lives at the same time
 * overlaps, and no size is below the lower bound. */
#include "base/arena.h"
#include "codegen/stages.h"

#include <criterion/criterion.h>

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct plan *random_plan(struct arena *a, struct graph *g, unsigned *seed)
{
    struct plan *p = arena_new_n(a, struct plan, 1);
    const int n = 1 + (int)(next(seed) % 40);

    p->n_steps = 1 + (int)(next(seed) % 30);
    p->steps = arena_new_n(a, struct step, p->n_steps);
    p->place = arena_new_n(a, struct place, n);
    for (int i = 0; i < n; i++) {
        const int first = (int)(next(seed) % (unsigned)p->n_steps);

        p->place[i] = (struct place){
            .kind = PLACE_WORKSPACE,
            .root = graph_add_value(g, "", DT_F32, shape_scalar()),
            .size = next(seed) % 5000,
            .first = first,
            .last = first + (int)(next(seed) % (unsigned)(p->n_steps - first)),
        };
    }
    for (int s = 0; s < p->n_steps; s++)
        p->steps[s].scratch_size = next(seed) % 3 ? 0 : next(seed) % 3000;
    return p;
}

static bool overlap(size_t a, size_t a_size, size_t b, size_t b_size)
{
    return a < b + b_size && b < a + a_size;
}

static void check(const struct plan *p, int n, int round)
{
    for (int i = 0; i < n; i++) {
        const struct place *a = &p->place[i];

        cr_assert_eq(a->offset % WORKSPACE_ALIGN, 0);
        cr_assert_leq(a->offset + a->size, p->workspace_size);
        for (int k = 0; k < i; k++) {
            const struct place *b = &p->place[k];

            if (a->first <= b->last && b->first <= a->last && a->size && b->size)
                cr_assert_not(overlap(a->offset, a->size, b->offset, b->size),
                              "round %d: %d and %d", round, i, k);
        }
        for (int s = a->first; s <= a->last; s++)
            if (p->steps[s].scratch_size && a->size)
                cr_assert_not(overlap(a->offset, a->size, p->steps[s].scratch_offset,
                                      p->steps[s].scratch_size), "round %d: scratch", round);
    }
    cr_assert_geq(p->workspace_size, p->lower_bound);
}

Test(place, random_lifetimes)
{
    unsigned seed = 1;
    double worst = 1.0;

    for (int round = 0; round < 500; round++) {
        struct arena *a = arena_new();
        struct graph *g = graph_new(a, "g");
        struct plan *p = random_plan(a, g, &seed);

        plan_workspace(a, p, g);
        check(p, g->n_values, round);
        if (p->lower_bound)
            worst = (double)p->workspace_size / (double)p->lower_bound > worst
                  ? (double)p->workspace_size / (double)p->lower_bound : worst;
        arena_free(a);
    }
    cr_assert_lt(worst, 1.5, "a plan took %.2f times its lower bound", worst);
}
