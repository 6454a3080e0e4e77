// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "expect.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct model *between_x_and_y(int opset)
{
    struct model *m = model_new(opset);

    model_input(m, "x", DT_F32, "1,4");
    model_output(m, "y", DT_F32, "1,4");
    return m;
}

static void collect(void *said, const char *line)
{
    str_printf(said, "%s\n", line);
}

void diag_into(struct diag *d, struct str *said)
{
    d->sink = collect;
    d->ctx = said;
}

static void add_graph(struct str *said, const struct graph *g)
{
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    graph_print(g, f);
    fclose(f);
    str_add(said, text, size);
    free(text);
}

static void check(const char *file, int line, struct model *m, const struct load_options *opt,
                  const char *const *fragments, bool expected)
{
    struct str said = { 0 };
    struct diag d = diag_new(model_arena(m), "m.onnx");
    const struct graph *g;

    diag_into(&d, &said);
    g = model_load(m, opt, &d);
    if (g)
        add_graph(&said, g);
    cr_assert_eq(g != NULL, expected, "%s:%d: %s:\n%s", file, line, g ? "loaded" : "refused",
                 str_text(&said));
    cr_assert_eq(diag_ok(&d), expected, "%s:%d: %d errors:\n%s", file, line, d.n_errors,
                 str_text(&said));
    for (; *fragments; fragments++)
        cr_assert(strstr(str_text(&said), *fragments), "%s:%d: \"%s\" is not in:\n%s", file, line,
                  *fragments, str_text(&said));
    str_free(&said);
    model_free(m);
}

void check_refused(const char *file, int line, struct model *m, const struct load_options *opt,
                   const char *const *fragments)
{
    check(file, line, m, opt, fragments, false);
}

void check_loaded(const char *file, int line, struct model *m, const struct load_options *opt,
                  const char *const *fragments)
{
    check(file, line, m, opt, fragments, true);
}
