// SPDX-License-Identifier: Apache-2.0
/* bundle - follows the #include "..." of the kernels that are used.
 *
 * A header "resc_NAME.h" stands for the functions of "NAME.c", if there is
 * such a file: that is how a kernel asks for a helper. */
#include "codegen/bundle.h"

#include "base/arena.h"
#include "base/str.h"
#include "config.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCES_MAX = 256 };

struct bundle {
    const struct plan *plan;
    struct str *out;
    bool followed[SOURCES_MAX]; /* what it includes has been added */
    bool done[SOURCES_MAX];     /* its text has */
};

static int find_source(const char *name, size_t len)
{
    for (int i = 0; i < n_runtime_sources; i++)
        if (strncmp(runtime_sources[i].name, name, len) == 0 && !runtime_sources[i].name[len])
            return i;
    return -1;
}

/* The file named by an #include "..." line, or -1. */
static int included(const char *line)
{
    static const char directive[] = "#include \"";

    if (strncmp(line, directive, sizeof(directive) - 1) != 0)
        return -1;
    line += sizeof(directive) - 1;
    return find_source(line, strcspn(line, "\""));
}

/* "resc_sgemm.h" -> sgemm.c, or -1. */
static int implementation(int header)
{
    const char *name = runtime_sources[header].name;
    char file[64];
    const size_t n = strlen(name);

    if (n < 8 || n >= sizeof(file) || strncmp(name, "resc_", 5) != 0 || !str_ends_with(name, ".h"))
        return -1;
    memcpy(file, name + 5, n - 5);
    file[n - 6] = 'c';
    file[n - 5] = '\0';
    return find_source(file, n - 5);
}

static void add_source(struct bundle *b, int i);

/* Everything `i` needs goes before it. */
static void add_needed(struct bundle *b, int i)
{
    for (const char *line = runtime_sources[i].text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const int header = included(line);

        if (header < 0 || !str_ends_with(runtime_sources[header].name, ".h"))
            continue;
        add_source(b, header);
        const int c = implementation(header);

        if (c >= 0 && c != i)
            add_source(b, c);
    }
}

static bool starts_with(const char *line, const char *text)
{
    return strncmp(line, text, strlen(text)) == 0;
}

/* "#ifndef RESC_CONV2D_H", "#define RESC_CONV2D_H" */
static bool is_guard(const char *line, size_t len)
{
    return (starts_with(line, "#ifndef RESC_") || starts_with(line, "#define RESC_")) &&
           len > 2 && strncmp(line + len - 2, "_H", 2) == 0;
}

static bool after_blank(const struct str *s)
{
    return s->len > 1 && strcmp(s->data + s->len - 2, "\n\n") == 0;
}

/* The text, without what only files of their own need: the includes of what is
 * in the bundle already, include guards, and the prototypes of all kernels
 * (#ifndef RESC_BUNDLED).  Tables (.def) are copied where they are included. */
static void add_text(struct bundle *b, int i)
{
    const bool header = str_ends_with(runtime_sources[i].name, ".h");
    int unbundled = 0; /* how deep in #ifndef RESC_BUNDLED */

    for (const char *line = runtime_sources[i].text, *next; *line; line = next) {
        const size_t len = strcspn(line, "\n");
        const int other = included(line);

        next = line + len + (line[len] == '\n');
        if (unbundled || starts_with(line, "#ifndef RESC_BUNDLED") ||
            starts_with(line, "#ifndef RESC_KERNEL"))
            unbundled += starts_with(line, "#if") - starts_with(line, "#endif");
        else if (other >= 0 && str_ends_with(runtime_sources[other].name, ".def"))
            add_text(b, other);
        else if (other < 0 && !starts_with(line, "// SPDX") && !(len == 0 && after_blank(b->out)) &&
                 !(header && (is_guard(line, len) || (!*next && starts_with(line, "#endif")))))
            str_add(b->out, line, (size_t)(next - line));
    }
}

