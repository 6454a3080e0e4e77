// SPDX-License-Identifier: Apache-2.0
/* onnx_suite - all ONNX backend tests through `resc verify`.
 *
 *     onnx_suite --resc=build/resc --source=. [--update] [--table=docs/operators.md]
 *                [--filter=TEXT] [-v]
 *
 * Passed: models whose outputs agree.  Failed: wrong outputs, crashes, C that
 * does not build, and models of expected_pass.txt that are refused.  Skipped:
 * models refused with a message that says why. */
#include "onnx_suite.h"

#include "base/arena.h"
#include "base/map.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77, WORKERS = 2, LINE_LEN_MAX = 300 };

struct options {
    const char *resc, *source, *table, *filter;
    bool update, verbose;
};

static const char *value_of(const char *arg, const char *name)
{
    const size_t n = strlen(name);

    return strncmp(arg, name, n) == 0 ? arg + n : NULL;
}

static bool parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){ .filter = "" };
    for (int i = 1; i < argc; i++) {
        const char *v;

        if ((v = value_of(argv[i], "--resc=")))
            o->resc = v;
        else if ((v = value_of(argv[i], "--source=")))
            o->source = v;
        else if ((v = value_of(argv[i], "--table=")))
            o->table = v;
        else if ((v = value_of(argv[i], "--filter=")))
            o->filter = v;
        else if (strcmp(argv[i], "--update") == 0)
            o->update = true;
        else if (strcmp(argv[i], "-v") == 0)
            o->verbose = true;
        else
            return false;
    }
    return o->resc && o->source;
}

static struct map read_expected(struct arena *a, const char *path)
{
    struct map expected = map_new(a);
    FILE *f = fopen(path, "r");
    char line[LINE_LEN_MAX];

    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#')
            map_put(&expected, arena_strdup(a, line), "");
    }
    if (f)
        fclose(f);
    return expected;
}

static bool write_expected(const struct suite *s, const char *path)
{
    FILE *f = fopen(path, "w");

    if (!f) {
        perror(path);
        return false;
    }
    fputs("# ONNX backend tests that must pass; written by onnx_suite --update.\n", f);
    for (int i = 0; i < s->n; i++)
        if (s->test[i].outcome == PASS)
            fprintf(f, "%s\n", s->test[i].name);
    return fclose(f) == 0;
}

/* Older collections have some tests in opsets before the first that resc reads:
 * by the same name another model. */
static bool is_of_the_list(const struct suite *s, const struct backend_test *t,
                           const struct map *expected)
{
    return map_get(expected, t->name) &&
           !(t->outcome == REFUSED && strncmp(reason_of(s->arena, t), "opset ", 6) == 0);
}

/* Prints what is not as it should be and returns how much fails. */
static int report(const struct suite *s, const struct map *expected, bool verbose)
{
    int count[N_OUTCOMES] = { 0 }, lost = 0, new = 0;

    for (int i = 0; i < s->n; i++) {
        const struct backend_test *t = &s->test[i];
        const bool was_expected = is_of_the_list(s, t, expected);

        count[t->outcome]++;
        lost += t->outcome == REFUSED && was_expected;
        new += t->outcome == PASS && !was_expected;
        if (t->outcome == PASS && !was_expected)
            printf("%s: passes and is not in the list\n", t->name);
        else if (t->outcome != PASS && (verbose || t->outcome != REFUSED || was_expected))
            printf("%s: %s: %s\n", t->name, outcome_names[t->outcome],
                   reason_of(s->arena, t));
    }
    for (int o = 0; o < N_OUTCOMES; o++)
        printf("%s%d %s", o ? ", " : "", count[o], outcome_names[o]);
    printf(" of %d models\n", s->n);
    if (lost)
        printf("%d of the models that must pass are refused\n", lost);
    if (new)
        printf("%d more pass than the list says: run with --update\n", new);
    const int failed = count[WRONG] + count[CRASH] + count[BUILD_FAILED] + lost;

    printf("%d passed, %d failed, %d skipped\n", count[PASS], failed, count[REFUSED] - lost);
    return failed;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct options o;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!parse(&o, argc, argv)) {
        fputs("usage: onnx_suite --resc=PATH --source=ROOT [--update] [--table=FILE] "
              "[--filter=TEXT] [-v]\n", stderr);
        return 2;
    }
    const char *debian = "/usr/share/libonnx-testdata/data";
    const char *shared = shared_folder(a, o.source, "onnx-backend-tests");
    struct suite s = { .arena = a, .resc = o.resc, .folder = shared ? shared : debian };
    const char *list = arena_printf(a, "%s/tests/onnx_suite/expected_pass.txt", o.source);
    const struct map expected = read_expected(a, list);

    tests_find(&s, o.filter);
    if (s.n == 0) {
        printf("skipped: no ONNX backend tests in $RESC_SHARED/onnx-backend-tests, "
               "../shared/onnx-backend-tests or %s (Debian: libonnx-testdata)\n", debian);
        return SKIPPED;
    }
    printf("%d models of %s\n", s.n, s.folder);
    tests_run(&s, WORKERS, o.table != NULL);
    const int failed = report(&s, &expected, o.verbose);

    if (o.update && (!shared || *o.filter))
        fputs("the list stays: these are not all tests\n", stderr);
    else if (o.update && !write_expected(&s, list))
        return 1;
    if (o.table && !table_write(&s, o.table))
        return 1;
    return failed ? 1 : 0;
}
