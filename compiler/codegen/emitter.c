// SPDX-License-Identifier: Apache-2.0
/* emitter - text into the section being written, and the C expressions for
 * values and nodes. */
#include "codegen/emitter.h"

#include "base/arena.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_COLUMNS = 98 };

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

void list_item(struct list *l, const char *text)
{
    struct str *out = l->e->out;

    if (l->any)
        str_puts(out, l->separator);
    if (out->len - l->line_start + strlen(text) + 2 > LINE_MAX_COLUMNS) {
        str_puts(out, "\n");
        l->line_start = out->len;
        str_printf(out, "%*s", l->indent, "");
    } else if (l->any) {
        str_puts(out, " ");
    }
    str_puts(out, text);
    l->any = true;
}

struct list list_here(struct emit *e, const char *separator)
{
    const char *text = str_text(e->out);
    size_t start = e->out->len;

    while (start && text[start - 1] != '\n')
        start--;
    return (struct list){ e, separator, start, (int)(e->out->len - start), false };
}

const char *emit_float(struct emit *e, float x)
{
    char text[32];

    if (!isfinite(x)) {
        e->needs_math_h = true;
        return isnan(x) ? "NAN" : x < 0.0f ? "-INFINITY" : "INFINITY";
    }
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, (double)x);
        if (strtof(text, NULL) == x)
            break;
    }
    return arena_printf(e->arena, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
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
