// SPDX-License-Identifier: Apache-2.0
#include "analysis/signal_sweep.h"

#include "base/arena.h"
#include "base/random.h"
#include "ir/tensor.h"
#include "ops/op.h"

#include <math.h>
#include <string.h>

static const double SMALL = 1e-3; /* change to signal, where an operator bends */
static const double LARGE = 1e6;  /* change to offset, where it does not: rounding of the offset
                                   * does not show in the difference then */

/* What became of a probe in a value: elements of RMS 1, times 10^scale. */
struct tangent {
    int probe;
    double scale;
    const float *t;
};

struct cell { /* a value, while it is needed */
    struct arena *arena;
    const void *data;
    double rms;
    int n_readers;
    struct tangent *tangents;
    int n_tangents;
};

struct run {
    struct sweep *s;
    struct cell *cell;  /* by value->id */
    int *block_of_join; /* by node->id: index of s->blocks, or -1 */
    const struct value *target; /* of PROBE_REST */
    double *change;
    int n_input_probes;
};

/* The node being evaluated. */
struct step {
    const struct node *n;
    struct arena *arena;  /* until it is done */
    const void **in;
    void **out;           /* of the signal */
    float **moved;        /* [input]: changed elements; NULL: not needed yet */
    void **changed;       /* the outputs then */
    void ***offset;       /* [input]: the outputs with that input 0; NULL: not needed yet */
    double **sum;         /* [output]: the change */
};

double sweep_work(const struct node *n)
{
    double work = n->op->macs ? n->op->macs(n) : 0;

    for (int i = 0; i < n->n_out; i++)
        work += n->out[i] ? (double)shape_len(&n->out[i]->shape) : 0;
    return work;
}

static bool is_float(const struct value *v)
{
    return v && v->type == DT_F32;
}

static double rms_of(const float *x, int64_t n)
{
    double sum = 0;
    int64_t finite = 0;

    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            sum += (double)x[i] * (double)x[i];
            finite++;
        }
    return finite ? sqrt(sum / (double)finite) : 0;
}

static const struct tangent *find_tangent(const struct cell *c, int probe)
{
    for (int i = 0; i < c->n_tangents; i++)
        if (c->tangents[i].probe == probe)
            return &c->tangents[i];
    return NULL;
}

static void add_tangent(struct cell *c, struct tangent t)
{
    if (!(c->n_tangents & (c->n_tangents - 1))) /* a power of two, or none */
        c->tangents = arena_grow(c->arena, c->tangents, (size_t)c->n_tangents,
                                 2 * (size_t)c->n_tangents + 1, sizeof *c->tangents);
    c->tangents[c->n_tangents++] = t;
}

/* `input`: of the graph, whose inputs have directions of their own; 0 elsewhere. */
static void start_probe(struct run *r, int probe, int input, const struct value *v)
{
    struct cell *c = &r->cell[v->id];
    const int64_t n = shape_len(&v->shape);
    float *t = arena_new_n(c->arena, float, n + 1);
    uint64_t seed = r->s->seed ^ ((uint64_t)probe + 1) * 0xd1342543de82ef95u ^
                    (uint64_t)input * 0xa24baed4963ee407u;

    for (int64_t i = 0; i < n; i++)
        t[i] = (float)random_normal(&seed);
    const double rms = rms_of(t, n);

    for (int64_t i = 0; i < n && rms > 0; i++)
        t[i] = (float)((double)t[i] / rms);
    add_tangent(c, (struct tangent){ probe, 0, t });
}

static void arrive(struct probe *p, const struct cell *c, int probe)
{
    const struct tangent *t = find_tangent(c, probe);

    if (t)
        p->gain = t->scale;
    p->arrived = true;
}

