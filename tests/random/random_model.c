// SPDX-License-Identifier: Apache-2.0
#include "random_model.h"

#include "gen.h"
#include "ops/op.h"

#include <stdio.h>
#include <string.h>

enum { NODES_MAX = 16, TRIES_MAX = 40, OUTPUTS_MAX = 10 };

static const struct maker families[] = {
#define FAMILY(op, since, weight, conv_weight, make) { op, since, { weight, conv_weight }, make },
#include "families.def"
#undef FAMILY
};

bool random_model_knows(const char *op_type)
{
    for (int i = 0; i < COUNT(families); i++)
        if (strcmp(families[i].op, op_type) == 0)
            return true;
    return false;
}

static const struct maker *random_maker(struct gen *g)
{
    int sum = 0, at;

    for (int i = 0; i < COUNT(families); i++)
        sum += families[i].weight[g->convolutional];
    at = (int)between(g, 0, sum - 1);
    for (int i = 0; i < COUNT(families); i++)
        if ((at -= families[i].weight[g->convolutional]) < 0)
            return &families[i];
    return NULL;
}

/* Often at a version where some operator's meaning changed. */
static int random_opset(struct gen *g)
{
    return (int)(chance(g, 50) ? one_of(g, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18, 19)
                               : between(g, OPSET_MIN, OPSET_MAX));
}

/* Nearly all that nobody reads, and some that someone does; rarely an input or a
 * constant.  What is declared may be less than what is known. */
static void add_outputs(struct gen *g)
{
    int n = 0;

    for (int i = g->n - 1; i >= 0; i--) {
        const struct operand *v = &g->v[i];
        const bool is_input = strncmp(v->name, "in_", 3) == 0;

        if (n == OUTPUTS_MAX || !chance(g, is_input ? 1 : v->n_users ? 12 : n ? 92 : 100))
            continue;
        model_output(g->m, v->name, v->type, chance(g, 90) ? shape_list(g, &v->s) : NULL);
        n++;
    }
    if (g->n_shared && chance(g, 2)) {
        const struct operand *c = &g->shared[between(g, 0, g->n_shared - 1)];

        model_output(g->m, c->name, c->type, shape_list(g, &c->s));
    }
}

unsigned char *random_model(struct arena *a, uint64_t seed, size_t *size)
{
    struct gen *g = arena_new_n(a, struct gen, 1);
    const struct rng start = { seed };
    const int wanted = 1 + (int)(seed % NODES_MAX);
    unsigned char *bytes, *copy;

    g->a = a;
    g->rng = start;
    g->opset = random_opset(g);
    g->convolutional = chance(g, 40);
    g->m = model_new(g->opset);
    for (int i = 0; i < TRIES_MAX && (g->n_nodes < wanted || g->n_inputs == 0); i++) {
        const struct maker *f = random_maker(g);

        if (g->opset >= f->since && g->n < VALUES_MAX - 40)
            f->make(g, f->op);
    }
    add_outputs(g);
    bytes = model_bytes(g->m, size);
    copy = arena_alloc(a, *size + 1);
    memcpy(copy, bytes, *size);
    model_free(g->m);
    return copy;
}

static void store(enum dtype t, void *at, int64_t i, double x)
{
    switch (t) {
    case DT_F32:
        ((float *)at)[i] = (float)x;
        break;
    case DT_I64:
        ((int64_t *)at)[i] = (int64_t)x;
        break;
    case DT_I32:
        ((int32_t *)at)[i] = (int32_t)x;
        break;
    default:
        ((unsigned char *)at)[i] = (unsigned char)(int)x;
    }
}

void *random_elements(struct arena *a, enum dtype t, int64_t len, const char *doc, uint64_t seed)
{
    struct rng r = { seed };
    void *data = arena_alloc_n(a, (size_t)len + 1, dtype_size(t));
    double lo = t == DT_F32 ? -1 : 0, hi = 1;
    bool whole = t != DT_F32;

    if (doc && sscanf(doc, "real %lf %lf", &lo, &hi) == 2)
        whole = false;
    else if (doc && sscanf(doc, "whole %lf %lf", &lo, &hi) == 2)
        whole = true;
    for (int64_t i = 0; i < len; i++)
        store(t, data, i, whole ? (double)rng_int(&r, (int64_t)lo, (int64_t)hi)
                                : rng_real(&r, lo, hi));
    return data;
}
