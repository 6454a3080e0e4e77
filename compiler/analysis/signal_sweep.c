// SPDX-License-Identifier: Apache-2.0
#include "analysis/signal_sweep.h"

#include "analysis/signal_push.h"
#include "base/arena.h"
#include "base/random.h"
#include "ir/tensor.h"
#include "ops/op.h"

#include <math.h>
#include <string.h>

struct run {
    struct sweep *s;
    struct cell *cell;  /* by value->id */
    int *block_of_join; /* by node->id: index of s->blocks, or -1 */
    const struct value *target; /* of PROBE_REST */
    double *change;
    int n_input_probes;
};

double sweep_work(const struct node *n)
{
    double work = node_macs(n);

    for (int i = 0; i < n->n_out; i++)
        work += n->out[i] ? (double)shape_len(&n->out[i]->shape) : 0;
    return work;
}

const struct value *sweep_target(const struct graph *g)
{
    for (int i = 0; i < g->n_outputs; i++)
        if (is_float(g->outputs[i]))
            return g->outputs[i];
    return NULL;
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
    tangent_add(c, (struct tangent){ probe, 0, t });
}

static void arrive(struct probe *p, const struct cell *c, int probe)
{
    const struct tangent *t = tangent_find(c, probe);

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
        tangent_add(c, t);
    }
}

static void run_node(struct run *r, struct step *k)
{
    push_start(k);
    for (int p = 0; p < r->s->n_probes; p++)
        if (!r->s->probes[p].arrived)
            push_probe(k, p);
}

static struct step new_step(struct run *r, const struct node *n)
{
    struct step k = { .n = n, .cell = r->cell, .arena = arena_new() };

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
        const struct tangent *t = tangent_find(c, p);

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

static void start(struct run *r, const struct tensor *inputs)
{
    const struct graph *g = r->s->graph;

    for (int i = 0; i < g->n_inputs; i++) {
        const struct value *v = g->inputs[i];

        r->cell[v->id].arena = arena_new();
        for (int p = 0; p < r->n_input_probes && is_float(v); p++)
            start_probe(r, p, i, v);
        open_cell(r, v, inputs[i].data);
        if (v->n_users == 0)
            close_cell(&r->cell[v->id]);
    }
}

void sweep_run(struct sweep *s, const struct tensor *inputs)
{
    struct arena *a = arena_new();
    struct run r = { .s = s, .target = sweep_target(s->graph) };

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
