// SPDX-License-Identifier: Apache-2.0
/* random - differential testing: random models, compiled and built with sanitizers,
 * against the reference in double precision. */
#include "trial.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "base/file.h"
#include "config.h"
#include "process.h"
#include "random_model.h"
#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct options {
    uint64_t seed;
    int count, jobs;
    const char *file, *write, *words[16];
    int n_words;
    bool shrink, show, verbose, need_ort;
    struct setup setup;
};

static const char help[] =
    "usage: random [OPTION]...\n"
    "Makes random models, compiles and builds them with sanitizers, runs them and compares\n"
    "the outputs with the reference.  Exit status 1 if any fails.\n\n"
    "  --seed=N       the first model [1]\n"
    "  --count=N      how many [1]\n"
    "  --jobs=N       how many lots of them at a time [2]\n"
    "  --file=FILE    this .onnx file instead; the seed is that of its inputs\n"
    "  --write=FILE   only writes the model of --seed\n"
    "  --show         only prints the model, as text\n"
    "  --shrink       reduces the first that fails, and writes shrunk.onnx and shrunk.txt\n"
    "  --inject=OP    the reference of OP is wrong: everything with OP must fail\n"
    "  -v             a line for each model\n"
    "How a model is compiled is the seed's choice, but for these, as in `resc compile`:\n"
    "  -O0, -O1  --kernels=  --fp-error=  --optimize=  --weights=auto|inline|incbin|file\n"
    "  --disable-pass=  --bundle  --reproducible  --selftest   and:\n"
    "  --plan=random  for each node any of the kernels that can run it; --plan=best: not so\n"
    "  --cc-O=N       the C compiler's level of optimisation\n"
    "  --isa=NAME     base, avx2, avx512\n"
    "Where things are:\n"
    "  --cc=COMMAND   the C compiler, with its flags\n"
    "  --ort=PYTHON   one that has onnxruntime and numpy: compares with that, too\n"
    "                 [$RESC_ORT_PYTHON; without it, not]\n"
    "  --need-ort     exit status 77, and no model, where there is none\n"
    "  --include=DIR --rt=FILE  the runtime's headers and its library with sanitizers\n";

static const char *value_of(const char *arg, const char *name)
{
    const size_t n = strlen(name);

    return strncmp(arg, name, n) == 0 ? arg + n : NULL;
}

static bool parse_option(struct options *o, const char *arg)
{
    const struct { const char *name, **to; } texts[] = {
        { "--file=", &o->file }, { "--write=", &o->write }, { "--inject=", &o->setup.inject },
        { "--cc=", &o->setup.cc }, { "--include=", &o->setup.include }, { "--rt=", &o->setup.rt },
        { "--ort=", &o->setup.ort },
    };
    struct form scratch = { 0 };
    const char *v;

    for (int i = 0; i < COUNT(texts); i++)
        if ((v = value_of(arg, texts[i].name))) {
            *texts[i].to = v;
            return true;
        }
    if ((v = value_of(arg, "--seed=")))
        o->seed = strtoull(v, NULL, 10);
    else if ((v = value_of(arg, "--count=")))
        o->count = atoi(v);
    else if ((v = value_of(arg, "--jobs=")))
        o->jobs = atoi(v);
    else if (strcmp(arg, "--shrink") == 0)
        o->shrink = true;
    else if (strcmp(arg, "--need-ort") == 0)
        o->need_ort = true;
    else if (strcmp(arg, "--show") == 0)
        o->show = true;
    else if (strcmp(arg, "-v") == 0)
        o->verbose = true;
    else if (form_set(&scratch, arg) && o->n_words < COUNT(o->words))
        o->words[o->n_words++] = arg;
    else
        return false;
    return true;
}

/* What a run is about, while it goes on. */
struct run {
    const struct options *o;
    struct arena *a;
    int count[N_VERDICTS], n, n_ort;
    int rewrote[32]; /* models in which all_passes[i] did something */
};

/* In so many models each exact rewrite should have something to do. */
enum { MANY_MODELS = 500 };

static void report(void *ctx, const struct trial *t)
{
    struct run *r = ctx;
    const struct options *o = r->o;

    r->count[t->verdict]++;
    r->n++;
    r->n_ort += t->has_ort;
    for (int i = 0; i < n_all_passes; i++)
        r->rewrote[i] += t->rewrote >> i & 1;
    if (t->verdict == TRIAL_PASS && !o->verbose)
        return;
    printf("seed %" PRIu64 ": %s%s%s\n", t->seed, verdict_names[t->verdict], t->why ? ": " : "",
           t->why ? t->why : "");
    if (t->verdict != TRIAL_PASS)
        printf("    again: random --seed=%" PRIu64 "%s%s %s\n", t->seed,
               o->file ? " --file=" : "", o->file ? o->file : "", form_text(r->a, &t->form));
    fflush(stdout);
}

static bool read_model(struct arena *a, const char *path, struct trial *t)
{
    struct diag d = diag_new(a, path);
    size_t size;
    char *bytes = file_read(path, &size, &d);

    if (!bytes)
        return false;
    t->model = (unsigned char *)arena_grow(a, bytes, size, size + 1, 1);
    t->size = size;
    file_release(bytes);
    return true;
}