/* A value has its elements: probes end and start here. */
static void meet_probes(struct run *r, const struct value *v)
{
    struct sweep *s = r->s;
    struct cell *c = &r->cell[v->id];

    for (int i = r->n_input_probes; i < s->n_probes; i++) {
        struct probe *p = &s->probes[i];
        const struct residual_block *b = &s->blocks[p->block];

        if (v == (p->kind == PROBE_OWN ? b->to : r->target) && !p->arrived)
            arrive(p, c, i);
        if (v == b->from)
            start_probe(r, i, 0, v);
    }
}

static void open_cell(struct run *r, const struct value *v, const void *data)
{
    struct cell *c = &r->cell[v->id];

    c->data = data;
    c->n_readers = v->n_users;
    if (is_float(v))
        c->rms = rms_of(data, shape_len(&v->shape));
    meet_probes(r, v);
}

static void close_cell(struct cell *c)
{
    arena_free(c->arena);
    *c = (struct cell){ .arena = NULL };
}

static void *new_elements(struct arena *a, const struct value *v)
{
    return arena_alloc(a, value_size(v) + 1);
}

/* The outputs, with in[i] replaced by `instead`. */
static void evaluate(const struct step *k, int i, const void *instead, void **out)
{
    const void *kept = k->in[i];

    k->in[i] = instead;
    k->n->op->eval(k->n, k->in, out);
    k->in[i] = kept;
}

static void **new_outputs(const struct step *k)
{
    void **out = arena_new_n(k->arena, void *, k->n->n_out + 1);

    for (int o = 0; o < k->n->n_out; o++)
        if (k->n->out[o])
            out[o] = new_elements(k->arena, k->n->out[o]);
    return out;
}

/* sum += (changed - base) * factor; what is no number in one of them does not count. */
static void add_difference(const struct step *k, void *const *base, double factor)
{
    for (int o = 0; o < k->n->n_out; o++) {
        if (!is_float(k->n->out[o]))
            continue;
        const float *x = base[o], *y = k->changed[o];
        const int64_t n = shape_len(&k->n->out[o]->shape);

        for (int64_t i = 0; i < n; i++)
            if (isfinite(x[i]) && isfinite(y[i]))
                k->sum[o][i] += ((double)y[i] - (double)x[i]) * factor;
    }
}

/* in[i] is x + h * t, with x NULL: h * t. */
static const float *moved(const struct step *k, int i, const float *x, double h, const float *t)
{
    const struct value *v = k->n->in[i];
    const int64_t n = shape_len(&v->shape);

    if (!k->moved[i])
        k->moved[i] = new_elements(k->arena, v);
    for (int64_t e = 0; e < n; e++)
        k->moved[i][e] = (float)((x ? (double)x[e] : 0.0) + h * (double)t[e]);
    return k->moved[i];
}

/* f(.., h t, ..) - f(.., 0, ..), one input at a time, each weighed by its scale. */
static void push_affine(const struct run *r, struct step *k, int probe, double top)
{
    for (int i = 0; i < k->n->n_in; i++) {
        const struct value *v = k->n->in[i];
        const struct tangent *t = is_float(v) ? find_tangent(&r->cell[v->id], probe) : NULL;
        double size = 1;

        if (!t)
            continue;
        if (!k->offset[i]) {
            k->offset[i] = new_outputs(k);
            evaluate(k, i, new_elements(k->arena, v), k->offset[i]);
        }
        for (int o = 0; o < k->n->n_out; o++)
            if (is_float(k->n->out[o]))
                size = fmax(size, rms_of(k->offset[i][o], shape_len(&k->n->out[o]->shape)));
        const double h = LARGE * size;

        evaluate(k, i, moved(k, i, NULL, h, t->t), k->changed);
        add_difference(k, k->offset[i], pow(10, t->scale - top) / h);
    }
}

