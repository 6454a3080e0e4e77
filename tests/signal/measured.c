// SPDX-License-Identifier: Apache-2.0
#include "measured.h"

#include "base/arena.h"
#include "base/random.h"
#include "ir/tensor.h"

#include <string.h>

struct value *scaled(struct build *b, const char *name, struct value *x, int c, float factor)
{
    float *data = arena_new_n(b->arena, float, c * c);
    struct value *w = graph_add_constant(b->g, arena_printf(b->arena, "%s_w", name), DT_F32,
                                         shape_of(c, c, 1, 1), data);

    for (int i = 0; i < c; i++)
        data[i * c + i] = factor;
    return b_conv_of(b, name, x, w, NULL)->out[0];
}

struct value *added(struct build *b, const char *name, struct value *x, struct value *y)
{
    return b_node(b, &op_add, name, x, y)->out[0];
}

struct value *rectified(struct build *b, const char *name, struct value *x)
{
    return b_node(b, &op_unary_RELU, name, x)->out[0];
}

static void finish(struct build *b, struct value *y)
{
    b_output(b, y);
    b_infer(b);
}

static const void *elements(struct arena *a, const struct value *v, uint64_t *seed)
{
    const int64_t n = shape_len(&v->shape);
    float *x = arena_new_n(a, float, n);

    cr_assert(v->type == DT_F32);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)random_normal(seed);
    return x;
}

struct signal *measured(struct build *b, struct value *y, int n_sets, struct signal_options opt)
{
    const struct tensor **sets = arena_new_n(b->arena, const struct tensor *, n_sets);
    uint64_t seed = 99;

    finish(b, y);
    for (int s = 0; s < n_sets; s++) {
        struct tensor *in = arena_new_n(b->arena, struct tensor, b->g->n_inputs);

        for (int i = 0; i < b->g->n_inputs; i++) {
            const struct value *v = b->g->inputs[i];

            in[i] = (struct tensor){ v->name, v->type, v->shape, elements(b->arena, v, &seed) };
        }
        sets[s] = in;
    }
    return signal_measure(b->g, sets, n_sets, &opt, NULL, NULL);
}

struct signal *measured_on(struct build *b, struct value *y, const float *x)
{
    finish(b, y);
    const struct value *v = b->g->inputs[0];
    const struct tensor in = { v->name, v->type, v->shape, x };
    const struct tensor *const set = &in;

    cr_assert_eq(b->g->n_inputs, 1);
    return signal_measure(b->g, &set, 1, &(struct signal_options){ .directions = 1 }, NULL, NULL);
}

const struct signal_step *step_named(const struct signal *s, const char *value)
{
    for (int i = 0; i < s->n_steps; i++)
        if (strcmp(s->steps[i].value->name, value) == 0)
            return &s->steps[i];
    cr_assert(false, "no step gives '%s'", value);
    return NULL;
}

const struct signal_warning *warning_of(struct build *b, const struct signal *s,
                                        enum signal_fault fault, bool cut)
{
    int n;
    const struct signal_warning *w = signal_warnings(b->g, s, &n);

    for (int i = 0; i < n; i++)
        if (w[i].fault == fault && w[i].cut == cut)
            return &w[i];
    return NULL;
}
