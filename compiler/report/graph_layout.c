// SPDX-License-Identifier: Apache-2.0
#include "report/graph_layout.h"

#include "base/arena.h"

enum { MOST_BOXES = 8000, MOST_WIRES = 20000 };

struct maker {
    struct graph *g;
    struct graph_layout *out;
    int *maker_of; /* box by value->id, or -1: a constant */
    /* By box; -1: none. */
    int *onward;   /* the reader with the longest way to go */
    int *behind;   /* the one it reads with the longest way behind it */
};

/* The box below in the same lane: the two are each other's longest way. */
static int next_in_chain(const struct maker *m, int b)
{
    return m->onward[b] >= 0 && m->behind[m->onward[b]] == b ? m->onward[b] : -1;
}

static bool heads_chain(const struct maker *m, int b)
{
    return m->behind[b] < 0 || m->onward[m->behind[b]] != b;
}

static int count_nodes(const struct graph *g)
{
    int n = 0;

    graph_foreach_node(node, g)
        n++;
    return n;
}

static void add_box(struct maker *m, const struct node *node, const struct value *value)
{
    m->out->boxes[m->out->n_boxes++] = (struct box){ .node = node, .value = value };
}

/* A value that is read twice by one box is one wire. */
static void add_wire(struct maker *m, const struct value *v, int to)
{
    struct graph_layout *l = m->out;
    const int from = v ? m->maker_of[v->id] : -1;

    if (from < 0)
        return;
    for (int w = l->n_wires - 1; w >= 0 && l->wires[w].to == to; w--)
        if (l->wires[w].value == v)
            return;
    l->wires[l->n_wires++] = (struct wire){ .value = v, .from = from, .to = to };
}

static void make_boxes(struct maker *m)
{
    const struct graph *g = m->g;
    struct graph_layout *l = m->out;

    for (int i = 0; i < g->n_inputs; i++) {
        m->maker_of[g->inputs[i]->id] = l->n_boxes;
        add_box(m, NULL, g->inputs[i]);
    }
    graph_foreach_node(n, g) {
        l->of_node[n->id] = l->n_boxes;
        for (int k = 0; k < n->n_out; k++)
            if (n->out[k])
                m->maker_of[n->out[k]->id] = l->n_boxes;
        for (int i = 0; i < n->n_in; i++)
            add_wire(m, n->in[i], l->n_boxes);
        add_box(m, n, NULL);
    }
    for (int i = 0; i < g->n_outputs; i++) {
        add_wire(m, g->outputs[i], l->n_boxes);
        add_box(m, NULL, g->outputs[i]);
    }
}

/* Wires are in the order of `to`, and come from boxes before: one walk is enough. */
static void make_rows(struct graph_layout *l)
{
    for (int w = 0; w < l->n_wires; w++) {
        const int below = l->boxes[l->wires[w].from].row + 1;
        struct box *to = &l->boxes[l->wires[w].to];

        to->row = below > to->row ? below : to->row;
    }
    for (int b = 0; b < l->n_boxes; b++)
        l->n_rows = l->boxes[b].row >= l->n_rows ? l->boxes[b].row + 1 : l->n_rows;
}

static void make_chains(struct maker *m)
{
    const struct graph_layout *l = m->out;
    int *to_go = arena_new_n(m->g->arena, int, l->n_boxes + 1);

    for (int b = 0; b < l->n_boxes; b++)
        m->onward[b] = m->behind[b] = -1;
    for (int w = l->n_wires - 1; w >= 0; w--) {
        const int from = l->wires[w].from, to = l->wires[w].to;

        if (to_go[to] + 1 > to_go[from]) {
            to_go[from] = to_go[to] + 1;
            m->onward[from] = to;
        }
        if (m->behind[to] < 0 || l->boxes[from].row > l->boxes[m->behind[to]].row)
            m->behind[to] = from;
    }
}

static int chain_end(const struct maker *m, int head)
{
    int b = head;

    while (next_in_chain(m, b) >= 0)
        b = next_in_chain(m, b);
    return b;
}

struct span {
    int head, length; /* of a chain */
    int from, to;     /* rows */
    int lane;
};

/* The longest chain that has no lane yet, of `n`. */
static struct span *longest(struct span *spans, int n)
{
    struct span *best = NULL;

    for (int i = 0; i < n; i++)
        if (spans[i].lane < 0 && (!best || spans[i].length > best->length))
            best = &spans[i];
    return best;
}

/* The least number that no span in the way has. */
static int free_lane(const struct span *spans, int n, const struct span *s, bool *taken)
{
    int lane = 0;

    for (int i = 0; i < n; i++)
        taken[i] = false;
    for (int i = 0; i < n; i++)
        if (spans[i].lane >= 0 && spans[i].from < s->to && s->from < spans[i].to)
            taken[spans[i].lane] = true;
    while (taken[lane])
        lane++;
    return lane;
}

static struct span chain_span(const struct maker *m, int head)
{
    const struct graph_layout *l = m->out;
    const int end = chain_end(m, head), leads_to = m->onward[end];
    struct span s = { .head = head, .from = l->boxes[head].row, .lane = -1 };

    s.length = l->boxes[end].row - s.from + 1;
    s.to = leads_to >= 0 ? l->boxes[leads_to].row : l->boxes[end].row + 1;
    return s;
}

