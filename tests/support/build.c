// SPDX-License-Identifier: Apache-2.0
#include "build.h"

#include "base/arena.h"
#include "interpret.h"
#include "ops/batch_norm.h"
#include "ops/conv.h"
#include "ops/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "build: %s\n", what);
    abort();
}

struct build b_new(const char *name)
{
    struct arena *a = arena_new();

    return (struct build){ a, graph_new(a, name), diag_new(a, NULL), 1 };
}

void b_free(struct build *b)
{
    arena_free(b->arena);
}

/* In [0, 1), of 24 bits: exact in float. */
static float next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)(*seed >> 8) / 16777216.0f;
}

static float *uniform(struct arena *a, uint32_t *seed, float lo, float hi, int64_t len)
{
    float *data = arena_new_n(a, float, len);

    for (int64_t i = 0; i < len; i++)
        data[i] = lo == hi ? lo : lo + (hi - lo) * next_random(seed);
    return data;
}

struct value *b_uniform(struct build *b, const char *name, float lo, float hi, struct shape s)
{
    return graph_add_constant(b->g, name, DT_F32, s,
                              uniform(b->arena, &b->seed, lo, hi, shape_len(&s)));
}

struct value *b_i64(struct build *b, const char *name, int n, const int64_t *data)
{
    int64_t *copy = arena_new_n(b->arena, int64_t, n);

    memcpy(copy, data, (size_t)n * sizeof(*data));
    return graph_add_constant(b->g, name, DT_I64, shape_of(n), copy);
}

struct node *b_node_of(struct build *b, const struct op *op, const char *name, int n_in,
                       struct value *const *in)
{
    struct value *out = graph_add_value(b->g, arena_printf(b->arena, "%s_out", name), DT_NONE,
                                        shape_scalar());

    return graph_append(b->g, op, name, n_in, in, 1, &out);
}

struct window *b_window(struct node *n)
{
    return n->op == &op_conv ? &((struct conv_attr *)n->attr)->win
                             : &((struct pool_attr *)n->attr)->win;
}

static void set_window(struct node *n, int64_t kh, int64_t kw, int64_t stride, bool same)
{
    struct window *w = b_window(n);

    w->spatial = 2;
    for (int i = 0; i < 2; i++) {
        w->kernel[i] = i ? kw : kh;
        w->stride[i] = stride;
        w->dilation[i] = 1;
        w->pad[i] = w->pad[i + 2] = same ? w->kernel[i] / 2 : 0;
    }
}

struct node *b_conv_of(struct build *b, const char *name, struct value *x, struct value *w,
                       struct value *bias)
{
    struct node *n = bias ? b_node(b, &op_conv, name, x, w, bias) : b_node(b, &op_conv, name, x, w);

    set_window(n, w->shape.dim[2], w->shape.dim[3], 1, true);
    ((struct conv_attr *)n->attr)->group = 1;
    return n;
}

struct node *b_conv(struct build *b, const char *name, struct value *x, int64_t ic, int64_t oc,
                    int64_t kernel)
{
    struct value *w = b_random(b, arena_printf(b->arena, "%s_w", name), oc, ic, kernel, kernel);
    struct value *bias = b_random(b, arena_printf(b->arena, "%s_b", name), oc);

    return b_conv_of(b, name, x, w, bias);
}

struct node *b_pool(struct build *b, const struct op *op, const char *name, struct value *x,
                    int64_t kernel, int64_t stride)
{
    struct node *n = b_node(b, op, name, x);

    set_window(n, kernel, kernel, stride, false);
    return n;
}

struct node *b_batch_norm(struct build *b, const char *name, struct value *x, int64_t channels)
{
    struct value *scale = b_positive(b, arena_printf(b->arena, "%s_scale", name), channels);
    struct value *shift = b_random(b, arena_printf(b->arena, "%s_B", name), channels);
    struct value *mean = b_random(b, arena_printf(b->arena, "%s_mean", name), channels);
    struct value *var = b_positive(b, arena_printf(b->arena, "%s_var", name), channels);
    struct node *n = b_node(b, &op_batch_norm, name, x, scale, shift, mean, var);

    ((struct batch_norm_attr *)n->attr)->epsilon = 1e-5f;
    return n;
}

void b_output(struct build *b, struct value *v)
{
    graph_add_output(b->g, v);
}

void b_infer(struct build *b)
{
    /* What the file declares about outputs is not of interest: declare nothing. */
    for (int i = 0; i < b->g->n_outputs; i++)
        b->g->outputs[i]->shape.rank = -1;
    need(infer_shapes(b->g, &b->diag), "infer_shapes() refused the graph");
    graph_validate(b->g);
}

const char *b_text(const struct build *b)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    need(f != NULL, "no memory");
    graph_print(b->g, f);
    need(fclose(f) == 0, "no memory");
    const char *copy = arena_strdup(b->arena, text);

    free(text);
    return copy;
}

bool b_text_is(const struct build *b, const char *wanted)
{
    const char *got = b_text(b);

    if (!strcmp(got, wanted))
        return true;
    fprintf(stderr, "--- wanted\n%s--- got\n%s---\n", wanted, got);
    return false;
}

const void **b_run(const struct build *b)
{
    const struct graph *g = b->g;
    const void **in = arena_new_n(b->arena, const void *, g->n_inputs + 1);
    const void **out = arena_new_n(b->arena, const void *, g->n_outputs + 1);
    uint32_t seed = 12345;

    for (int i = 0; i < g->n_inputs; i++) {
        need(g->inputs[i]->type == DT_F32, "b_run() makes f32 inputs only");
        in[i] = uniform(b->arena, &seed, -1.0f, 1.0f, shape_len(&g->inputs[i]->shape));
    }
    const void **values = interpret(b->arena, g, in);

    for (int i = 0; i < g->n_outputs; i++)
        out[i] = values[g->outputs[i]->id];
    return out;
}

static double difference(float got, float wanted)
{
    if (isnan(got) || isnan(wanted))
        return isnan(got) && isnan(wanted) ? 0.0 : (double)INFINITY;
    if (got == wanted)
        return 0.0;
    return fabs((double)got - (double)wanted) / (1.0 + fabs((double)wanted));
}

double b_difference(const struct build *b, const void *const *got, const void *const *wanted)
{
    double worst = 0.0;

    for (int i = 0; i < b->g->n_outputs; i++) {
        const struct value *v = b->g->outputs[i];
        const float *x = got[i], *y = wanted[i];

        need(v->type == DT_F32, "b_difference() compares f32 only");
        for (int64_t k = 0; k < shape_len(&v->shape); k++)
            worst = fmax(worst, difference(x[k], y[k]));
    }
    return worst;
}
