// SPDX-License-Identifier: Apache-2.0
/* choose - a kernel for every node, so that all together cost least.
 *
 *     total = sum of the kernels' times + a reorder for every value that some
 *             reader wants in another layout than its producer writes
 *
 * From three starts (all the fastest kernels, all in blocks, none in blocks)
 * each node in turn takes the kernel that makes the total least, given those
 * of its neighbours, until nothing changes.  The best of the three ends wins;
 * it is not always the optimum, but a network is a few long stretches of one
 * layout, and the starts are such stretches. */
#include "base/arena.h"
#include "codegen/cost.h"
#include "codegen/stages.h"

#include <assert.h>
#include <string.h>

enum { SWEEPS_MAX = 50 };

/* So much dearer is what --kernels=native uses only where it must; and auto, where
 * products are plain loops in place of BLAS. */
#define NOT_NATIVE 1000.0

static bool is_view(const struct node *n)
{
    return n->op->flags & OP_VIEW;
}

bool plan_allows(const struct plan_options *opt, const struct kernel *k)
{
    return !(opt->kernels == KERNELS_REF && k->family != FAMILY_REF) &&
           !(opt->kernels == KERNELS_BLAS && k->family == FAMILY_NATIVE) &&
           !(opt->strict && k->flags & KERNEL_WINOGRAD) && !(opt->small && k->flags & KERNEL_GROWS);
}

static bool is_wanted(const struct kernel *k, const struct plan_options *opt, int node)
{
    const struct wanted_kernels *w = opt->wanted;

    return !w || node >= w->n || !w->fn[node] || strcmp(w->fn[node], kernel_name(k)) == 0;
}

static struct candidate candidate_of(const struct node *n, int row, const struct plan_options *opt,
                                     int node)
{
    const struct kernel *k = &n->op->kernels[row];
    const struct measured_times *m = opt->measured;
    const double measured = m && node < m->n && m->us[node] ? m->us[node][row] : 0;

    return (struct candidate){ k, measured > 0 ? measured : cost_kernel(n, k), measured > 0 };
}

static void list_candidates(struct arena *a, struct choice *c, const struct node *n, int node,
                            const struct plan_options *opt)
{
    c->candidates = arena_new_n(a, struct candidate, n->op->n_kernels);
    for (int row = 0; row < n->op->n_kernels; row++) {
        const struct kernel *k = &n->op->kernels[row];

        if (plan_allows(opt, k) && is_wanted(k, opt, node) && (!k->match || k->match(n)))
            c->candidates[c->n_candidates++] = candidate_of(n, row, opt, node);
    }
    assert(c->n_candidates > 0); /* plan files are checked when they are read */
}

/* What the search works on. */
struct search {
    const struct graph *g;
    const struct plan *plan; /* of which the choices change */
    double not_native;     /* factor on the times of all other families */
};

static double price(const struct search *s, const struct candidate *c)
{
    return c->us * (c->kernel->family == FAMILY_NATIVE ? 1 : s->not_native);
}

static double reorders_of(const struct search *s, const struct value *v)
{
    const enum layout_kind made = plan_writes(s->plan, v->producer);
    const struct layout plain = { .kind = LAYOUT_C16 };
    bool differs = v->is_output && made != LAYOUT_NCHW;

    if (!layout_can_block(v) || layout_is_neutral(v, &plain))
        return 0;
    for (int i = 0; i < v->n_users && !differs; i++)
        differs = plan_reads(s->plan, v->users[i]) != made;
    return differs ? cost_reorder(v) : 0;
}

/* The part of the total that the choice for `n` has a say in. */
static double local_cost(const struct search *s, const struct node *n)
{
    const struct choice *c = &s->plan->choice[n->id];
    double us = price(s, &c->candidates[c->chosen]);

    for (int i = 0; i < n->n_in; i++)
        if (n->in[i])
            us += reorders_of(s, n->in[i]);
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            us += reorders_of(s, n->out[i]);
    return us;
}

static bool improve(const struct search *s, const struct node *n)
{
    struct choice *c = &s->plan->choice[n->id];
    const int before = c->chosen;
    double least = local_cost(s, n);
    int best = before;

    for (int i = 0; i < c->n_candidates; i++) {
        c->chosen = i;
        const double us = local_cost(s, n);

        if (us < least * (1 - 1e-9)) {
            least = us;
            best = i;
        }
    }
    c->chosen = best;
    return best != before;
}

static double total(const struct search *s)
{
    double us = 0;

    graph_foreach_node(n, s->g)
        if (s->plan->choice[n->id].n_candidates)
            us += price(s, &s->plan->choice[n->id].candidates[s->plan->choice[n->id].chosen]);
    for (int i = 0; i < s->g->n_values; i++)
        if (s->g->values[i]->type == DT_F32)
            us += reorders_of(s, s->g->values[i]);
    return us;
}

enum start { START_FASTEST, START_BLOCKS, START_PLAIN, N_STARTS };

/* The fastest candidate, of those that suit `start` if there are any. */
static int first_choice(const struct search *s, const struct choice *c, enum start start)
{
    int best = -1;

    for (int any = 0; any <= 1 && best < 0; any++)
        for (int i = 0; i < c->n_candidates; i++) {
            const bool blocks = c->candidates[i].kernel->out == LAYOUT_C16;

            if ((any || start == START_FASTEST || blocks == (start == START_BLOCKS)) &&
                (best < 0 || price(s, &c->candidates[i]) < price(s, &c->candidates[best])))
                best = i;
        }
    return best;
}

static double descend(const struct search *s, enum start start)
{
    bool changed = true;

    graph_foreach_node(n, s->g)
        if (s->plan->choice[n->id].n_candidates)
            s->plan->choice[n->id].chosen = first_choice(s, &s->plan->choice[n->id], start);
    for (int sweep = 0; changed && sweep < SWEEPS_MAX; sweep++) {
        changed = false;
        graph_foreach_node(n, s->g)
            if (s->plan->choice[n->id].n_candidates)
                changed |= improve(s, n);
    }
    return total(s);
}

void plan_choose(struct arena *a, struct plan *p, struct graph *g, const struct plan_options *opt)
{
    const int n_reorders = g->n_values; /* at most, to come */
    const bool native = opt->kernels == KERNELS_NATIVE ||
                        (opt->reproducible && opt->kernels == KERNELS_AUTO);
    struct search s = { g, p, native ? NOT_NATIVE : 1 };
    enum start best = START_FASTEST;
    double least = 0;

    p->choice = arena_new_n(a, struct choice, g->n_node_ids + n_reorders + 1);
    p->nodes = arena_new_n(a, const struct node *, g->n_node_ids + 1);
    graph_foreach_node(n, g) {
        if (!is_view(n))
            list_candidates(a, &p->choice[n->id], n, p->n_nodes, opt);
        p->nodes[p->n_nodes++] = n;
    }
    for (int start = 0; start < N_STARTS; start++) {
        const double us = descend(&s, (enum start)start);

        if (start == 0 || us < least * (1 - 1e-9)) {
            least = us;
            best = (enum start)start;
        }
    }
    descend(&s, best);
    s.not_native = 1;
    p->us = total(&s);
}
