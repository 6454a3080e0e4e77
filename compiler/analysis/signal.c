// SPDX-License-Identifier: Apache-2.0
#include "analysis/signal.h"

#include "analysis/signal_sweep.h"
#include "base/arena.h"
#include "ir/tensor.h"

#include <math.h>

/* A mean and a variance that grow. */
struct sums {
    int64_t n;
    double sum, squares;
};

/* What is added up for a step, over data sets. */
struct step_sums {
    int64_t n, n_zero, n_nonfinite;
    double sum, squares, max_abs;
    bool *alive; /* [channels]: some element is not 0 */
    int64_t channels;
    struct sums gain;
};

struct measure {
    struct graph *g;
    const struct signal_options *opt;
    struct signal *out;
    struct step_sums *steps[2]; /* with the skips, and cut */
    struct sums (*blocks)[2][2]; /* [block][cut][own, rest] */
    int mode;                   /* index of the former */
    int at;                     /* step */
    double work, done;          /* of all sweeps */
    void (*progress)(void *ctx, double done);
    void *ctx;
};

static void add(struct sums *s, double x)
{
    if (x == -INFINITY)
        return;
    s->n++;
    s->sum += x;
    s->squares += x * x;
}

static struct gain gain_of(const struct sums *s)
{
    if (!s->n)
        return (struct gain){ true, -INFINITY, 0 };
    const double mean = s->sum / (double)s->n;
    const double variance = s->squares / (double)s->n - mean * mean;

    return (struct gain){ true, mean, variance > 0 ? sqrt(variance) : 0 };
}

/* At a value of such elements.  Where some are no numbers, nothing is known from that
 * nothing arrives. */
static struct gain gain_at(const struct sums *s, const struct signal_stats *at)
{
    return s->n || !at->n_nonfinite ? gain_of(s) : (struct gain){ .known = false };
}

static void look(void *ctx, const struct node *n, const float *x, const double *change)
{
    struct measure *m = ctx;
    struct step_sums *s = &m->steps[m->mode][m->at++];
    const struct shape *shape = &n->out[0]->shape;
    const int64_t len = shape_len(shape);
    const int64_t channels = shape->rank >= 2 ? shape->dim[1] : 0;
    const int64_t inner = shape->rank >= 2 ? shape_product(shape, 2, shape->rank) : 1;

    if (!s->alive) {
        s->channels = channels;
        s->alive = arena_new_n(m->g->arena, bool, channels + 1);
    }
    for (int64_t i = 0; i < len; i++) {
        const double v = (double)x[i];

        if (!isfinite(v)) {
            s->n_nonfinite++;
            continue;
        }
        s->n++;
        s->sum += v;
        s->squares += v * v;
        s->max_abs = fabs(v) > s->max_abs ? fabs(v) : s->max_abs;
        s->n_zero += v == 0;
        if (channels && v != 0)
            s->alive[i / inner % channels] = true;
    }
    for (int d = 0; d < m->opt->directions; d++)
        add(&s->gain, change[d]);
}

static struct signal_stats stats_of(const struct step_sums *s)
{
    struct signal_stats st = { .n_nonfinite = s->n_nonfinite, .max_abs = s->max_abs };
    int64_t dead = 0;

    for (int64_t c = 0; c < s->channels; c++)
        dead += !s->alive[c];
    if (s->channels)
        st.dead_channels = (double)dead / (double)s->channels;
    if (s->n) {
        st.rms = sqrt(s->squares / (double)s->n);
        st.mean = s->sum / (double)s->n;
        st.zeros = (double)s->n_zero / (double)s->n;
    }
    return st;
}

static void progress(void *ctx, double work)
{
    struct measure *m = ctx;

    m->done += work;
    m->progress(m->ctx, m->work > 0 ? m->done / m->work : 1);
}

static int count_steps(const struct graph *g)
{
    int n = 0;

    graph_foreach_node(node, g)
        n += node->out[0] && node->out[0]->type == DT_F32;
    return n;
}

/* Multiply-adds from `v` to the end; NULL: from the start. */
static double work_behind(const struct graph *g, const struct value *v)
{
    double work = 0;

    for (const struct node *n = v && v->producer ? v->producer->next : g->first; n; n = n->next)
        work += sweep_work(n);
    return work;
}

/* The j-th of m blocks, evenly spaced among n, the first among them. */
static int spaced(int j, int m, int n)
{
    return (int)((int64_t)j * n / m);
}

