// SPDX-License-Identifier: Apache-2.0
#include "one_node.h"

#include "base/arena.h"
#include "base/diag.h"
#include "interpret.h"
#include "ops/op.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ARGS = 6, MAX_OUTPUTS = 4, MAX_ATTRS = 4 };

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool fail(const struct one_node *t, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "%s (opset %d): ", t->op, t->opset);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    putc('\n', stderr);
    return false;
}

static bool same_element(enum dtype t, const void *got, const void *wanted, int64_t i)
{
    const size_t size = dtype_size(t);

    if (t != DT_F32)
        return !memcmp((const char *)got + (size_t)i * size,
                       (const char *)wanted + (size_t)i * size, size);
    const float a = ((const float *)got)[i], b = ((const float *)wanted)[i];

    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return a == b || fabsf(a - b) <= 1e-6f * (1.0f + fabsf(b));
}

static bool same(const struct one_node *t, int i, const struct value *v, const void *got)
{
    const struct arg *wanted = &t->out[i];
    char a[SHAPE_TEXT_MAX], b[SHAPE_TEXT_MAX];

    if (v->type != wanted->type || !shape_equal(&v->shape, &wanted->shape))
        return fail(t, "output %d is %s%s, wanted %s%s", i, dtype_name(v->type),
                    shape_text(&v->shape, a), dtype_name(wanted->type),
                    shape_text(&wanted->shape, b));
    for (int64_t k = 0; k < shape_len(&v->shape); k++)
        if (!same_element(v->type, got, wanted->data, k))
            return fail(t, "output %d differs at element %d%s", i, (int)k,
                        v->type == DT_F32 ? "" : " (exactly)");
    return true;
}

static void keep_message(void *ctx, const char *line)
{
    char *text = ctx;

    if (!*text)
        snprintf(text, 1024, "%s", line);
}

static struct value *add_input(struct graph *g, const struct arg *x, bool all_constant)
{
    const size_t len = (size_t)shape_len(&x->shape);

    if (x->kind == ARG_LEFT_OUT)
        return NULL;
    if (len && len != x->len) {
        fprintf(stderr, "one_node: the test gives %zu elements for %zu\n", x->len, len);
        abort();
    }
    if (all_constant || x->kind == ARG_CONST)
        return graph_add_constant(g, "c", x->type, x->shape, x->data);
    return graph_add_input(g, "x", x->type, x->shape);
}

static struct node *add_node(struct graph *g, const struct one_node *t, const struct op *op,
                             bool all_constant)
{
    struct value *in[MAX_ARGS], *out[MAX_OUTPUTS];
    int n_in = 0, n_out = 0;

    for (; n_in < MAX_ARGS && t->in[n_in].kind != ARG_NONE; n_in++)
        in[n_in] = add_input(g, &t->in[n_in], all_constant);
    for (; n_out < MAX_OUTPUTS && t->out[n_out].kind != ARG_NONE; n_out++)
        out[n_out] = t->out[n_out].kind == ARG_LEFT_OUT
                         ? NULL : graph_add_value(g, "y", DT_NONE, (struct shape){ .rank = -1 });
    if (n_out == 0)
        out[n_out++] = graph_add_value(g, "y", DT_NONE, (struct shape){ .rank = -1 });
    return graph_append(g, op, "node", n_in, in, n_out, out);
}

static bool parse(struct node *n, const struct one_node *t, struct diag *d)
{
    struct attr attrs[MAX_ATTRS];
    struct attr_list list = { .node = n, .diag = d, .opset = t->opset, .attrs = attrs };

    for (; list.n < MAX_ATTRS && t->attrs[list.n].name; list.n++)
        attrs[list.n] = t->attrs[list.n];
    if (n->op->parse && !n->op->parse(n, &list))
        return false;
    return attr_done(&list);
}

static bool has_kernel(const struct graph *g)
{
    graph_foreach_node(n, g) {
        bool found = false;

        for (int i = 0; i < n->op->n_kernels; i++)
            found = found || !n->op->kernels[i].match || n->op->kernels[i].match(n);
        if (!found)
            return false;
    }
    return true;
}

static bool check_outputs(struct graph *g, const struct one_node *t, struct value *const *out,
                          bool all_constant)
{
    const void *in[MAX_ARGS];
    const void **values;
    int n_in = 0;

    for (int i = 0; i < MAX_ARGS && !all_constant; i++)
        if (t->in[i].kind == ARG_RUN)
            in[n_in++] = t->in[i].data;
    if (g->n_inputs != (all_constant ? 0 : n_in))
        return fail(t, "an input at run time became constant");
    if (!has_kernel(g))
        return fail(t, "no kernel runs it");
    values = interpret(g->arena, g, in);
    for (int i = 0; i < MAX_OUTPUTS && t->out[i].kind != ARG_NONE; i++)
        if (out[i] && !same(t, i, out[i], all_constant ? out[i]->data : values[out[i]->id]))
            return false;
    return true;
}

static bool run(const struct one_node *t, bool all_constant)
{
    struct arena *a = arena_new();
    struct diag d = diag_new(a, NULL);
    struct graph *g = graph_new(a, "test");
    bool known;
    const struct op *op = op_find(t->op, t->opset, &known);
    char message[1024] = "";
    struct value *out[MAX_OUTPUTS] = { NULL };
    bool ok;

    d.sink = keep_message;
    d.ctx = message;
    if (!op)
        return fail(t, "no such operator");
    struct node *n = add_node(g, t, op, all_constant);

    for (int i = 0; i < n->n_out; i++) {
        out[i] = n->out[i];
        if (out[i] && !all_constant)
            graph_add_output(g, out[i]);
    }
    ok = parse(n, t, &d) && infer_shapes(g, &d);
    if (t->refused) {
        if (ok)
            ok = fail(t, "accepted, wanted \"%s\"", t->refused);
        else
            ok = strstr(message, t->refused) || fail(t, "said \"%s\", wanted \"%s\"", message,
                                                     t->refused);
    } else if (!ok) {
        fail(t, "refused: %s", message);
    } else {
        graph_validate(g);
        for (int i = 0; ok && i < MAX_OUTPUTS; i++)
            if (all_constant && out[i] && !out[i]->data)
                ok = fail(t, "output %d was not folded", i);
        ok = ok && check_outputs(g, t, out, all_constant);
    }
    arena_free(a);
    return ok;
}

bool one_node_is(const struct one_node *t)
{
    bool runs = true;

    for (int i = 0; i < MAX_ARGS; i++)
        runs = runs && (t->in[i].kind != ARG_RUN || dtype_runs(t->in[i].type));
    for (int i = 0; i < MAX_OUTPUTS; i++)
        runs = runs && (t->out[i].type == DT_NONE || dtype_runs(t->out[i].type));
    if (t->refused)
        return run(t, false);
    return (!runs || run(t, false)) && run(t, true);
}
