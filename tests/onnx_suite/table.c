// SPDX-License-Identifier: Apache-2.0
/* table - docs/operators.md: every operator of `resc ops`, in how many backend
 * tests it occurs, how they end, and why those that are refused are.  The same
 * tests give the same file, whatever machine. */
#include "onnx_suite.h"

#include "base/arena.h"
#include "base/map.h"
#include "json_scan.h"
#include "process.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reason {
    const char *text;
    int n;
};

struct row {
    const char *op, *opsets;
    int n[N_OUTCOMES];
    struct reason *reasons;
    int n_reasons;
};

static int by_count(const void *x, const void *y)
{
    const struct reason *a = x, *b = y;

    return a->n != b->n ? b->n - a->n : strcmp(a->text, b->text);
}

static void count_reason(struct arena *a, struct row *r, const char *text)
{
    for (int i = 0; i < r->n_reasons; i++)
        if (strcmp(r->reasons[i].text, text) == 0) {
            r->reasons[i].n++;
            return;
        }
    r->reasons = arena_grow(a, r->reasons, (size_t)r->n_reasons, (size_t)r->n_reasons + 1,
                            sizeof *r->reasons);
    r->reasons[r->n_reasons++] = (struct reason){ text, 1 };
}

/* Names in quotes and sizes are of one model, not of the reason. */
static const char *without_names(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text), *to = copy;

    for (const char *p = text; *p;) {
        const char *close = *p == '\'' ? strchr(p + 1, '\'') : *p == '[' ? strchr(p + 1, ']') : NULL;

        if (*p == '[' && (!close || !isdigit((unsigned char)p[1])))
            close = NULL;
        if (close && to > copy && to[-1] == ' ')
            to--;
        if (close)
            p = close + 1;
        else
            *to++ = *p++;
    }
    *to = '\0';
    return copy;
}

/* "input 'x' has elements of type T: ...": which type, since that is what it is about. */
static const char *type_reason(struct arena *a, const char *text)
{
    const char *type = strstr(text, "has elements of type ");

    if (!type)
        return NULL;
    type += strlen("has elements of type ");
    return arena_printf(a, "%.*s tensors", (int)strcspn(type, ": "), type);
}

/* Why `op` did not get through in a test. */
static const char *reason_for(struct arena *a, const char *op, const struct backend_test *t)
{
    const char *end, *other = NULL;

    for (const char *m = json_first(t->says, "messages", &end); m; m = json_next(end, &end)) {
        const char *severity = json_text(a, m, end, "severity");
        const char *text = json_text(a, m, end, "text");
        const char *of = json_text(a, m, end, "op");

        if (!severity || !text || strcmp(severity, "error") != 0)
            continue;
        if (of && strcmp(of, op) == 0)
            return without_names(a, text);
        if (strstr(text, "operator '"))
            other = "needs other operators that are not supported";
        else if (!other && type_reason(a, text))
            other = type_reason(a, text);
        else if (!other && of)
            other = arena_printf(a, "%s: %s", of, without_names(a, text));
        else if (!other)
            other = without_names(a, text);
    }
    return other ? other : "no message";
}

static void add_tests(const struct suite *s, struct row *r)
{
    for (int i = 0; i < s->n; i++) {
        const struct backend_test *t = &s->test[i];
        const char *end;

        for (const char *o = json_first(t->operators, "operators", &end); o;
             o = json_next(end, &end)) {
            const char *name = json_text(s->arena, o, end, "name");

            if (!name || strcmp(name, r->op) != 0)
                continue;
            r->n[t->outcome]++;
            if (t->outcome != PASS)
                count_reason(s->arena, r, reason_for(s->arena, r->op, t));
        }
    }
    if (r->n_reasons)
        qsort(r->reasons, (size_t)r->n_reasons, sizeof *r->reasons, by_count);
}

/* One row an operator, although `resc ops` may list ranges of opsets singly. */
static int read_ops(const struct suite *s, struct row **rows)
{
    struct arena *a = s->arena;
    const struct process p = process_run(a, NULL, (const char *[]){ s->resc, "ops", "--json", NULL },
                                         NULL, 60);
    struct map at = map_new(a);
    const char *end;
    int n = 0;

    *rows = NULL;
    for (const char *o = json_first(p.out, "ops", &end); o; o = json_next(end, &end)) {
        const char *name = json_text(a, o, end, "name");
        const int since = (int)json_value(o, end, "since", 0);
        const int until = (int)json_value(o, end, "until", 0);
        const struct row *known = map_get(&at, name);

        if (known) {
            struct row *r = &(*rows)[n - 1]; /* the list is sorted by name */

            r->opsets = arena_printf(a, "%.*s-%d", (int)strcspn(r->opsets, "-"), r->opsets, until);
            continue;
        }
        *rows = arena_grow(a, *rows, (size_t)n, (size_t)n + 1, sizeof **rows);
        (*rows)[n] = (struct row){ name, arena_printf(a, "%d-%d", since, until), { 0 }, NULL, 0 };
        map_put(&at, name, &(*rows)[n]);
        n++;
    }
    return n;
}

static void write_row(FILE *f, const struct row *r)
{
    fprintf(f, "| %s | %s | %d | %d | %d |", r->op, r->opsets, r->n[PASS], r->n[REFUSED],
            r->n[WRONG] + r->n[CRASH] + r->n[BUILD_FAILED]);
    for (int i = 0; i < r->n_reasons; i++) {
        fprintf(f, "%s%d x ", i ? "; " : " ", r->reasons[i].n);
        for (const char *c = r->reasons[i].text; *c; c++)
            fprintf(f, *c == '|' || *c == '<' || *c == '*' ? "\\%c" : "%c", *c);
    }
    fprintf(f, "%s|\n", r->n_reasons ? " " : "");
}

bool table_write(const struct suite *s, const char *path)
{
    struct row *rows;
    const int n = read_ops(s, &rows);
    int count[N_OUTCOMES] = { 0 };
    FILE *f = fopen(path, "w");

    if (!f) {
        perror(path);
        return false;
    }
    for (int i = 0; i < s->n; i++)
        count[s->test[i].outcome]++;
    fprintf(f, "# Operators\n\n"
            "Written by `onnx_suite --table` (suite `onnx` of the tests): every operator that "
            "resc\nunderstands, with the backend tests of the ONNX project in which it occurs.\n"
            "\n%d models: %d pass, %d are refused with a message that says why, %d are wrong,\n"
            "crash, or give C that does not build.\n\n"
            "| operator | opsets | pass | refused | wrong | why refused |\n"
            "|---|---|---:|---:|---:|---|\n", s->n, count[PASS], count[REFUSED],
            count[WRONG] + count[CRASH] + count[BUILD_FAILED]);
    for (int i = 0; i < n; i++) {
        add_tests(s, &rows[i]);
        write_row(f, &rows[i]);
    }
    return fclose(f) == 0;
}