/* For how many blocks the work is allowed that the gain to the output takes. */
static int affordable(const struct measure *m, double per_sweep)
{
    const int n = m->out->n_blocks;
    double *behind = arena_new_n(m->g->arena, double, n + 1);

    for (int b = 0; b < n; b++)
        behind[b] = m->opt->directions * work_behind(m->g, m->out->blocks[b].block.from);
    for (int count = n < SIGNAL_MOST_REST ? n : SIGNAL_MOST_REST; count > 0; count--) {
        double work = 0;

        for (int j = 0; j < count; j++)
            work += behind[spaced(j, count, n)];
        if (m->opt->work <= 0 || work <= per_sweep)
            return count;
    }
    return 0;
}

static struct probe *new_probes(const struct measure *m, int *n)
{
    const int d = m->opt->directions, n_blocks = m->out->n_blocks, n_rest = m->out->n_rest;
    struct probe *p = arena_new_n(m->g->arena, struct probe, d * (1 + n_blocks + n_rest) + 1);

    *n = 0;
    for (int i = 0; i < d; i++)
        p[(*n)++].kind = PROBE_INPUT;
    for (int b = 0; b < n_blocks; b++)
        for (int i = 0; i < d; i++)
            p[(*n)++] = (struct probe){ .kind = PROBE_OWN, .block = b };
    for (int j = 0; j < n_rest; j++)
        for (int i = 0; i < d; i++)
            p[(*n)++] = (struct probe){ .kind = PROBE_REST, .block = spaced(j, n_rest, n_blocks) };
    return p;
}

static void sweep(struct measure *m, struct sweep *s, const struct tensor *set)
{
    m->mode = s->cut;
    m->at = 0;
    sweep_run(s, set);
    for (int i = 0; i < s->n_probes; i++)
        if (s->probes[i].kind != PROBE_INPUT)
            add(&m->blocks[s->probes[i].block][s->cut][s->probes[i].kind == PROBE_REST],
                s->probes[i].gain);
}

/* By value->id: whether a change of the graph's float inputs can get there, over floats. */
static const bool *reachable(const struct graph *g)
{
    bool *reached = arena_new_n(g->arena, bool, g->n_values + 1);

    for (int i = 0; i < g->n_inputs; i++)
        reached[g->inputs[i]->id] = g->inputs[i]->type == DT_F32;
    graph_foreach_node(n, g)
        for (int i = 0; i < n->n_in; i++)
            for (int o = 0; o < n->n_out && n->in[i] && reached[n->in[i]->id]; o++)
                if (n->out[o])
                    reached[n->out[o]->id] = n->out[o]->type == DT_F32;
    return reached;
}

static void finish_steps(struct measure *m)
{
    const bool *reached = reachable(m->g);
    int at = 0;

    graph_foreach_node(n, m->g) {
        if (!n->out[0] || n->out[0]->type != DT_F32)
            continue;
        struct signal_step *k = &m->out->steps[at];
        const bool known = reached[n->out[0]->id];

        *k = (struct signal_step){ .node = n, .value = n->out[0],
                                   .stats = stats_of(&m->steps[0][at]) };
        if (known)
            k->gain = gain_at(&m->steps[0][at].gain, &k->stats);
        if (m->out->n_blocks) {
            k->cut_stats = stats_of(&m->steps[1][at]);
            if (known)
                k->cut_gain = gain_at(&m->steps[1][at].gain, &k->cut_stats);
        }
        at++;
    }
}

static const struct signal_step *step_of(const struct signal *s, const struct value *v)
{
    for (int i = 0; i < s->n_steps; i++)
        if (s->steps[i].value == v)
            return &s->steps[i];
    return NULL;
}

/* Over all data sets. */
static double input_rms(const struct measure *m, int input, const struct tensor *const *sets)
{
    double squares = 0, n = 0;

    for (int i = 0; i < m->out->n_sets; i++) {
        const struct tensor *t = &sets[i][input];
        const float *x = t->data;

        for (int64_t e = 0; e < shape_len(&t->shape); e++)
            squares += (double)x[e] * (double)x[e];
        n += (double)shape_len(&t->shape);
    }
    return n > 0 ? sqrt(squares / n) : 0;
}