/* (f(x + h t) - f(x)) / h, all inputs at once. */
static void push_bent(const struct run *r, struct step *k, int probe, double top)
{
    const void **in = arena_new_n(k->arena, const void *, k->n->n_in + 1);
    double h = 0;

    for (int i = 0; i < k->n->n_in; i++)
        if (is_float(k->n->in[i]) && find_tangent(&r->cell[k->n->in[i]->id], probe))
            h = fmax(h, SMALL * r->cell[k->n->in[i]->id].rms);
    if (h < 1e-30)
        h = 1e-30;
    for (int i = 0; i < k->n->n_in; i++) {
        const struct value *v = k->n->in[i];
        const struct tangent *t = is_float(v) ? find_tangent(&r->cell[v->id], probe) : NULL;

        in[i] = t ? moved(k, i, k->in[i], h * pow(10, t->scale - top), t->t) : k->in[i];
    }
    k->n->op->eval(k->n, in, k->changed);
    add_difference(k, k->out, 1 / h);
}

/* Brings k->sum back to RMS 1 and gives it to the outputs. */
static void keep_tangents(struct run *r, const struct step *k, int probe, double top)
{
    for (int o = 0; o < k->n->n_out; o++) {
        const struct value *v = k->n->out[o];

        if (!is_float(v))
            continue;
        struct cell *c = &r->cell[v->id];
        const int64_t n = shape_len(&v->shape);
        double squares = 0;

        for (int64_t i = 0; i < n; i++)
            squares += k->sum[o][i] * k->sum[o][i];
        const double rms = n ? sqrt(squares / (double)n) : 0;

        if (!(rms > 0) || !isfinite(rms))
            continue; /* nothing arrives */
        float *t = arena_new_n(c->arena, float, n);

        for (int64_t i = 0; i < n; i++)
            t[i] = (float)(k->sum[o][i] / rms);
        add_tangent(c, (struct tangent){ probe, top + log10(rms), t });
    }
}

static void push_probe(struct run *r, struct step *k, int probe)
{
    double top = -INFINITY;

    for (int i = 0; i < k->n->n_in; i++) {
        const struct tangent *t = is_float(k->n->in[i]) ?
                                  find_tangent(&r->cell[k->n->in[i]->id], probe) : NULL;

        if (t)
            top = fmax(top, t->scale);
    }
    if (top == -INFINITY)
        return;
    for (int o = 0; o < k->n->n_out; o++)
        if (is_float(k->n->out[o]))
            memset(k->sum[o], 0, (size_t)shape_len(&k->n->out[o]->shape) * sizeof(double));
    if (k->n->op->flags & OP_AFFINE)
        push_affine(r, k, probe, top);
    else
        push_bent(r, k, probe, top);
    keep_tangents(r, k, probe, top);
}

/* With the skip cut: the join gives what the branch gave. */
static void copy_branch(struct run *r, const struct step *k, const struct value *branch)
{
    const struct value *v = k->n->out[0];
    const struct cell *from = &r->cell[branch->id];
    struct cell *c = &r->cell[v->id];

    memcpy(k->out[0], from->data, value_size(v));
    for (int i = 0; i < from->n_tangents; i++) {
        struct tangent t = from->tangents[i];
        float *copy = new_elements(c->arena, v);

        memcpy(copy, t.t, value_size(v));
        t.t = copy;
        add_tangent(c, t);
    }
}

static void run_node(struct run *r, struct step *k)
{
    k->n->op->eval(k->n, k->in, k->out);
    k->offset = arena_new_n(k->arena, void **, k->n->n_in + 1);
    k->moved = arena_new_n(k->arena, float *, k->n->n_in + 1);
    k->sum = arena_new_n(k->arena, double *, k->n->n_out + 1);
    k->changed = new_outputs(k);
    for (int o = 0; o < k->n->n_out; o++)
        if (is_float(k->n->out[o]))
            k->sum[o] = arena_new_n(k->arena, double, shape_len(&k->n->out[o]->shape) + 1);
    for (int p = 0; p < r->s->n_probes; p++)
        if (!r->s->probes[p].arrived)
            push_probe(r, k, p);
}

