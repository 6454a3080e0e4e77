// SPDX-License-Identifier: Apache-2.0
/* model_suite - `resc verify` on whole networks with reference outputs:
 *
 *     model_suite build/resc SOURCE-ROOT [--layers]
 *
 * Those of $RESC_SHARED/models (or ../shared/models): float ones must agree,
 * top-1 classes included; quantised ones must be refused by the names of their
 * operators.  And the nine "light" networks of the ONNX backend tests.
 * --layers: every step within its bound as well (which takes several times as long). */
#include "base/arena.h"
#include "json_scan.h"
#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77, SECONDS_MAX = 600 };

struct tally {
    struct arena *arena;
    const char *resc;
    const char *layers; /* "--layers", or NULL */
    int passed, failed;
};

static void tell(struct tally *t, const char *name, const char *fault, double seconds)
{
    printf("%-40s %s (%.1f s)\n", name, fault ? fault : "ok", seconds);
    fflush(stdout);
    if (fault)
        t->failed++;
    else
        t->passed++;
}

/* The light networks make hundreds of MiB of weights with ConstantOfShape. */
static struct process verify(const struct tally *t, const char *model)
{
    return process_run(t->arena, NULL, (const char *[]){ t->resc, "verify", "--json", model,
                       "--limit=folded=1G", "--limit=memory=4G", t->layers, NULL },
                       (const char *[]){ "OPENBLAS_NUM_THREADS=1", NULL }, SECONDS_MAX);
}

/* The text of the first error. */
static const char *first_error(struct arena *a, const struct process *p)
{
    const char *end;

    for (const char *m = json_first(p->out, "messages", &end); m; m = json_next(end, &end))
        if (strcmp(json_text(a, m, end, "severity"), "error") == 0)
            return json_text(a, m, end, "text");
    return p->timed_out ? "timed out" : *p->err ? p->err : "no message";
}

static const char *fault_of_float(const struct tally *t, const struct process *p, bool classes)
{
    const char *status = json_text(t->arena, p->out, NULL, "status"), *end;
    int n_sets = 0;

    if (!status || strcmp(status, "pass") != 0 || p->status != 0)
        return first_error(t->arena, p);
    if (strstr(p->out, "\"top1_equal\":false"))
        return "the best class is another";
    for (const char *s = json_first(p->out, "sets", &end); s; s = json_next(end, &end), n_sets++) {
        if (strcmp(json_text(t->arena, s, end, "name"), "random inputs") == 0)
            return "no reference outputs found";
        if (classes && !json_is_true(s, end, "top1_equal"))
            return "the best class was not compared";
    }
    return n_sets ? NULL : "nothing was compared";
}

static const char *fault_of_quantised(const struct tally *t, const struct process *p)
{
    const char *status = json_text(t->arena, p->out, NULL, "status");

    if (!status || strcmp(status, "refused") != 0 || p->status != 1)
        return "was not refused with exit status 1";
    return strstr(p->out, "operator 'QuantizeLinear'") && strstr(p->out, "operator 'DequantizeLinear'")
               ? NULL : first_error(t->arena, p);
}

static bool is_quantised(const char *name)
{
    const size_t n = strlen(name);

    return n > 4 && (strcmp(name + n - 4, "_qdq") == 0 || strcmp(name + n - 4, "_qop") == 0);
}

static void check_models(struct tally *t, const char *folder)
{
    struct dirent **entries;
    const int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        const char *model = arena_printf(t->arena, "%s/%s/model.onnx", folder, name);

        if (name[0] == '.' || access(model, F_OK) != 0)
            continue;
        const struct process p = verify(t, model);

        tell(t, name, is_quantised(name) ? fault_of_quantised(t, &p) : fault_of_float(t, &p, true),
             p.seconds);
    }
}

static void check_light(struct tally *t, const char *folder)
{
    static const char *const names[] = {
        "bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet",
        "squeezenet", "vgg19", "zfnet512",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct process p = verify(t, arena_printf(t->arena, "%s/light/light_%s.onnx", folder,
                                                        names[i]));

        tell(t, arena_printf(t->arena, "light/light_%s", names[i]), fault_of_float(t, &p, false),
             p.seconds);
    }
}

int main(int argc, char **argv)
{
    const bool layers = argc == 4 && strcmp(argv[3], "--layers") == 0;
    struct tally t = { .arena = arena_new(), .resc = argc == 3 || layers ? argv[1] : NULL,
                       .layers = layers ? argv[3] : NULL };

    if (!t.resc) {
        fputs("usage: model_suite RESC SOURCE-ROOT [--layers]\n", stderr);
        return 2;
    }
    const char *models = shared_folder(t.arena, argv[2], "models");
    const char *backend = shared_folder(t.arena, argv[2], "onnx-backend-tests");

    if (!models && !backend) {
        puts("skipped: neither $RESC_SHARED nor ../shared holds models/ or onnx-backend-tests/");
        return SKIPPED;
    }
    if (models)
        check_models(&t, models);
    if (backend)
        check_light(&t, backend);
    printf("%d passed, %d failed, 0 skipped\n", t.passed, t.failed);
    return t.failed || !t.passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