/* RMS of a value; NAN where some elements are no numbers. */
static double value_rms(const struct measure *m, const struct value *v,
                        const struct tensor *const *sets)
{
    for (int i = 0; i < m->g->n_inputs; i++)
        if (m->g->inputs[i] == v)
            return input_rms(m, i, sets);
    const struct signal_step *step = step_of(m->out, v);

    return !step ? 0 : step->stats.n_nonfinite ? (double)NAN : step->stats.rms;
}

/* From block b to `v`, with the skips and cut; what: an index of m->blocks[b][]. */
static void finish_gain(const struct measure *m, int b, int what, const struct value *v,
                        struct gain *kept, struct gain *cut)
{
    const struct signal_step *step = step_of(m->out, v);
    const struct signal_stats none = { 0 };

    *kept = gain_at(&m->blocks[b][0][what], step ? &step->stats : &none);
    *cut = gain_at(&m->blocks[b][1][what], step ? &step->cut_stats : &none);
}

static void finish_blocks(struct measure *m, const struct tensor *const *sets)
{
    struct signal *s = m->out;

    for (int b = 0; b < s->n_blocks; b++) {
        struct signal_block *k = &s->blocks[b];
        const double branch = value_rms(m, k->block.branch, sets);
        const double skip = value_rms(m, k->block.skip, sets);

        k->ratio = branch == 0 ? 0 : branch / skip;
        finish_gain(m, b, 0, k->block.to, &k->own, &k->cut_own);
    }
    for (int j = 0; j < s->n_rest; j++) {
        const int b = spaced(j, s->n_rest, s->n_blocks);

        finish_gain(m, b, 1, sweep_target(m->g), &s->blocks[b].rest,
                    &s->blocks[b].cut_rest);
    }
}

/* Blocks, room for the steps, and what there is to do. */
static void prepare(struct measure *m)
{
    struct arena *a = m->g->arena;
    struct signal *s = m->out;
    int n_blocks;
    const struct residual_block *blocks = residual_blocks(m->g, &n_blocks);

    s->blocks = arena_new_n(a, struct signal_block, n_blocks + 1);
    for (int b = 0; b < n_blocks; b++)
        if (blocks[b].from->type == DT_F32 && blocks[b].to->type == DT_F32)
            s->blocks[s->n_blocks++].block = blocks[b];
    s->n_steps = count_steps(m->g);
    s->steps = arena_new_n(a, struct signal_step, s->n_steps + 1);
    for (int mode = 0; mode < 2; mode++)
        m->steps[mode] = arena_new_n(a, struct step_sums, s->n_steps + 1);
    m->blocks = arena_alloc_n(a, (size_t)s->n_blocks + 1, sizeof *m->blocks);

    const int n_sweeps = s->n_sets * (s->n_blocks ? 2 : 1);
    const double once = work_behind(m->g, NULL);

    m->work = n_sweeps * once;
    if (sweep_target(m->g))
        s->n_rest = affordable(m, m->opt->work / n_sweeps - (2 + 2 * m->opt->directions) * once);
}

struct signal *signal_measure(struct graph *g, const struct tensor *const *sets, int n_sets,
                              const struct signal_options *opt,
                              void (*report)(void *ctx, double done), void *ctx)
{
    struct signal *out = arena_new_n(g->arena, struct signal, 1);
    struct measure m = { .g = g, .opt = opt, .out = out, .progress = report, .ctx = ctx };

    out->n_sets = n_sets;
    out->options = *opt;
    prepare(&m);
    struct residual_block *blocks = arena_new_n(g->arena, struct residual_block, out->n_blocks + 1);
    struct sweep s = {
        .graph = g, .blocks = blocks, .n_blocks = out->n_blocks, .seed = opt->seed, .look = look,
        .progress = report ? progress : NULL, .ctx = &m,
    };

    for (int b = 0; b < out->n_blocks; b++)
        blocks[b] = out->blocks[b].block;
    s.probes = new_probes(&m, &s.n_probes);
    for (int i = 0; i < n_sets; i++) {
        s.cut = false;
        sweep(&m, &s, sets[i]);
        s.cut = true;
        if (out->n_blocks)
            sweep(&m, &s, sets[i]);
    }
    for (int i = 0; i < g->n_inputs; i++)
        if (g->inputs[i]->type == DT_F32)
            out->input_rms = fmax(out->input_rms, input_rms(&m, i, sets));
    finish_steps(&m);
    finish_blocks(&m, sets);
    return out;
}