static struct step new_step(struct run *r, const struct node *n)
{
    struct step k = { .n = n, .arena = arena_new() };

    k.in = arena_new_n(k.arena, const void *, n->n_in + 1);
    k.out = arena_new_n(k.arena, void *, n->n_out + 1);
    for (int i = 0; i < n->n_in; i++)
        k.in[i] = !n->in[i] ? NULL : n->in[i]->data ? n->in[i]->data : r->cell[n->in[i]->id].data;
    for (int o = 0; o < n->n_out; o++)
        if (n->out[o]) {
            struct cell *c = &r->cell[n->out[o]->id];

            c->arena = arena_new();
            c->data = k.out[o] = new_elements(c->arena, n->out[o]);
        }
    return k;
}

static void look(const struct run *r, const struct node *n)
{
    const struct cell *c = &r->cell[n->out[0]->id];

    for (int p = 0; p < r->n_input_probes; p++) {
        const struct tangent *t = find_tangent(c, p);

        r->change[p] = t ? t->scale : -INFINITY;
    }
    r->s->look(r->s->ctx, n, c->data, r->change);
}

static void let_go(struct run *r, const struct node *n)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && !n->in[i]->data && --r->cell[n->in[i]->id].n_readers == 0)
            close_cell(&r->cell[n->in[i]->id]);
    for (int o = 0; o < n->n_out; o++)
        if (n->out[o] && n->out[o]->n_users == 0)
            close_cell(&r->cell[n->out[o]->id]);
}

static void step(struct run *r, const struct node *n)
{
    struct step k = new_step(r, n);
    const int block = r->block_of_join[n->id];

    if (r->s->cut && block >= 0)
        copy_branch(r, &k, r->s->blocks[block].branch);
    else
        run_node(r, &k);
    arena_free(k.arena);
    for (int o = 0; o < n->n_out; o++)
        if (n->out[o])
            open_cell(r, n->out[o], r->cell[n->out[o]->id].data);
    if (is_float(n->out[0]))
        look(r, n);
    let_go(r, n);
}

static const struct value *first_float_output(const struct graph *g)
{
    for (int i = 0; i < g->n_outputs; i++)
        if (is_float(g->outputs[i]))
            return g->outputs[i];
    return NULL;
}

static void start(struct run *r, const struct tensor *inputs)
{
    const struct graph *g = r->s->graph;

    for (int i = 0; i < g->n_inputs; i++) {
        const struct value *v = g->inputs[i];

        r->cell[v->id].arena = arena_new();
        for (int p = 0; p < r->n_input_probes && is_float(v); p++)
            start_probe(r, p, i, v);
        open_cell(r, v, inputs[i].data);
    }
}

void sweep_run(struct sweep *s, const struct tensor *inputs)
{
    struct arena *a = arena_new();
    struct run r = { .s = s, .target = first_float_output(s->graph) };

    while (r.n_input_probes < s->n_probes && s->probes[r.n_input_probes].kind == PROBE_INPUT)
        r.n_input_probes++;
    for (int i = 0; i < s->n_probes; i++) {
        s->probes[i].gain = -INFINITY;
        s->probes[i].arrived = false;
    }
    r.cell = arena_new_n(a, struct cell, s->graph->n_values + 1);
    r.change = arena_new_n(a, double, r.n_input_probes + 1);
    r.block_of_join = arena_new_n(a, int, s->graph->n_node_ids + 1);
    memset(r.block_of_join, -1, (size_t)s->graph->n_node_ids * sizeof(int));
    for (int b = 0; b < s->n_blocks; b++)
        r.block_of_join[s->blocks[b].join->id] = b;
    start(&r, inputs);
    graph_foreach_node(n, s->graph) {
        step(&r, n);
        if (s->progress)
            s->progress(s->ctx, sweep_work(n));
    }
    for (int i = 0; i < s->graph->n_values; i++)
        close_cell(&r.cell[i]);
    arena_free(a);
}