static void add_source(struct bundle *b, int i)
{
    if (b->followed[i])
        return;
    b->followed[i] = true;
    add_needed(b, i);
    if (b->done[i])
        return;
    b->done[i] = true;
    if (!str_ends_with(runtime_sources[i].name, ".h"))
        str_printf(b->out, "%s/* ---- %s ---- */\n", after_blank(b->out) ? "" : "\n",
                   runtime_sources[i].name);
    add_text(b, i);
}

/* The file of the kernel of step `s`. */
static int kernel_source(const struct plan *p, int s)
{
    const char *file = p->steps[s].kernel->file;
    const int i = find_source(file, strlen(file));

    if (i < 0)
        abort(); /* a kernel row names a file that runtime/meson.build does not bundle */
    return i;
}

struct bundle *bundle_new(struct arena *a, const struct plan *p)
{
    struct bundle *b = arena_new_n(a, struct bundle, 1);

    b->plan = p;
    return b;
}

/* The headers of file `i` that declare types, which steps need too. */
static void add_type_headers(struct bundle *b, int i)
{
    for (const char *line = runtime_sources[i].text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const int header = included(line);

        if (header >= 0 && strstr(runtime_sources[header].text, "\nstruct resc_")) {
            add_type_headers(b, header);
            if (!b->done[header]) {
                b->done[header] = true;
                add_text(b, header);
            }
        }
    }
}

/* "RESC_KERNEL void resc_NAME(...);", from the definition. */
static void add_prototype(struct bundle *b, const struct kernel *k)
{
    const char *text = runtime_sources[find_source(k->file, strlen(k->file))].text;
    const size_t n = strlen(k->fn);

    for (const char *at = strstr(text, "RESC_KERNEL "); at; at = strstr(at + 1, "RESC_KERNEL ")) {
        const char *name = strstr(at, k->fn), *end = strchr(at, ')');

        if (!name || !end || name > end || name[n] != '(')
            continue;
        str_add(b->out, at, (size_t)(end - at) + 1);
        str_puts(b->out, ";\n");
        return;
    }
}

/* sgemm.c is the one source that calls BLAS. */
static bool uses_sgemm(const struct plan *p)
{
    struct str scratch = { 0 };
    struct bundle b = { .plan = p };
    const int sgemm = find_source("sgemm.c", 7);

    bundle_kernels(&b, &scratch);
    str_free(&scratch);
    return sgemm >= 0 && b.done[sgemm];
}

void bundle_declarations(struct bundle *b, struct str *out)
{
    const struct plan *p = b->plan;

    b->out = out;
    str_puts(out, "/* ---- kernels: their parameters; they are below the model ---- */\n\n"
                  "#define RESC_BUNDLED\n#define RESC_KERNEL static\n\n");
    if (p->reproducible)
        add_text(b, find_source("resc_reproducible.h", strlen("resc_reproducible.h")));
    else if (!RESC_HAVE_BLAS && uses_sgemm(p))
        str_puts(out, "#ifndef RESC_NO_BLAS\n#define RESC_NO_BLAS\n#endif\n");
    for (int s = 0; s < p->n_steps; s++)
        add_type_headers(b, kernel_source(p, s));
    str_puts(out, "\n");
    for (int s = 0; s < p->n_steps; s++) {
        bool first = true;

        for (int before = 0; first && before < s; before++)
            first = strcmp(p->steps[before].kernel->fn, p->steps[s].kernel->fn) != 0;
        if (first)
            add_prototype(b, p->steps[s].kernel);
    }
    str_puts(out, "\n");
}

void bundle_kernels(struct bundle *b, struct str *out)
{
    b->out = out;
    str_puts(out, "\n");
    for (int s = 0; s < b->plan->n_steps; s++)
        add_source(b, kernel_source(b->plan, s));
}

bool plan_uses_blas(const struct plan *p)
{
    return RESC_HAVE_BLAS && !p->reproducible && uses_sgemm(p);
}
