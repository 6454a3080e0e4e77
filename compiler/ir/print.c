// SPDX-License-Identifier: Apache-2.0
/* print - the text form of a graph: stable and made to be compared.
 *
 *     graph tiny
 *       input   %0 image      f32[1,3,16,16]
 *       const   %1 stem.weight f32[8,3,3,3]
 *       %4 = Conv(%0, %1, _) kernel=3x3 pads=1,1,1,1 act=relu  f32[1,8,16,16]  # stem (Conv)
 *       output  %4 logits     f32[1,10]
 */
#include "base/str.h"
#include "ir/graph.h"
#include "ops/op.h"

static void print_escaped(const struct graph *g, FILE *out, const char *text)
{
    fputs(str_escaped_copy(g->arena, text, 200), out);
}

static void print_type(FILE *out, const struct value *v)
{
    char text[SHAPE_TEXT_MAX];

    fprintf(out, "%s%s", dtype_name(v->type), shape_text(&v->shape, text));
}

static void print_value_line(const struct graph *g, FILE *out, const char *word,
                             const struct value *v)
{
    fprintf(out, "  %-7s %%%d ", word, v->id);
    print_escaped(g, out, v->name);
    fputs("  ", out);
    print_type(out, v);
    putc('\n', out);
}

static void print_list(FILE *out, struct value *const *list, int n)
{
    for (int i = 0; i < n; i++) {
        fputs(i ? ", " : "", out);
        if (list[i])
            fprintf(out, "%%%d", list[i]->id);
        else
            putc('_', out);
    }
}

static void print_act(FILE *out, const struct act *act)
{
    switch (act->kind) {
    case ACT_NONE:
        break;
    case ACT_RELU:
        fputs(" act=relu", out);
        break;
    case ACT_CLIP:
        fprintf(out, " act=clip(%g,%g)", (double)act->lo, (double)act->hi);
        break;
    case ACT_LEAKY_RELU:
        fprintf(out, " act=leaky_relu(%g)", (double)act->lo);
        break;
    }
}

static void print_node(const struct graph *g, FILE *out, const struct node *n)
{
    fputs("  ", out);
    print_list(out, n->out, n->n_out);
    fprintf(out, " = %s(", n->op->name);
    print_list(out, n->in, n->n_in);
    putc(')', out);
    if (n->op->print)
        n->op->print(n, out);
    print_act(out, &n->act);
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i]) {
            fputs("  ", out);
            print_type(out, n->out[i]);
        }
    fputs("  # ", out);
    print_escaped(g, out, n->origin);
    putc('\n', out);
}

void graph_print(const struct graph *g, FILE *out)
{
    fputs("graph ", out);
    print_escaped(g, out, g->name);
    putc('\n', out);
    for (int i = 0; i < g->n_inputs; i++)
        print_value_line(g, out, "input", g->inputs[i]);
    for (int i = 0; i < g->n_values; i++)
        if (g->values[i]->data && g->values[i]->n_users)
            print_value_line(g, out, "const", g->values[i]);
    graph_foreach_node(n, g)
        print_node(g, out, n);
    for (int i = 0; i < g->n_outputs; i++)
        print_value_line(g, out, "output", g->outputs[i]);
}
