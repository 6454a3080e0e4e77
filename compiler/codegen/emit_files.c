// SPDX-License-Identifier: Apache-2.0
/* emit_files - the files that a compilation writes, as one set.
 *
 * A kill between two renames leaves files of two runs under the names of one.
 * The header goes first and the .c file last, and the .c file refuses to be
 * compiled with a header that has another NAME_SET_ID: whatever a set is mixed
 * of, it is noticed.  (Only the header and the weights may be of another run
 * with the same number: then they have the same bytes.) */
#include "base/arena.h"
#include "base/diag.h"
#include "base/out_set.h"
#include "codegen/emitter.h"
#include "codegen/plan_file.h"
#include "codegen/weights.h"

#include <errno.h>
#include <string.h>

static void write_weights(struct emit *e, struct out_set *files, const uint8_t hash[32])
{
    if (e->weights == WEIGHTS_FILE) {
        FILE *f = out_open(files, e->opt->weights_path);

        if (f) {
            weights_write_header(f, e->plan, hash);
            weights_write(f, e->plan);
        }
    } else if (e->weights == WEIGHTS_INCBIN && e->plan->n_weights) {
        FILE *f = out_open(files, arena_printf(e->arena, "%s.weights", e->opt->c_path));

        if (f)
            weights_write(f, e->plan);
    }
}

static void write_text(struct out_set *files, const char *path, const struct str *text)
{
    FILE *f = out_open(files, path);

    if (f)
        fwrite(str_text(text), 1, text->len, f);
}

static bool write_stdout(const struct str *c, struct diag *d)
{
    if (fwrite(str_text(c), 1, c->len, stdout) == c->len && fflush(stdout) == 0)
        return true;
    diag_error(d, "cannot write to standard output: %s", strerror(errno));
    return false;
}

/* A path in a rule for make and ninja. */
static void write_rule_path(FILE *f, const char *path)
{
    for (; *path; path++)
        fprintf(f, *path == ' ' || *path == '#' ? "\\%c" : *path == '$' ? "$%c" : "%c", *path);
}

static void write_rule(FILE *f, const char *c, const char *h, const char *model)
{
    write_rule_path(f, c);
    putc(' ', f);
    write_rule_path(f, h);
    fputs(": ", f);
    write_rule_path(f, model);
    putc('\n', f);
}

static void write_depfile(struct out_set *files, const char *h_path, const struct emit_options *opt)
{
    FILE *f = out_open(files, opt->depfile);

    if (f)
        write_rule(f, opt->c_path, h_path, opt->model_path);
}

static void write_plan(struct out_set *files, const struct emit *e)
{
    FILE *f = out_open(files, e->opt->plan_path);

    if (f)
        plan_file_write(e->arena, f, e->plan, e->opt->model_sha256);
}

/* In the order of which out_set.h speaks. */
static void write_all(struct out_set *files, struct emit *e, const struct str *c,
                      const struct str *header, const uint8_t hash[32])
{
    const char *c_path = e->opt->c_path;
    const char *h_path = arena_printf(e->arena, "%.*s.h", (int)strlen(c_path) - 2, c_path);

    if (!emit_to_stdout(e))
        write_text(files, h_path, header);
    write_weights(e, files, hash);
    if (e->opt->depfile)
        write_depfile(files, h_path, e->opt);
    if (e->opt->plan_path)
        write_plan(files, e);
    if (!emit_to_stdout(e))
        write_text(files, c_path, c);
}

bool emit_files(struct emit *e, const struct str *c, const struct str *header,
                const uint8_t hash[32], struct diag *d)
{
    struct out_set files = { .arena = e->arena, .diag = d, .source = e->opt->model_path };
    const int errors = d->n_errors;

    write_all(&files, e, c, header, hash);
    // cppcheck-suppress knownConditionTrueFalse; write_all() reports through files.diag
    if (d->n_errors == errors && (!emit_to_stdout(e) || write_stdout(c, d)))
        return out_commit(&files);
    out_abandon(&files);
    return false;
}
