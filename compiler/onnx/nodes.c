// SPDX-License-Identifier: Apache-2.0
/* nodes.c - one NodeProto to one node of the graph. */
#include "onnx/import.h"
#include "ops/op.h"

#include <limits.h>

static bool fail(const struct import *im, const Onnx__NodeProto *p, const char *what)
{
    diag_error_at(im->r.diag, node_label(p), text(p->op_type), "%s", what);
    return false;
}

/* Without the names at the end that say "left out". */
static size_t trimmed(char *const *names, size_t n)
{
    while (n && !*names[n - 1])
        n--;
    return n;
}

static bool arity(const struct import *im, const Onnx__NodeProto *p, const char *what, size_t n,
                  int min, int max)
{
    const char *wanted = max < 0      ? arena_printf(im->r.arena, "at least %d", min)
                         : min == max ? arena_printf(im->r.arena, "%d", min)
                                      : arena_printf(im->r.arena, "%d to %d", min, max);

    if (n >= (size_t)min && (max < 0 || n <= (size_t)max) && n < INT_MAX)
        return true;
    return fail(im, p, arena_printf(im->r.arena, "has %zu %s, expected %s", n, what, wanted));
}

/* Values for the names; false after a message for each that is not there. */
static bool inputs_of(const struct import *im, const Onnx__NodeProto *p, const struct op *op,
                      size_t n, struct value **out)
{
    bool ok = true;

    for (size_t i = 0; i < n; i++) {
        const char *name = p->input[i];
        const char *refused = map_get(&im->refused, name);

        out[i] = *name ? map_get(&im->values, name) : NULL;
        if (out[i])
            continue;
        if (!*name) {
            ok = ok && i >= (size_t)op->min_in && op->max_in >= 0;
            if (i < (size_t)op->min_in || op->max_in < 0)
                fail(im, p, arena_printf(im->r.arena, "input %zu is left out, but needed", i));
            continue;
        }
        ok = false;
        if (!refused)
            fail(im, p, arena_printf(im->r.arena, "input %zu, '%s', is made by no node, input or "
                                     "initialiser", i, name));
        else if (*refused)
            fail(im, p, arena_printf(im->r.arena, "input %zu, '%s', is %s: not supported", i, name,
                                     refused));
    }
    return ok;
}

/* New values for the outputs, also where the node itself is at fault, so that
 * its readers are not blamed. */
static bool outputs_of(struct import *im, const Onnx__NodeProto *p, const struct op *op, size_t n,
                       struct value **out)
{
    for (size_t i = 0; i < n; i++) {
        const char *name = p->output[i];

        out[i] = *name ? graph_add_value(im->g, name, DT_NONE, (struct shape){ 0 }) : NULL;
        if (out[i])
            map_put(&im->values, name, out[i]);
        else if (op && i < (size_t)op->min_out)
            return fail(im, p, arena_printf(im->r.arena, "output %zu is left out, but needed", i));
    }
    return true;
}

void node_import(struct import *im, const Onnx__NodeProto *p)
{
    const struct op *op = node_op(im, p);
    const size_t n_in = trimmed(p->input, p->n_input), n_out = trimmed(p->output, p->n_output);
    struct value **in = arena_new_n(im->r.arena, struct value *, n_in);
    struct value **out = arena_new_n(im->r.arena, struct value *, n_out);
    struct attr_list attrs = { .diag = im->r.diag, .opset = im->opset };

    if (!outputs_of(im, p, op, n_out, out) || !op)
        return;
    /* The last input of such an operator is for passes, not for files. */
    const int max_in = op->max_in - (op->flags & OP_FUSES_ADD ? 1 : 0);
    bool ok = arity(im, p, "inputs", n_in, op->min_in, max_in);

    ok = arity(im, p, "outputs", n_out, op->min_out, op->max_out) && ok;
    ok = inputs_of(im, p, op, n_in, in) && ok;
    ok = attributes_import(&im->r, p, &attrs) && ok;
    if (!ok)
        return;

    struct node *n = graph_append(im->g, op, node_label(p), (int)n_in, in, (int)n_out, out);

    attrs.node = n;
    if (!op->parse || op->parse(n, &attrs))
        attr_done(&attrs);
}