static bool write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    const bool ok = f && fwrite(bytes, 1, size, f) == size;

    return f && fclose(f) == 0 && ok;
}

/* The model of a seed, or of a file, as text. */
static int show(struct arena *a, const struct options *o)
{
    struct trial t = { 0 };

    if (o->file && !read_model(a, o->file, &t))
        return 2;
    if (!o->file)
        t.model = random_model(a, o->seed, &t.size);
    describe(stdout, t.model, t.size);
    return 0;
}

static struct trial *make_trials(struct arena *a, const struct options *o)
{
    struct trial *t = arena_new_n(a, struct trial, o->count + 1);

    for (int i = 0; i < o->count; i++) {
        t[i].seed = o->seed + (uint64_t)i;
        t[i].form = form_of(t[i].seed);
        for (int k = 0; k < o->n_words; k++)
            form_set(&t[i].form, o->words[k]);
    }
    return t;
}

/* In how many models each exact rewrite was made; false: one never, in many. */
static bool print_rewrites(const struct run *r)
{
    bool all = true;

    for (int i = 0; i < n_all_passes; i++) {
        if (!all_passes[i].exact_rewrite)
            continue;
        printf("%s in %d models\n", all_passes[i].name, r->rewrote[i]);
        all = all && r->rewrote[i] > 0;
    }
    return all || r->n < MANY_MODELS || r->o->n_words;
}

static int summary(const struct run *r)
{
    const int failed = r->n - r->count[TRIAL_PASS] + !print_rewrites(r);

    for (int v = 0; v < N_VERDICTS; v++)
        printf("%s%d %s", v ? ", " : "", r->count[v], verdict_names[v]);
    printf(" of %d models\n", r->n);
    if (r->o->setup.ort)
        printf("%d of them also with ONNX Runtime; the others it does not run\n", r->n_ort);
    printf("%d passed, %d failed, 0 skipped\n", r->count[TRIAL_PASS], failed);
    return failed ? 1 : 0;
}

static bool shrink_to_files(struct arena *a, const struct options *o, const struct trial *bad)
{
    size_t size, whole_size = bad->size;
    const unsigned char *whole = bad->model ? bad->model : random_model(a, bad->seed, &whole_size);
    struct trial t = *bad;

    t.model = whole;
    t.size = whole_size;
    const unsigned char *model = shrink(a, &o->setup, &t, o->jobs, &size);
    FILE *text = fopen("shrunk.txt", "w");

    if (!text)
        return false;
    fprintf(text, "%s: %s\nseed %" PRIu64 " %s\n", verdict_names[bad->verdict], bad->why,
            bad->seed, form_text(a, &bad->form));
    describe(text, model, size);
    fclose(text);
    printf("shrunk from %zu to %zu bytes: shrunk.onnx, shrunk.txt\n", whole_size, size);
    describe(stdout, model, size);
    return write_bytes("shrunk.onnx", model, size);
}

static int go(struct arena *a, const struct options *o)
{
    struct trial *t = make_trials(a, o), *bad = NULL;
    struct run r = { .o = o, .a = a };

    if (o->file && !read_model(a, o->file, t))
        return 2;
    batch_run(a, &o->setup, o->count, t, o->jobs, report, &r);
    for (int i = 0; i < o->count && !bad; i++)
        if (t[i].verdict != TRIAL_PASS)
            bad = &t[i];
    const int status = summary(&r);

    return o->shrink && bad && !shrink_to_files(a, o, bad) ? 2 : status;
}

static bool has_ort(struct arena *a, const struct options *o)
{
    enum { SECONDS = 120 };
    const char *python = o->setup.ort;

    return python && process_run(a, NULL, (const char *[]){
        python, "-c", "import numpy, onnxruntime", NULL }, NULL, SECONDS).status == 0;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct options o = { .seed = 1, .count = 1, .jobs = 2, .setup = {
        .cc = RANDOM_CC " -fsanitize=address,undefined -fno-sanitize-recover=all",
        .include = RANDOM_INCLUDE, .rt = RANDOM_RT, .ort_script = RANDOM_ORT_SCRIPT,
        .ort = getenv("RESC_ORT_PYTHON"), .libs = RESC_BLAS_LIBS " -lm" } };

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (!parse_option(&o, argv[i])) {
            fprintf(stderr, "random: '%s'?\n%s", argv[i], help);
            return 2;
        }
    if (o.show)
        return show(a, &o);
    if (o.write) {
        size_t size;
        const unsigned char *bytes = random_model(a, o.seed, &size);

        return write_bytes(o.write, bytes, size) ? 0 : 1;
    }
    if (o.need_ort && !has_ort(a, &o)) {
        puts("skipped: no onnxruntime: set RESC_ORT_PYTHON to a Python that has it, and numpy\n"
             "0 passed, 0 failed, 1 skipped");
        return 77;
    }
    if (o.file)
        o.count = 1;
    o.setup.folder = folder_new(a);
    const int status = go(a, &o);

    folder_remove(o.setup.folder);
    arena_free(a);
    return status;
}
