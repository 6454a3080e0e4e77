// SPDX-License-Identifier: Apache-2.0
#include "cli/tune.h"

#include "cli/profile.h"

#include <string.h>

enum { TUNE_RUNS = 12, TUNE_ROUNDS = 2 };

/* A definition is not worth its time: it is left out where there is anything
 * else for the same layout. */
static bool is_contender(const struct choice *c, int i)
{
    const struct kernel *definition = c->candidates[i].kernel;

    if (definition->family != FAMILY_REF)
        return true;
    for (int k = 0; k < c->n_candidates; k++) {
        const struct kernel *other = c->candidates[k].kernel;

        if (other->family != FAMILY_REF && other->in == definition->in)
            return false;
    }
    return true;
}

/* The contender number `round`, or the last one before it; -1: there is none. */
static int contender(const struct choice *c, int round)
{
    int found = -1;

    for (int i = 0; i < c->n_candidates && round >= 0; i++)
        if (is_contender(c, i)) {
            found = i;
            round--;
        }
    return found;
}

static int n_contenders(const struct choice *c)
{
    int n = 0;

    for (int i = 0; i < c->n_candidates; i++)
        n += is_contender(c, i);
    return n;
}

/* The kernels of one variant: for every node its contender number `round`. */
static struct wanted_kernels variant(struct arena *a, const struct plan *p, int round)
{
    struct wanted_kernels w = { arena_new_n(a, const char *, p->n_nodes + 1), p->n_nodes };

    for (int i = 0; i < p->n_nodes; i++) {
        const struct choice *c = &p->choice[p->nodes[i]->id];
        const int k = contender(c, round);

        if (k >= 0)
            w.fn[i] = kernel_name(c->candidates[k].kernel);
    }
    return w;
}

static int index_of_node(const struct plan *p, const struct node *n)
{
    for (int i = 0; i < p->n_nodes; i++)
        if (p->nodes[i] == n)
            return i;
    return -1; /* a reorder */
}

/* Keeps the least time of each kernel met. */
static void note_times(struct arena *a, const struct plan *p, const struct profile *profile,
                       struct measured_times *m)
{
    for (int s = 0; s < p->n_steps; s++) {
        const struct node *n = p->steps[s].node;
        const int i = index_of_node(p, n), row = (int)(p->steps[s].kernel - n->op->kernels);
        const double us = profile->steps[s].min * 1e3;

        if (i < 0)
            continue;
        if (!m->us[i])
            m->us[i] = arena_new_n(a, double, n->op->n_kernels);
        if (m->us[i][row] <= 0 || us < m->us[i][row])
            m->us[i][row] = us;
    }
}

static bool measure(struct cmd *c, const struct workdir *dir, const struct plan *plan, int round,
                    struct measured_times *m)
{
    const struct wanted_kernels wanted = variant(c->arena, plan, round);
    struct compile_options opt = c->compile;
    struct profile profile;

    opt.plan.wanted = &wanted;
    opt.plan_file = NULL;
    opt.emit = (struct emit_options){ .profile = true };
    struct program p = program_compile(c->arena, &opt, dir,
                                       arena_printf(c->arena, "_%d", round), &c->diag);

    program_build(c->arena, &p, NULL, &c->diag);
    if (p.state != BUILD_OK)
        return false;
    for (int i = 0; i < TUNE_ROUNDS; i++) {
        if (!program_profile(c->arena, &p, TUNE_RUNS, 1, &profile, &c->diag))
            return false;
        note_times(c->arena, p.made.plan, &profile, m);
    }
    return true;
}

static struct measured_times *measure_all(struct cmd *c)
{
    struct measured_times *m = arena_new_n(c->arena, struct measured_times, 1);
    struct model_info info = { 0 };
    struct graph *g = compile_graph(c->arena, &c->compile, &info, &c->diag);
    const struct plan *p = g ? make_plan(c->arena, g, &c->compile.plan, &c->diag) : NULL;
    struct workdir dir;
    int rounds = 0;

    if (!p || !workdir_open(&dir, c->arena, NULL, &c->diag))
        return NULL;
    m->n = p->n_nodes;
    m->us = arena_new_n(c->arena, double *, m->n + 1);
    for (int i = 0; i < p->n_nodes; i++) {
        const int n = n_contenders(&p->choice[p->nodes[i]->id]);

        rounds = n > rounds ? n : rounds;
    }
    bool ok = true;

    for (int round = 0; ok && round < rounds; round++) {
        cmd_progress(c, "measuring kernels: %d of %d", round + 1, rounds);
        ok = measure(c, &dir, p, round, m);
    }
    cmd_progress(c, "%s", "");
    workdir_close(&dir);
    return ok ? m : NULL;
}

/* What is said of the model is said when it is compiled for good. */
struct measured_times *tune(struct cmd *c)
{
    const struct diag before = c->diag;

    if (!before.werror)
        memset(c->diag.off, true, sizeof c->diag.off);
    struct measured_times *m = measure_all(c);

    memcpy(c->diag.off, before.off, sizeof before.off);
    return m;
}
