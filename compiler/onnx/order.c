// SPDX-License-Identifier: Apache-2.0
/* order.c - the order of the nodes: each one after those that make its inputs.
 *
 * A depth-first walk in the order of the file visits a file that is in order
 * already just so, and meets itself again where there is a cycle. */
#include "onnx/import.h"

#include "base/str.h"

enum state { NEW, OPEN, DONE };

struct visit {
    size_t node;
    size_t next_input; /* to look at */
};

struct walk {
    const struct import *im;
    enum state *state;
    struct visit *stack;
    size_t depth;
    const Onnx__NodeProto **order;
    size_t n;
};

static void report_cycle(const struct walk *w, size_t node)
{
    enum { SHOWN = 8 };
    struct str s = { 0 };
    size_t from = w->depth - 1;

    while (w->stack[from].node != node)
        from--;
    for (size_t i = from; i < w->depth && i < from + SHOWN; i++)
        str_printf(&s, "'%s' needs ", node_label(w->im->proto->node[w->stack[i].node]));
    if (w->depth - from > SHOWN)
        str_puts(&s, "... needs ");
    diag_error(w->im->r.diag, "the graph has a cycle: %s'%s'", str_text(&s),
               node_label(w->im->proto->node[node]));
    str_free(&s);
}

static bool visit(struct walk *w, const struct map *producer, size_t root)
{
    Onnx__NodeProto **nodes = w->im->proto->node;

    w->stack[w->depth++] = (struct visit){ root, 0 };
    w->state[root] = OPEN;
    while (w->depth) {
        struct visit *top = &w->stack[w->depth - 1];
        const Onnx__NodeProto *p = nodes[top->node];

        if (top->next_input == p->n_input) {
            w->state[top->node] = DONE;
            w->order[w->n++] = p;
            w->depth--;
            continue;
        }
        Onnx__NodeProto **maker = map_get(producer, p->input[top->next_input++]);
        const size_t at = maker ? (size_t)(maker - nodes) : 0;

        if (!maker || w->state[at] == DONE)
            continue;
        if (w->state[at] == OPEN) {
            report_cycle(w, at);
            return false;
        }
        w->stack[w->depth++] = (struct visit){ at, 0 };
        w->state[at] = OPEN;
    }
    return true;
}

const Onnx__NodeProto **nodes_order(const struct import *im, const struct map *producer)
{
    const size_t n = im->proto->n_node;
    struct walk w = {
        .im = im,
        .state = arena_new_n(im->r.arena, enum state, n),
        .stack = arena_new_n(im->r.arena, struct visit, n),
        .order = arena_new_n(im->r.arena, const Onnx__NodeProto *, n),
    };
    size_t first = n;

    for (size_t i = 0; i < n; i++)
        if (w.state[i] == NEW && !visit(&w, producer, i))
            return NULL;
    for (size_t i = n; i-- > 0;)
        if (w.order[i] != im->proto->node[i])
            first = i;
    if (first < n)
        diag_warn(im->r.diag, WARN_UNSORTED, "nodes are not in run order, first '%s' (%s): sorted",
                  node_label(im->proto->node[first]), text(im->proto->node[first]->op_type));
    return w.order;
}
