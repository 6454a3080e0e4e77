// SPDX-License-Identifier: Apache-2.0
#include "base/diag.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

enum { TEXT_MAX = 2000, NAME_MAX_SHOWN = 200 };

static const struct { const char *name, *brief; enum { OFF, ON, AS_ERROR } on; } warnings[] = {
#define WARNING(sym, name, on, brief) { name, brief, on },
#include "base/warnings.def"
#undef WARNING
};

const char *const severity_names[] = { "error", "warning", "note", "hint" };

struct diag diag_new(struct arena *a, const char *file)
{
    struct diag d = { .arena = a, .file = file };

    for (int w = 0; w < N_WARNINGS; w++)
        d.off[w] = warnings[w].on == OFF;
    return d;
}

bool diag_set_flag(struct diag *d, const char *flag)
{
    const bool off = strncmp(flag, "no-", 3) == 0;

    if (strcmp(flag, "error") == 0) {
        d->werror = true;
        return true;
    }
    for (int w = 0; w < N_WARNINGS; w++)
        if (strcmp(warnings[w].name, flag + (off ? 3 : 0)) == 0) {
            d->off[w] = off;
            return true;
        }
    return false;
}

void diag_print_flags(FILE *out)
{
    for (int w = 0; w < N_WARNINGS; w++)
        fprintf(out, "  -W%-20s %s\n", warnings[w].name, warnings[w].brief);
}

void diag_silent(void *ctx, const char *line)
{
    (void)ctx, (void)line;
}

static void print_line(struct diag *d, const char *line)
{
    if (d->sink)
        d->sink(d->ctx, line);
    else
        fprintf(stderr, "%s\n", line);
}

static void add(struct diag *d, enum severity severity, const char *node, const char *op,
                const char *flag, const char *fmt, va_list ap)
{
    struct diag_message *m = arena_new_n(d->arena, struct diag_message, 1);
    struct str raw = { 0 }, line = { 0 };

    str_vprintf(&raw, fmt, ap);
    *m = (struct diag_message){
        .severity = severity,
        .node = node && *node ? str_escaped_copy(d->arena, node, NAME_MAX_SHOWN) : NULL,
        .op = op ? str_escaped_copy(d->arena, op, NAME_MAX_SHOWN) : NULL,
        .text = str_escaped_copy(d->arena, str_text(&raw), TEXT_MAX),
        .flag = flag,
    };
    *(d->last ? &d->last->next : &d->first) = m;
    d->last = m;
    d->n_errors += severity == DIAG_ERROR;
    d->n_warnings += severity == DIAG_WARNING;

    if (severity == DIAG_HINT) {
        str_printf(&line, "  hint: %s", m->text);
    } else {
        str_escaped(&line, d->file ? d->file : "resc", TEXT_MAX);
        str_printf(&line, ": %s: ", severity_names[severity]);
        if (m->node)
            str_printf(&line, "node '%s' (%s): ", m->node, m->op);
        else if (m->op)
            str_printf(&line, "%s: ", m->op);
        str_puts(&line, m->text);
        if (flag)
            str_printf(&line, " [-W%s]", flag);
    }
    if (severity != DIAG_NOTE || !d->quiet_notes)
        print_line(d, str_text(&line));
    str_free(&raw);
    str_free(&line);
}

void diag_error(struct diag *d, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(d, DIAG_ERROR, NULL, NULL, NULL, fmt, ap);
    va_end(ap);
}

void diag_error_at(struct diag *d, const char *node, const char *op, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    diag_verror_at(d, node, op, fmt, ap);
    va_end(ap);
}

void diag_verror_at(struct diag *d, const char *node, const char *op, const char *fmt, va_list ap)
{
    add(d, DIAG_ERROR, node, op, NULL, fmt, ap);
}

void diag_warn(struct diag *d, enum warning w, const char *fmt, ...)
{
    va_list ap;

    if (d->off[w])
        return;
    va_start(ap, fmt);
    add(d, d->werror || warnings[w].on == AS_ERROR ? DIAG_ERROR : DIAG_WARNING, NULL, NULL,
        warnings[w].name, fmt, ap);
    va_end(ap);
}

void diag_note(struct diag *d, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(d, DIAG_NOTE, NULL, NULL, NULL, fmt, ap);
    va_end(ap);
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(d, DIAG_HINT, NULL, NULL, NULL, fmt, ap);
    va_end(ap);
}
