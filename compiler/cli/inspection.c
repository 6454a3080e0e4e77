// SPDX-License-Identifier: Apache-2.0
#include "cli/inspection.h"

#include "analysis/residual.h"
#include "cli/summary.h"
#include "cli/unusual.h"
#include "ir/rewrite.h"

#include <string.h>

enum { INDENT = 17, WIDTH = 80, MOST_VALUES = 6 };

struct inspection inspection_make(struct cmd *c)
{
    struct inspection i = { .n_residual = 0 };

    i.graph = compile_graph(c->arena, &c->compile, &i.info, &c->diag);
    if (!i.graph)
        return i;
    const struct residual_block *blocks = residual_blocks(i.graph, &i.n_residual);

    for (int b = 0; b < i.n_residual; b++)
        i.n_projections += blocks[b].projection;
    for (const struct rewrite *r = i.graph->rewrites; r; r = r->next)
        i.n_removed += strcmp(r->pass, "remove_zero_branch") == 0;
    i.plan = compile_plan(c->arena, &c->compile, i.graph, &i.info, &c->diag);
    if (!diag_ok(&c->diag))
        i.plan = NULL;
    i.unusual = unusual_of(c->arena, i.graph, i.plan, &i.n_unusual);
    return i;
}

static void print_values(const struct cmd *c, const char *what, struct value *const *values,
                         int n)
{
    const int shown = n > MOST_VALUES ? MOST_VALUES - 1 : n;

    for (int i = 0; i < shown; i++) {
        char shape[SHAPE_TEXT_MAX];

        printf("  %-14s %s %s%s\n", what, cmd_escaped(c, values[i]->name),
               dtype_name(values[i]->type), shape_text(&values[i]->shape, shape));
    }
    if (shown < n)
        printf("  %-14s and %d more\n", "", n - shown);
}

/* The operator that comes after `before` (NULL: the first), the most frequent first. */
static const struct op_use *next_op(const struct model_info *info, const struct op_use *before)
{
    const struct op_use *next = NULL;

    for (const struct op_use *u = info->ops; u < info->ops + info->n_ops; u++)
        if ((!before || u->n_nodes < before->n_nodes ||
             (u->n_nodes == before->n_nodes && u > before)) &&
            (!next || u->n_nodes > next->n_nodes))
            next = u;
    return next;
}

/* "13 Conv, 11 Relu, Gemm" in lines, and a line for each that resc lacks. */
static void print_ops(const struct cmd *c, const struct model_info *info)
{
    const struct op_use *u = next_op(info, NULL);
    int column = printf("%s", u ? "  operators     " : "");

    while (u) {
        const struct op_use *next = next_op(info, u);
        const char *op = cmd_escaped(c, u->op), *comma = next ? "," : "\n";
        const char *text = u->n_nodes == 1 ? arena_printf(c->arena, "%s%s", op, comma) :
                           arena_printf(c->arena, "%d %s%s", u->n_nodes, op, comma);

        if (column + 1 + (int)strlen(text) > WIDTH)
            column = printf("\n%*s", INDENT - 1, "") - 1;
        column += printf(" %s", text);
        u = next;
    }
    for (int i = 0; i < info->n_ops; i++)
        if (info->ops[i].problem)
            printf("  unsupported    %s %s\n", cmd_escaped(c, info->ops[i].op),
                   cmd_escaped(c, info->ops[i].problem));
}

static void print_residual(const struct inspection *i)
{
    printf("  residual       %d block%s", i->n_residual, i->n_residual == 1 ? "" : "s");
    if (i->n_projections)
        printf(", %d with a projection", i->n_projections);
    if (i->n_removed)
        printf("; %d more added 0, and %s gone", i->n_removed, i->n_removed > 1 ? "are" : "is");
    putchar('\n');
}

void inspection_print(const struct cmd *c, const struct inspection *i)
{
    const struct model_info *info = &i->info;
    const struct graph *g = i->graph;
    char text[AMOUNT_TEXT_MAX];

    printf("%s: %s, ONNX IR %lld, opset %d", c->model, bytes_text(info->file_size, text),
           (long long)info->ir_version, info->opset);
    if (info->producer && *info->producer)
        printf(", %s", cmd_escaped(c, info->producer));
    putchar('\n');
    if (g) {
        print_values(c, "input", g->inputs, g->n_inputs);
        print_values(c, "output", g->outputs, g->n_outputs);
    }
    print_ops(c, info);
    printf("  %-14s %s\n", "parameters", amount_text((double)info->n_parameters, text));
    if (g)
        print_residual(i);
    if (i->plan)
        summary_print(g, i->plan, stdout);
    for (int u = 0; u < i->n_unusual; u++)
        printf("  %-14s %s\n", u ? "" : "unusual", i->unusual[u]);
    if (i->plan && !i->n_unusual)
        printf("  %-14s nothing\n", "unusual");
    if (!i->plan)
        printf("\n  resc cannot compile it: %d error%s\n", c->diag.n_errors,
               c->diag.n_errors == 1 ? "" : "s");
}

void inspection_json(struct json *j, const struct inspection *i)
{
    const struct model_info *info = &i->info;

    json_string(j, "sha256", info->sha256);
    json_string(j, "producer", info->producer);
    json_int(j, "file_bytes", (int64_t)info->file_size);
    json_int(j, "ir_version", info->ir_version);
    json_int(j, "opset", info->opset);
    json_int(j, "parameters", info->n_parameters);
    json_array(j, "operators");
    for (int k = 0; k < info->n_ops; k++) {
        json_object(j, NULL);
        json_string(j, "name", info->ops[k].op);
        json_int(j, "nodes", info->ops[k].n_nodes);
        json_bool(j, "supported", !info->ops[k].problem);
        if (info->ops[k].problem)
            json_string(j, "problem", info->ops[k].problem);
        json_end_object(j);
    }
    json_end_array(j);
    if (!i->graph)
        return;
    values_json(j, "inputs", i->graph->inputs, i->graph->n_inputs);
    values_json(j, "outputs", i->graph->outputs, i->graph->n_outputs);
    json_int(j, "residual_blocks", i->n_residual);
    json_int(j, "residual_projections", i->n_projections);
    json_int(j, "residual_removed", i->n_removed);
    json_array(j, "unusual");
    for (int u = 0; u < i->n_unusual; u++)
        json_string(j, NULL, i->unusual[u]);
    json_end_array(j);
    if (i->plan)
        summary_json(j, i->graph, i->plan);
}
