// SPDX-License-Identifier: Apache-2.0
/* statistics - node by node through the graph, as compiler/interpret.c does; what
 * is measured in front of a BatchNormalization is in place when it runs. */
#include "statistics.h"

#include "base/arena.h"
#include "base/random.h"
#include "net.h"
#include "onnx/load.h"
#include "ops/batch_norm.h"
#include "ops/op.h"

/* Enough that one more shows nothing new: after 16, a deep plain network drifts off on it. */
enum { N_PICTURES = 64 };

struct cell { /* a value, until its last reader has run */
    struct arena *arena;
    void *data;
    int n_readers;
};

static void open_cell(struct cell *c, const struct value *v)
{
    c->arena = arena_new();
    c->data = arena_alloc(c->arena, value_size(v));
    c->n_readers = v->n_users;
}

static void read_cell(struct cell *c)
{
    if (--c->n_readers <= 0) {
        arena_free(c->arena);
        c->arena = NULL;
    }
}

/* Uniform in [-1, 1), as the inputs that resc makes up. */
static void draw_pictures(float *x, int64_t n, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(2 * random_unit(&seed) - 1);
}

/* Of every channel of x [pictures, channels, ...]. */
static void measure(const struct shape *s, const float *x, float *mean, float *variance)
{
    const int64_t channels = s->dim[1], inner = shape_product(s, 2, s->rank);
    const double n = (double)(s->dim[0] * inner);

    for (int64_t c = 0; c < channels; c++) {
        double sum = 0, squares = 0;

        for (int64_t p = 0; p < s->dim[0]; p++)
            for (int64_t i = 0; i < inner; i++)
                sum += (double)x[(p * channels + c) * inner + i];
        for (int64_t p = 0; p < s->dim[0]; p++)
            for (int64_t i = 0; i < inner; i++) {
                const double from_mean = (double)x[(p * channels + c) * inner + i] - sum / n;

                squares += from_mean * from_mean;
            }
        mean[c] = (float)(sum / n);
        variance[c] = (float)(squares / n);
    }
}

/* Into the model, and into the graph that was loaded from it. */
static void settle(const struct net *net, const struct node *n, const float *x)
{
    struct value *const mean = n->in[BN_MEAN], *const variance = n->in[BN_VAR];
    float *m = net_find_floats(net, mean->name), *v = net_find_floats(net, variance->name);

    measure(&n->in[BN_X]->shape, x, m, v);
    mean->data = m;
    variance->data = v;
}

static void run_node(const struct net *net, struct cell *cells, const struct node *n)
{
    struct arena *a = arena_new();
    const void **in = arena_new_n(a, const void *, n->n_in);
    void **out = arena_new_n(a, void *, n->n_out);

    if (n->op == &op_batch_norm)
        settle(net, n, cells[n->in[BN_X]->id].data);
    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i]->data ? n->in[i]->data : cells[n->in[i]->id].data;
    for (int i = 0; i < n->n_out; i++) {
        open_cell(&cells[n->out[i]->id], n->out[i]);
        out[i] = cells[n->out[i]->id].data;
    }
    n->op->eval(n, in, out);
    for (int i = 0; i < n->n_in; i++)
        if (!n->in[i]->data)
            read_cell(&cells[n->in[i]->id]);
    arena_free(a);
}

bool statistics_fill_in(struct arena *a, struct net *net, uint64_t seed, struct diag *d)
{
    const struct load_options load = { .batch = N_PICTURES };
    size_t size;
    const char *bytes = (const char *)net_bytes(net, &size);
    struct graph *g = onnx_load_bytes(a, "net.onnx", bytes, size, &load, NULL, d);

    if (!g || !infer_shapes(g, d))
        return false;
    struct cell *cells = arena_new_n(a, struct cell, g->n_values);
    const struct value *image = g->inputs[0];

    open_cell(&cells[image->id], image);
    draw_pictures(cells[image->id].data, shape_len(&image->shape), seed);
    graph_foreach_node(n, g)
        run_node(net, cells, n);
    for (int i = 0; i < g->n_outputs; i++)
        read_cell(&cells[g->outputs[i]->id]);
    return true;
}
