// SPDX-License-Identifier: Apache-2.0
/* emitter - text into the section being written, and the C expressions for
 * values and nodes. */
#include "codegen/emitter.h"

#include "base/arena.h"

#include <stdarg.h>

void emit_printf(struct emit *e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    str_vprintf(e->out, fmt, ap);
    va_end(ap);
}

void emit_comment(struct emit *e, const char *text)
{
    str_comment(e->out, text, 200);
}

const char *emit_name(struct emit *e, const struct node *n)
{
    return e->names.node[n->id];
}

const struct layout *emit_layout(struct emit *e, const struct value *v)
{
    return &e->plan->layout[v->id];
}

const char *emit_value(struct emit *e, const struct value *v)
{
    const struct place *at = v ? plan_place(e->plan, v) : NULL;

    if (!v || (at->kind == PLACE_WEIGHT && !at->size))
        return "NULL";
    if (at->kind == PLACE_WEIGHT)
        return arena_printf(e->arena, "w->%s", e->names.value[at->root->id]);
    if (at->kind == PLACE_INPUT)
        return e->names.value[at->root->id];
    if (at->kind == PLACE_OUTPUT && at->output)
        return v == at->output || !e->names.value[v->id] || v->producer->op->flags & OP_VIEW
                   ? e->names.value[at->output->id] : e->names.value[v->id];
    while (v->producer->op->flags & OP_VIEW && plan_place(e->plan, v->producer->in[0]) == at)
        v = v->producer->in[0]; /* a view goes by the name of what it shows */
    return e->names.value[v->id];
}
