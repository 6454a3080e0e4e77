// SPDX-License-Identifier: Apache-2.0
/* unsupported.c - which operators the model has, and which of them resc lacks:
 * one message an operator, in alphabetical order, with how many nodes need it. */
#include "onnx/import.h"
#include "ops/op.h"

#include <stdlib.h>
#include <string.h>

bool is_standard(const Onnx__NodeProto *p)
{
    return !*text(p->domain) || strcmp(p->domain, "ai.onnx") == 0;
}

const struct op *node_op(const struct import *im, const Onnx__NodeProto *p)
{
    bool known;

    return is_standard(p) ? op_find(text(p->op_type), im->opset, &known) : NULL;
}

static bool is_function(const struct import *im, const Onnx__NodeProto *p)
{
    for (size_t i = 0; i < im->model->n_functions; i++) {
        const Onnx__FunctionProto *f = im->model->functions[i];

        if (strcmp(text(f->name), text(p->op_type)) == 0 &&
            strcmp(text(f->domain), text(p->domain)) == 0)
            return true;
    }
    return false;
}

/* What follows the operator's name. */
static const char *reason(const struct import *im, const Onnx__NodeProto *p)
{
    bool known = false;

    if (is_function(im, p))
        return "(a function of the model) is not supported";
    if (!is_standard(p))
        return arena_printf(im->r.arena, "(domain %s) is not supported", p->domain);
    op_find(text(p->op_type), im->opset, &known);
    return arena_printf(im->r.arena, "(opset %d) is not supported%s", im->opset,
                        known ? " at this opset" : "");
}

static int compare(const void *a, const void *b)
{
    const struct op_use *x = a, *y = b;

    return strcmp(x->op, y->op);
}

static const char *full_name(const struct import *im, const Onnx__NodeProto *p)
{
    const char *op = *text(p->op_type) ? p->op_type : "(no name)";

    return is_standard(p) ? op : arena_printf(im->r.arena, "%s.%s", p->domain, op);
}

void survey_operators(struct import *im)
{
    struct map by_name = map_new(im->r.arena);
    struct op_use *uses = arena_new_n(im->r.arena, struct op_use, im->proto->n_node);

    im->ops = uses;
    for (size_t i = 0; i < im->proto->n_node; i++) {
        const Onnx__NodeProto *p = im->proto->node[i];
        const char *name = full_name(im, p);
        struct op_use *use = map_get(&by_name, name);

        if (!use) {
            const bool lacks = !is_constant_node(p) && !node_op(im, p);

            use = &uses[im->n_ops++];
            *use = (struct op_use){ name, node_label(p), 0, lacks ? reason(im, p) : NULL };
            map_put(&by_name, name, use);
        }
        use->n_nodes++;
    }
    qsort(uses, (size_t)im->n_ops, sizeof *uses, compare);
}

void report_unsupported(const struct import *im)
{
    bool any = false;

    for (int i = 0; i < im->n_ops; i++) {
        const struct op_use *use = &im->ops[i];

        if (!use->problem)
            continue;
        any = true;
        diag_error(im->r.diag, use->n_nodes == 1 ? "operator '%s' %s: %d node, '%s'"
                                                 : "operator '%s' %s: %d nodes, first '%s'",
                   use->op, use->problem, use->n_nodes, use->first);
    }
    if (any)
        diag_hint(im->r.diag, "'resc ops' lists what is supported");
}
