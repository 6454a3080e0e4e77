// SPDX-License-Identifier: Apache-2.0
#include "gen.h"

#include "onnx.pb-c.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool chance(struct gen *g, int percent)
{
    return rng_int(&g->rng, 0, 99) < percent;
}

int64_t between(struct gen *g, int64_t lo, int64_t hi)
{
    return rng_int(&g->rng, lo, hi);
}

int64_t one_of_list(struct gen *g, int n, const int64_t *list)
{
    return list[rng_int(&g->rng, 0, n - 1)];
}

double magnitude(const struct operand *x)
{
    return fmax(fabs(x->lo), fabs(x->hi));
}

const char *new_name(struct gen *g, const char *stem)
{
    return arena_printf(g->a, "%s_%d", stem, g->n_names++);
}

const char *shape_list(struct gen *g, const struct shape *s)
{
    const char *text = "";

    for (int i = 0; i < s->rank; i++)
        text = arena_printf(g->a, "%s%s%" PRId64, text, i ? "," : "", s->dim[i]);
    return text;
}

const char *ints_text(struct gen *g, int n, const int64_t *v)
{
    const char *text = "[";

    for (int i = 0; i < n; i++)
        text = arena_printf(g->a, "%s%s%" PRId64, text, i ? "," : "", v[i]);
    return arena_printf(g->a, "%s]", text);
}

const char *float_text(struct gen *g, double x)
{
    return arena_printf(g->a, "%#.9g", (double)(float)x);
}

const char *with(struct gen *g, const char *attrs, const char *name, const char *value)
{
    return arena_printf(g->a, "%s%s%s=%s", attrs, *attrs ? " " : "", name, value);
}

const char *with_int(struct gen *g, const char *attrs, const char *name, int64_t value)
{
    return with(g, attrs, name, arena_printf(g->a, "%" PRId64, value));
}

static struct operand *add_value(struct gen *g, struct operand v)
{
    assert(g->n < VALUES_MAX);
    g->v[g->n] = v;
    return &g->v[g->n++];
}

/* A dimension 0 of 1 may be left open: it is a batch of 1 unless someone says. */
struct operand new_input(struct gen *g, enum dtype t, struct shape s, double lo, double hi,
                         bool whole)
{
    const struct operand v = { new_name(g, "in"), t, s, lo, hi, whole, false, 0 };
    const char *dims = shape_list(g, &s);
    Onnx__GraphProto *graph = model_proto(g->m)->graph;

    if (s.rank > 0 && s.dim[0] == 1 && chance(g, 15))
        dims = arena_printf(g->a, "N%s", dims + 1);
    model_input(g->m, v.name, t, dims);
    graph->input[graph->n_input - 1]->doc_string =
        arena_printf(g->a, "%s %g %g", whole ? "whole" : "real", lo, hi);
    g->n_inputs++;
    return *add_value(g, v);
}

/* As an initialiser, which may be an input of the graph, too, or as a node. */
struct operand constant_of(struct gen *g, enum dtype t, struct shape s, const void *data,
                           double lo, double hi, bool whole)
{
    const struct operand v = { new_name(g, "const"), t, s, lo, hi, whole, true, 1 };
    const char *dims = shape_list(g, &s);

    if (chance(g, 12)) {
        model_node(g->m, "Constant", "", v.name, NULL);
        model_node_tensor(g->m, "value", t, dims, data);
    } else {
        model_initialiser(g->m, v.name, t, dims, data);
        if (chance(g, 5))
            model_input(g->m, v.name, t, dims);
    }
    return v;
}

/* One that is there already and will do. */
static const struct operand *find_shared(struct gen *g, const struct shape *s, double lo,
                                         double hi, bool whole)
{
    for (int i = 0; i < g->n_shared; i++) {
        const struct operand *c = &g->shared[i];

        if (shape_equal(&c->s, s) && c->lo >= lo && c->hi <= hi && (c->whole || !whole))
            return c;
    }
    return NULL;
}

struct operand constant_f32(struct gen *g, struct shape s, double lo, double hi, bool whole)
{
    const int64_t len = shape_len(&s);
    const struct operand *there = chance(g, 20) ? find_shared(g, &s, lo, hi, whole) : NULL;
    float *data = arena_new_n(g->a, float, len + 1);
    struct operand c;

    if (there)
        return *there;
    for (int64_t i = 0; i < len; i++)
        data[i] = whole ? (float)between(g, (int64_t)lo, (int64_t)hi)
                        : (float)rng_real(&g->rng, lo, hi);
    c = constant_of(g, DT_F32, s, data, lo, hi, whole);
    if (g->n_shared < SHARED_MAX)
        g->shared[g->n_shared++] = c;
    return c;
}

struct operand constant_i64(struct gen *g, int n, const int64_t *v)
{
    return constant_of(g, DT_I64, shape_of(n), v, -WHOLE_MAX, WHOLE_MAX, true);
}

struct operand shaped(const struct operand *x, struct shape s)
{
    struct operand y = *x;

    y.s = s;
    y.n_users = 0;
    return y;
}

static void count_user(struct gen *g, const char *name)
{
    for (int i = 0; i < g->n; i++)
        if (strcmp(g->v[i].name, name) == 0)
            g->v[i].n_users++;
}

void node_n(struct gen *g, const char *op, int n_in, const struct operand *in, const char *attrs,
            int n_out, struct operand *out)
{
    const char *inputs = "", *outputs = "";

    for (int i = 0; i < n_in; i++) {
        inputs = arena_printf(g->a, "%s%s%s", inputs, i ? " " : "", in[i].name);
        count_user(g, in[i].name);
    }
    for (int i = 0; i < n_out; i++) {
        const bool left_out = out[i].name && strcmp(out[i].name, "-") == 0;

        out[i].constant = false;
        out[i].n_users = 0;
        if (!left_out) {
            out[i].name = new_name(g, op);
            add_value(g, out[i]);
        }
        outputs = arena_printf(g->a, "%s%s%s", outputs, i ? " " : "", out[i].name);
    }
    model_node(g->m, op, inputs, outputs, attrs);
    if (chance(g, 70))
        model_node_name(g->m, arena_printf(g->a, "node_%d", g->n_nodes));
    g->n_nodes++;
}

struct operand node1(struct gen *g, const char *op, int n_in, const struct operand *in,
                     const char *attrs, struct operand out)
{
    out.name = NULL;
    node_n(g, op, n_in, in, attrs, 1, &out);
    return out;
}