static void make_lanes(struct maker *m)
{
    struct graph_layout *l = m->out;
    struct span *spans = arena_new_n(m->g->arena, struct span, l->n_boxes + 1), *s;
    bool *taken = arena_new_n(m->g->arena, bool, l->n_boxes + 1);
    int n = 0;

    for (int b = 0; b < l->n_boxes; b++)
        if (heads_chain(m, b))
            spans[n++] = chain_span(m, b);
    while ((s = longest(spans, n))) {
        s->lane = free_lane(spans, n, s, taken);
        for (int b = s->head; b >= 0; b = next_in_chain(m, b))
            l->boxes[b].lane = s->lane;
    }
}

/* Into the lane of one of its ends, where it is the only thing there, or a track. */
static void make_tracks(struct maker *m)
{
    struct graph_layout *l = m->out;
    struct span *spans = arena_new_n(m->g->arena, struct span, l->n_wires + 1);
    bool *taken = arena_new_n(m->g->arena, bool, l->n_wires + 1);
    int n = 0;

    for (int i = 0; i < l->n_wires; i++) {
        struct wire *w = &l->wires[i];
        const struct box *from = &l->boxes[w->from], *to = &l->boxes[w->to];

        w->lane = -1;
        if (m->onward[w->from] == w->to)
            w->lane = from->lane;
        else if (to->row == from->row + 1 && heads_chain(m, w->to))
            w->lane = to->lane;
        if (w->lane >= 0)
            continue;
        spans[n] = (struct span){ .from = from->row, .to = to->row, .lane = -1 };
        spans[n].lane = w->track = free_lane(spans, n, &spans[n], taken);
        n++;
    }
}

/* By row: how many values from above are read in it or below, and, of equally many, by how many. */
static int *crossings(struct graph *g, const struct graph_layout *l)
{
    enum { VALUE = MOST_WIRES };
    int *n = arena_new_n(g->arena, int, l->n_rows + 2);
    int *last = arena_new_n(g->arena, int, g->n_values + 1); /* row that reads it, by value->id */

    for (const struct wire *w = l->wires; w < l->wires + l->n_wires; w++) {
        const int row = l->boxes[w->to].row, from = l->boxes[w->from].row;
        const int known = last[w->value->id] ? last[w->value->id] : from;

        n[from + 1]++;
        n[row + 1]--;
        if (row <= known)
            continue;
        n[known + 1] += VALUE;
        n[row + 1] -= VALUE;
        last[w->value->id] = row;
    }
    for (int row = 1; row <= l->n_rows; row++)
        n[row] += n[row - 1];
    return n;
}

static int column_end(const struct graph_layout *l, const int *crossing, int start, int rows)
{
    int best = start + rows;

    if (best >= l->n_rows)
        return l->n_rows;
    for (int row = best; row > start + rows / 2; row--)
        if (crossing[row] < crossing[best])
            best = row;
    return best;
}

/* Columns of about equal height; `rows` is about how many they have. */
static void make_columns(struct graph *g, struct graph_layout *l, int rows_wanted)
{
    const int n_wanted = (l->n_rows + rows_wanted / 2) / rows_wanted;
    const int rows = l->n_rows / (n_wanted > 0 ? n_wanted : 1) + 4; /* a block may want some more */
    const int *crossing = crossings(g, l);
    int *column_of = arena_new_n(g->arena, int, l->n_rows + 1);

    l->columns = arena_new_n(g->arena, struct column, l->n_rows + 1);
    for (int row = 0; row < l->n_rows; l->n_columns++) {
        const int end = column_end(l, crossing, row, rows);

        l->columns[l->n_columns] = (struct column){ row, end, 1, 0 };
        while (row < end)
            column_of[row++] = l->n_columns;
    }
    for (int b = 0; b < l->n_boxes; b++) {
        struct column *c = &l->columns[l->boxes[b].column = column_of[l->boxes[b].row]];

        c->n_lanes = l->boxes[b].lane >= c->n_lanes ? l->boxes[b].lane + 1 : c->n_lanes;
    }
    for (const struct wire *w = l->wires; w < l->wires + l->n_wires; w++)
        for (int k = l->boxes[w->from].column; k <= l->boxes[w->to].column; k++) {
            struct column *c = &l->columns[k];

            c->n_lanes = w->lane >= c->n_lanes ? w->lane + 1 : c->n_lanes;
            if (w->lane < 0)
                c->n_tracks = w->track >= c->n_tracks ? w->track + 1 : c->n_tracks;
        }
}

static double count_wires(const struct graph *g)
{
    double n = g->n_outputs;

    graph_foreach_node(node, g)
        n += node->n_in;
    return n;
}

bool graph_layout_make(struct graph *g, int rows_a_column, struct graph_layout *out)
{
    const double n_wires = count_wires(g);
    const double n = (double)g->n_inputs + count_nodes(g) + g->n_outputs;

    if (n > MOST_BOXES || n_wires > MOST_WIRES)
        return false;
    *out = (struct graph_layout){
        .boxes = arena_new_n(g->arena, struct box, n + 1),
        .wires = arena_new_n(g->arena, struct wire, n_wires + 1),
        .of_node = arena_new_n(g->arena, int, g->n_node_ids + 1),
    };
    struct maker m = {
        g, out, arena_new_n(g->arena, int, g->n_values + 1), arena_new_n(g->arena, int, n + 1),
        arena_new_n(g->arena, int, n + 1),
    };

    for (int i = 0; i < g->n_values; i++)
        m.maker_of[i] = -1;
    for (int i = 0; i < g->n_node_ids; i++)
        out->of_node[i] = -1;
    make_boxes(&m);
    make_rows(out);
    make_chains(&m);
    make_lanes(&m);
    make_tracks(&m);
    make_columns(g, out, rows_a_column);
    return true;
}
