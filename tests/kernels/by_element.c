// SPDX-License-Identifier: Apache-2.0
#include "by_element.h"

#include "base/arena.h"
#include "base/diag.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GUARD = 64, MAX_VALUES = 8 };

struct trial trial_new(uint64_t seed)
{
    struct arena *a = arena_new();

    return (struct trial){ a, graph_new(a, "trial"), seed * 2654435761u + 1 };
}

void trial_free(struct trial *t)
{
    arena_free(t->arena);
}

int64_t trial_between(struct trial *t, int64_t lo, int64_t hi)
{
    t->seed = t->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return lo + (int64_t)((t->seed >> 33) % (uint64_t)(hi - lo + 1));
}

struct shape trial_shape(struct trial *t, int min_rank, int max_rank)
{
    struct shape s = { .rank = (int)trial_between(t, min_rank, max_rank) };

    for (int i = 0; i < s.rank; i++) {
        s.dim[i] = trial_between(t, 1, s.rank > 5 ? 3 : 7);
        if (trial_between(t, 0, 29) == 0)
            s.dim[i] = 0;
        else if (trial_between(t, 0, 3) == 0)
            s.dim[i] = 1;
    }
    return s;
}

struct value *trial_input(struct trial *t, enum dtype type, struct shape s)
{
    struct value *v = graph_add_input(t->g, "x", type, s);
    const int64_t len = shape_len(&s);
    char *data = arena_alloc(t->arena, (size_t)len * dtype_size(type) + 1);

    for (int64_t i = 0; i < len; i++) {
        const int64_t k = trial_between(t, -9, 9);

        if (type == DT_F32)
            ((float *)(void *)data)[i] = (float)k / 4.0f;
        else if (type == DT_I64)
            ((int64_t *)(void *)data)[i] = k;
        else if (type == DT_I32)
            ((int32_t *)(void *)data)[i] = (int32_t)k;
        else
            data[i] = (char)(type == DT_BOOL ? k > 0 : k);
    }
    v->offer = data;
    return v;
}

struct value *trial_list(struct trial *t, int n, const int64_t *data)
{
    int64_t *copy = arena_new_n(t->arena, int64_t, n + 1);

    for (int i = 0; i < n; i++)
        copy[i] = data[i];
    return graph_add_constant(t->g, "list", DT_I64, shape_of(n), copy);
}

struct node *trial_node(struct trial *t, const struct op *op, int n_in, struct value *const *in,
                        int n_out)
{
    struct value *out[MAX_VALUES];

    for (int i = 0; i < n_out; i++)
        out[i] = graph_add_value(t->g, "y", DT_NONE, shape_scalar());
    return graph_append(t->g, op, op->name, n_in, in, n_out, out);
}

int64_t index_of(const struct shape *s, const int64_t *at)
{
    int64_t index = 0;

    for (int i = 0; i < s->rank; i++)
        index = index * s->dim[i] + at[i];
    return index;
}

const void *element_at(const struct value *v, const int64_t *at, int rank)
{
    int64_t own[MAX_RANK];

    for (int i = 0; i < v->shape.rank; i++)
        own[i] = v->shape.dim[i] == 1 ? 0 : at[rank - v->shape.rank + i];
    return (const char *)v->offer + index_of(&v->shape, own) * (int64_t)dtype_size(v->type);
}

static bool fail(const struct node *n, const char *what)
{
    char text[SHAPE_TEXT_MAX];

    fprintf(stderr, "%s", n->op->name);
    for (int i = 0; i < n->n_in; i++)
        fprintf(stderr, " %s", n->in[i] ? shape_text(&n->in[i]->shape, text) : "-");
    if (n->op->print)
        n->op->print(n, stderr);
    fprintf(stderr, ": %s\n", what);
    return false;
}

static bool close_enough(enum dtype t, const void *got, const void *wanted, double tolerance)
{
    if (t != DT_F32 || tolerance == 0.0)
        return !memcmp(got, wanted, dtype_size(t));
    const double a = (double)*(const float *)got, b = (double)*(const float *)wanted;

    return fabs(a - b) <= tolerance * (1.0 + fabs(b));
}

static bool output_is(const struct node *n, int k, const char *got, element_fn *element,
                      double tolerance)
{
    const struct value *y = n->out[k];
    const size_t size = dtype_size(y->type);
    int64_t at[MAX_RANK] = { 0 };

    for (int64_t i = 0; i < shape_len(&y->shape); i++) {
        int64_t wanted = 0;

        element(n, k, at, &wanted);
        if (!close_enough(y->type, got + (size_t)i * size, &wanted, tolerance))
            return fail(n, "an element differs");
        for (int d = y->shape.rank - 1; d >= 0 && ++at[d] == y->shape.dim[d]; d--)
            at[d] = 0;
    }
    return true;
}

/* Memory for v's elements between two guards. */
static char *guarded(struct trial *t, const struct value *v)
{
    char *bytes = arena_alloc(t->arena, value_size(v) + 2 * GUARD);

    memset(bytes, 0x5a, value_size(v) + 2 * GUARD);
    return bytes + GUARD;
}

static bool guards_hold(const struct value *v, const char *data)
{
    for (int i = 1; i <= GUARD; i++)
        if (data[-i] != 0x5a || data[value_size(v) + (size_t)i - 1] != 0x5a)
            return false;
    return true;
}

/* `shared`: the input whose memory out[0] is, or -1. */
static bool run(struct trial *t, struct node *n, int shared, element_fn *element,
                double tolerance)
{
    const void *in[MAX_VALUES];
    void *out[MAX_VALUES];

    for (int k = 0; k < n->n_out; k++)
        out[k] = guarded(t, n->out[k]);
    for (int i = 0; i < n->n_in; i++) {
        const size_t size = value_size(n->in[i]);
        char *copy = i == shared ? out[0] : arena_alloc(t->arena, size + 1);

        if (size)
            memcpy(copy, n->in[i]->offer, size);
        in[i] = copy;
    }
    n->op->eval(n, in, out);
    for (int i = 0; i < n->n_in; i++)
        if (i != shared && value_size(n->in[i]) &&
            memcmp(in[i], n->in[i]->offer, value_size(n->in[i])))
            return fail(n, "an input was written to");
    for (int k = 0; k < n->n_out; k++) {
        if (!guards_hold(n->out[k], out[k]))
            return fail(n, "written beside an output");
        if (!output_is(n, k, out[k], element, tolerance))
            return false;
    }
    return true;
}

static unsigned in_place(const struct node *n)
{
    for (int i = 0; i < n->op->n_kernels; i++)
        if (!n->op->kernels[i].match || n->op->kernels[i].match(n))
            return n->op->kernels[i].in_place;
    return 0;
}

bool trial_agrees(struct trial *t, struct node *n, element_fn *element, double tolerance)
{
    struct diag d = diag_new(t->arena, NULL);

    if (!n->op->infer(t->g, n, &d))
        return false;
    if (!run(t, n, -1, element, tolerance))
        return false;
    for (int i = 0; i < n->n_in; i++)
        if (in_place(n) >> i & 1 && !run(t, n, i, element, tolerance))
            return fail(n, "in place");
    return true;
}
