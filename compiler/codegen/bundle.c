// SPDX-License-Identifier: Apache-2.0
/* bundle - follows the #include "..." of the kernels that are used.
 *
 * A header "resc_NAME.h" stands for the functions of "NAME.c", if there is
 * such a file: that is how a kernel asks for a helper. */
#include "codegen/bundle.h"

#include "base/str.h"
#include "config.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCES_MAX = 128 };

struct bundle {
    struct str *out;
    bool done[SOURCES_MAX];
};

static int find_source(const char *name, size_t len)
{
    for (int i = 0; i < n_runtime_sources; i++)
        if (strncmp(runtime_sources[i].name, name, len) == 0 && !runtime_sources[i].name[len])
            return i;
    return -1;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
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

    if (n < 8 || n >= sizeof(file) || strncmp(name, "resc_", 5) != 0 || !ends_with(name, ".h"))
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

        if (header < 0 || !ends_with(runtime_sources[header].name, ".h"))
            continue;
        add_source(b, header);
        const int c = implementation(header);

        if (c >= 0 && c != i)
            add_source(b, c);
    }
}

/* The text, without the includes of what is in the bundle already; tables
 * (.def) are copied where they are included. */
static void add_text(struct bundle *b, int i)
{
    for (const char *line = runtime_sources[i].text; *line;) {
        const size_t len = strcspn(line, "\n");
        const int other = included(line);

        if (other >= 0 && ends_with(runtime_sources[other].name, ".def"))
            add_text(b, other);
        else if (other < 0 && strncmp(line, "// SPDX", 7) != 0)
            str_add(b->out, line, len + (line[len] == '\n'));
        line += len + (line[len] == '\n');
    }
}

static void add_source(struct bundle *b, int i)
{
    if (b->done[i])
        return;
    b->done[i] = true;
    add_needed(b, i);
    str_printf(b->out, "\n/* ---- %s ---- */\n", runtime_sources[i].name);
    add_text(b, i);
}

static void add_kernels(struct bundle *b, const struct plan *p)
{
    for (int s = 0; s < p->n_steps; s++) {
        const char *file = p->steps[s].kernel->file;
        const int i = find_source(file, strlen(file));

        if (i < 0)
            abort(); /* a kernel row names a file that runtime/meson.build does not bundle */
        add_source(b, i);
    }
}

void bundle_sources(struct str *out, const struct plan *p)
{
    struct bundle b = { .out = out };

    str_puts(out, "#define RESC_BUNDLED\n#define RESC_KERNEL static\n");
    if (!RESC_HAVE_BLAS)
        str_puts(out, "#define RESC_NO_BLAS\n");
    add_kernels(&b, p);
}

bool plan_uses_blas(const struct plan *p)
{
    struct str scratch = { 0 };
    struct bundle b = { .out = &scratch };
    const int sgemm = find_source("sgemm.c", 7);

    add_kernels(&b, p);
    str_free(&scratch);
    return RESC_HAVE_BLAS && sgemm >= 0 && b.done[sgemm];
}
