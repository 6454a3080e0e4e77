// SPDX-License-Identifier: Apache-2.0
/* kernel_bench - how long each row takes for the shapes of real networks. */
#include "trial.h"

#include "base/arena.h"

#include <fnmatch.h>
#include <math.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The fastest of several calls. */
static double time_call(struct trial *t, const struct kernel *k)
{
    const double until = seconds() + 0.2;
    double best = INFINITY;
    struct call c;

    call_start(&c, t, k, -1, NULL);
    do {
        const double start = seconds();

        call_run(&c);
        const double took = seconds() - start;

        best = took < best ? took : best;
    } while (seconds() < until);
    call_end(&c);
    return best;
}

static void bench_shape(const struct subject *s, const char *glob, struct graph *g,
                        struct node *n, double peak)
{
    struct trial t = { .s = s, .g = g, .n = n, .kind = REALS };
    struct rng r = { 1 };
    char text[SHAPE_TEXT_MAX];

    trial_start(&t, &r);
    for (int i = 0; i < s->op->n_kernels; i++) {
        const struct kernel *k = &s->op->kernels[i];
        const struct kernel_call *c = call_find(s, k);

        if (fnmatch(glob, k->fn, 0) != 0 || !c || !c->call || !call_matches(&t, k))
            continue;
        const double took = time_call(&t, k);

        printf("%-30s %-17s", k->fn, shape_text(&n->in[0]->shape, text));
        if (n->op->macs)
            printf(" -> %5d", (int)n->out[0]->shape.dim[n->out[0]->shape.rank > 2]);
        if (n->op->print)
            n->op->print(n, stdout);
        printf("  %.1f us", took * 1e6);
        if (n->op->macs) {
            const double rate = 2e-9 * n->op->macs(n) / took;

            printf("  %.1f GFLOP/s  %.1f %% of the peak", rate, 100.0 * rate / peak);
        }
        putchar('\n');
        fflush(stdout);
    }
    trial_end(&t);
}

void bench_subject(const struct subject *s, const char *glob, double peak)
{
    for (int i = 0; i < s->n_benches; i++) {
        struct arena *a = arena_new();
        struct graph *g = graph_new(a, "bench");
        struct rng r = { 1 };

        bench_shape(s, glob, g, s->build(g, s->n_shapes + i, NULL, &r), peak);
        arena_free(a);
    }
}
