// SPDX-License-Identifier: Apache-2.0
/* infer - types and shapes in run order, evaluating what is constant as it goes. */
#include "base/arena.h"
#include "base/diag.h"
#include "ops/op.h"

static bool all_constant(const struct node *n)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && !n->in[i]->data)
            return false;
    return true;
}

/* A view of a constant that writes a graph output, which nobody else reads, is all
 * that is left of a node folded before: there is nothing more to gain. */
static bool worth_folding(const struct node *n)
{
    return !(n->op->flags & OP_VIEW && n->out[0]->is_output && n->out[0]->n_users == 0);
}

static double work_of(const struct node *n)
{
    double elements = 0;

    if (n->op->eval_work)
        return n->op->eval_work(n);
    if (n->op->macs)
        return n->op->macs(n);
    for (int i = 0; i < n->n_in; i++)
        elements += n->in[i] ? (double)shape_len(&n->in[i]->shape) : 0;
    for (int i = 0; i < n->n_out; i++)
        elements += n->out[i] ? (double)shape_len(&n->out[i]->shape) : 0;
    return elements;
}

static double results_of(const struct node *n)
{
    double bytes = 0;

    for (int i = 0; i < n->n_out; i++)
        bytes += n->out[i] ? (double)value_size(n->out[i]) : 0;
    return bytes;
}

bool fold_afford(struct graph *g, double bytes, double work)
{
    if (bytes > g->fold.bytes || work > g->fold.work) {
        g->fold.spent = true;
        return false;
    }
    g->fold.bytes -= bytes;
    g->fold.work -= work;
    return true;
}

/* n's outputs have data: n is not needed.  A graph output keeps a producer,
 * since someone must write the caller's buffer; those who read it read the
 * constant instead. */
static void replace_by_constants(struct graph *g, struct node *n)
{
    for (int i = 0; i < n->n_out; i++) {
        struct value *v = n->out[i];

        if (!v)
            continue;
        value_set_constant(g, v, v->data);
        if (v->is_output) {
            struct value *c = graph_add_constant(g, v->name, v->type, v->shape, v->data);

            value_replace(g, v, c);
            v->data = NULL;
            graph_insert(g, n, &op_identity, n->name, 1, &c, 1, &v);
        }
    }
    graph_remove(g, n);
}

bool fold_node(struct graph *g, struct node *n)
{
    if (!n->op->eval || !all_constant(n) || !worth_folding(n) ||
        !fold_afford(g, results_of(n), work_of(n)))
        return false;

    const void **in = arena_new_n(g->arena, const void *, n->n_in + 1);
    void **out = arena_new_n(g->arena, void *, n->n_out + 1);

    for (int i = 0; i < n->n_in; i++)
        in[i] = n->in[i] ? n->in[i]->data : NULL;
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            out[i] = arena_alloc(g->arena, value_size(n->out[i]));
    n->op->eval(n, in, out);
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            n->out[i]->data = out[i];
    replace_by_constants(g, n);
    return true;
}

static bool inputs_known(const struct node *n)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && n->in[i]->type == DT_NONE)
            return false;
    return true;
}

/* Outputs of a node that was refused have no type, so that nodes that read
 * them are passed over: one message per fault. */
static void forget_outputs(struct node *n)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i])
            n->out[i]->type = DT_NONE;
}

/* Types that only constants may have, e.g. f16 weights before their Cast. */
static bool outputs_run(struct node *n, struct diag *d)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i] && !n->out[i]->data && !dtype_runs(n->out[i]->type))
            return node_error(d, n, "output %d is %s at run time, which only constants may be", i,
                              dtype_name(n->out[i]->type));
    return true;
}

struct declared {
    enum dtype type;
    struct shape shape;
};

static void compare_declared(const struct value *v, const struct declared *was, struct diag *d)
{
    char got[SHAPE_TEXT_MAX], wanted[SHAPE_TEXT_MAX];
    const int errors = d->n_errors;
    bool same = was->shape.rank < 0 || was->shape.rank == v->shape.rank;

    for (int i = 0; same && i < was->shape.rank; i++)
        same = was->shape.dim[i] < 0 || was->shape.dim[i] == v->shape.dim[i];
    if (!same)
        diag_warn(d, WARN_OUTPUT_SHAPE, "output '%s' is declared as %s, the operators give %s",
                  v->name, shape_text(&was->shape, wanted), shape_text(&v->shape, got));
    if (was->type != DT_NONE && was->type != v->type)
        diag_warn(d, WARN_OUTPUT_SHAPE, "output '%s' is declared as %s, the operators give %s",
                  v->name, dtype_name(was->type), dtype_name(v->type));
    if (d->n_errors != errors)
        diag_hint(d, "-Wno-output-shape takes what the operators give");
}

bool infer_shapes(struct graph *g, struct diag *d)
{
    const int errors = d->n_errors;
    struct declared *declared = arena_new_n(g->arena, struct declared, g->n_outputs + 1);

    for (int i = 0; i < g->n_outputs; i++)
        declared[i] = (struct declared){ g->outputs[i]->type, g->outputs[i]->shape };
    graph_foreach_node(n, g)
        forget_outputs(n);
    graph_foreach_node_safe(n, g) {
        bool known_output = true;

        if (!inputs_known(n) || !n->op->infer(g, n, d)) {
            forget_outputs(n);
            continue;
        }
        for (int i = 0; i < n->n_out; i++)
            known_output = known_output && (!n->out[i] || n->out[i]->data);
        if (known_output)
            replace_by_constants(g, n);
        else if (!fold_node(g, n) && !outputs_run(n, d))
            forget_outputs(n);
    }
    if (g->fold.spent)
        diag_note(d, "not every constant is computed now: the limits 'folded' and 'work' forbid it "
                     "('resc help limits')");
    if (d->n_errors != errors)
        return false;
    for (int i = 0; i < g->n_outputs; i++)
        compare_declared(g->outputs[i], &declared[i], d);
    return diag_ok(d);
}
