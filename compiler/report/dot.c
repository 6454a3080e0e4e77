// SPDX-License-Identifier: Apache-2.0
/* dot - a node of graphviz for each input, node and output; an edge for each
 * activation that is read, with its shape. */
#include "report/dot.h"

#include "analysis/residual.h"
#include "base/arena.h"
#include "base/str.h"
#include "ops/op.h"
#include "report/graph_label.h"

enum { MOST_TEXT = 60 };

/* Inside quotes: what str_escaped() leaves, and graphviz would take for its own. */
static void add_text(struct str *out, const struct graph *g, const char *text)
{
    for (const char *p = str_escaped_copy(g->arena, text, MOST_TEXT); *p; p++) {
        if (*p == '"' || *p == '\\')
            str_puts(out, "\\");
        str_add(out, p, 1);
    }
}

static void add_end(struct str *out, const char *kind, const struct value *v, const struct graph *g)
{
    char shape[SHAPE_TEXT_MAX];

    str_printf(out, "  %s%d [shape=oval, label=\"", kind, v->id);
    add_text(out, g, v->name);
    str_printf(out, "\\n%s%s\"];\n", dtype_name(v->type), shape_text(&v->shape, shape));
}

static void add_node(struct str *out, const struct graph *g, const struct node *n)
{
    char fused[LABEL_MAX];

    label_fused(n, fused);
    str_printf(out, "  n%d [label=\"%s%s%s\\n", n->id, n->op->name, *fused ? " " : "", fused);
    add_text(out, g, n->name);
    str_puts(out, "\", tooltip=\"");
    add_text(out, g, n->origin);
    str_puts(out, "\"];\n");
}

static void add_edge(struct str *out, const struct value *v, const char *reader, int id, bool skip)
{
    char shape[SHAPE_TEXT_MAX];

    if (v->data)
        return;
    str_printf(out, v->producer ? "  n%d" : "  in%d", v->producer ? v->producer->id : v->id);
    str_printf(out, " -> %s%d [label=\"%s\"%s];\n", reader, id, shape_text(&v->shape, shape),
               skip ? ", penwidth=3, color=\"#c05000\"" : "");
}

static void add_cluster(struct str *out, const struct graph *g,
                        const struct residual_block *block, const int *branch_of, int b)
{
    const struct node *before = block->from->producer;

    str_printf(out, "  subgraph cluster_%d { style=\"rounded,filled\"; color=\"#dde6f5\"; "
               "label=\"residual branch %d\";", b + 1, b + 1);
    for (const struct node *n = before ? before->next : g->first; n; n = n->next) {
        if (branch_of[n->id] == b)
            str_printf(out, " n%d;", n->id);
        if (n == block->join)
            break;
    }
    str_puts(out, " }\n");
}

/* By node->id: what comes to a join over the skip. */
static const struct value **skips(const struct graph *g, const struct residual_block *blocks, int n)
{
    const struct value **skip = arena_new_n(g->arena, const struct value *, g->n_node_ids + 1);

    for (int b = 0; b < n; b++)
        skip[blocks[b].join->id] = blocks[b].skip ? blocks[b].skip : blocks[b].from;
    return skip;
}

void graph_dot(struct graph *g, struct str *out)
{
    int n_blocks;
    const struct residual_block *blocks = residual_blocks(g, &n_blocks);
    const int *branch_of = residual_branch_of(g, blocks, n_blocks);
    const struct value *const *skip = skips(g, blocks, n_blocks);

    str_puts(out, "digraph \"");
    add_text(out, g, g->name);
    str_puts(out, "\" {\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, "
             "fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (int i = 0; i < g->n_inputs; i++)
        add_end(out, "in", g->inputs[i], g);
    graph_foreach_node(n, g)
        add_node(out, g, n);
    for (int i = 0; i < g->n_outputs; i++)
        add_end(out, "out", g->outputs[i], g);
    for (int b = 0; b < n_blocks; b++)
        add_cluster(out, g, &blocks[b], branch_of, b);
    graph_foreach_node(n, g)
        for (int i = 0; i < n->n_in; i++)
            if (n->in[i])
                add_edge(out, n->in[i], "n", n->id, n->in[i] == skip[n->id]);
    for (int i = 0; i < g->n_outputs; i++)
        add_edge(out, g->outputs[i], "out", g->outputs[i]->id, false);
    str_puts(out, "}\n");
}
