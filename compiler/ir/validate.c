// SPDX-License-Identifier: Apache-2.0
/* validate - every invariant of the IR, all failures at once. */
#include "base/arena.h"
#include "ir/graph.h"
#include "ops/op.h"

#include <stdarg.h>
#include <stdlib.h>

struct check {
    const struct graph *g;
    int failures;
};

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static void expect(struct check *c, bool ok, const char *fmt, ...)
{
    va_list ap;

    if (ok)
        return;
    fputs("resc: internal error: graph: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    putc('\n', stderr);
    c->failures++;
}

/* Spread over 64 bits, so that sums of them are the same only for the same nodes. */
static uint64_t mark_of(const struct node *n)
{
    uint64_t x = (uint64_t)n->id + 1;

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Who reads the value, once for each time: what its list says. */
static uint64_t marks_of_users(const struct value *v)
{
    uint64_t sum = 0;

    for (int i = 0; i < v->n_users; i++)
        sum += mark_of(v->users[i]);
    return sum;
}

static void check_value(struct check *c, const struct value *v, int id)
{
    expect(c, v->id == id, "value %d has id %d", id, v->id);
    expect(c, !(v->data && v->producer), "constant %%%d has a producer", id);
    expect(c, !(v->is_input && (v->producer || v->data)), "input %%%d is produced", id);
    if (v->n_users || v->is_output) {
        expect(c, v->producer || v->is_input || v->data, "%%%d is read, nobody makes it", id);
        expect(c, v->type != DT_NONE, "%%%d has no type", id);
        expect(c, shape_len_checked(&v->shape) >= 0, "%%%d has no shape", id);
    }
    if (v->is_output)
        expect(c, v->producer != NULL, "output %%%d has no producer", id);
}

/* `made[id]`: the value exists when the node runs.  `readers[id]`: who reads it. */
static void check_node(struct check *c, const struct node *n, bool *made, uint64_t *readers)
{
    const struct op *op = n->op;

    expect(c, !n->next || n->next->prev == n, "node %d: broken list", n->id);
    expect(c, op->max_in < 0 || n->n_in <= op->max_in, "node %d (%s): too many inputs", n->id,
           op->name);
    expect(c, n->act.kind == ACT_NONE || op->flags & OP_FUSES_ACT,
           "node %d (%s) cannot carry an activation", n->id, op->name);
    for (int i = 0; i < n->n_in; i++) {
        const struct value *v = n->in[i];

        if (!v)
            continue;
        expect(c, c->g->values[v->id] == v, "node %d: foreign input", n->id);
        expect(c, v->data || v->is_input || made[v->id], "node %d (%s) runs before its input %%%d",
               n->id, op->name, v->id);
        readers[v->id] += mark_of(n);
    }
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i]) {
            expect(c, n->out[i]->producer == n, "node %d: output %%%d is not its own", n->id,
                   n->out[i]->id);
            made[n->out[i]->id] = true;
        }
}

void graph_validate(const struct graph *g)
{
    struct check c = { .g = g };
    bool *made = arena_new_n(g->arena, bool, g->n_values + 1);
    uint64_t *readers = arena_new_n(g->arena, uint64_t, g->n_values + 1);

    for (int i = 0; i < g->n_values; i++)
        check_value(&c, g->values[i], i);
    graph_foreach_node(n, g)
        check_node(&c, n, made, readers);
    for (int i = 0; i < g->n_values; i++)
        expect(&c, marks_of_users(g->values[i]) == readers[i],
               "the users of %%%d are not the nodes that read it", i);
    for (int i = 0; i < g->n_outputs; i++)
        expect(&c, g->outputs[i]->is_output && made[g->outputs[i]->id], "output %d is not made", i);
    if (c.failures) {
        graph_print(g, stderr);
        abort();
    }
}
