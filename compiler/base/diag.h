// SPDX-License-Identifier: Apache-2.0
/* diag.h - everything resc says to its user about a model or a file.
 *
 *     FILE: severity: node 'NAME' (OP): what, got, wanted
 *       hint: what to do
 *
 * Messages are kept in order and printed by the sink as they come.  Text from
 * a model may be formatted with plain %s: control bytes are escaped here, in
 * one place. */
#ifndef RESC_BASE_DIAG_H
#define RESC_BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct arena;
struct str;

enum severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE, DIAG_HINT };
extern const char *const severity_names[]; /* "error", ... */

#define WARNING(sym, name, on, brief) WARN_##sym,
enum warning {
#include "base/warnings.def"
    N_WARNINGS
};
#undef WARNING

struct diag_message {
    enum severity severity;
    const char *node, *op; /* NULL: about the whole model */
    const char *text;      /* escaped */
    const char *flag;      /* "unused-initialiser" for a warning, else NULL */
    struct diag_message *next;
};

struct diag {
    struct arena *arena;
    const char *file; /* prefix of every message: the model; NULL: "resc" */
    int n_errors, n_warnings;
    bool werror;
    bool quiet_notes; /* keep notes, do not print them */
    bool off[N_WARNINGS];
    struct diag_message *first, *last;
    void (*sink)(void *ctx, const char *line); /* NULL: stderr */
    void *ctx;
};

struct diag diag_new(struct arena *a, const char *file);

/* A sink for messages that are kept, not printed. */
void diag_silent(void *ctx, const char *line);

/* -W[no-]NAME and -Werror; `flag` is what follows "-W".  False: no such warning. */
bool diag_set_flag(struct diag *d, const char *flag);
void diag_print_flags(FILE *out); /* the list for `resc help` */

static inline bool diag_ok(const struct diag *d)
{
    return d->n_errors == 0;
}

#if defined(__GNUC__)
#define DIAG_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define DIAG_PRINTF(f, a)
#endif
/* About the file as a whole, or with node and op about one node (see
 * node_error() in ir/graph.h, which fills them in). */
DIAG_PRINTF(2, 3) void diag_error(struct diag *d, const char *fmt, ...);
DIAG_PRINTF(4, 5) void diag_error_at(struct diag *d, const char *node, const char *op,
                                     const char *fmt, ...);
DIAG_PRINTF(4, 0) void diag_verror_at(struct diag *d, const char *node, const char *op,
                                      const char *fmt, va_list ap);
DIAG_PRINTF(3, 4) void diag_warn(struct diag *d, enum warning w, const char *fmt, ...);
DIAG_PRINTF(2, 3) void diag_note(struct diag *d, const char *fmt, ...);
DIAG_PRINTF(2, 3) void diag_hint(struct diag *d, const char *fmt, ...);

#endif
