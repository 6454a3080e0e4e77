// SPDX-License-Identifier: Apache-2.0
/* inject - models with hostile text in every string, against the same models with
 * harmless names:
 *
 *     inject [N]
 *
 * N of them (10,000), in this process.  model.c and model.h must have the same
 * tokens, comments included, with names renamed one to one; they and the plan
 * file are text without control bytes, the C printable ASCII. */
#include "rename.h"
#include "tokens.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "codegen/plan_file.h"
#include "compile.h"
#include "e2e/models.h"
#include "model.h"
#include "ops/op.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char no_sha256[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct texts {
    struct str c, header, plan, said;
};

static void texts_free(struct texts *t)
{
    str_free(&t->c);
    str_free(&t->header);
    str_free(&t->plan);
    str_free(&t->said);
}

static void keep(void *said, const char *line)
{
    str_printf(said, "%s\n", line);
}

static void write_plan(struct arena *a, const struct plan *p, struct str *out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    if (!f)
        abort();
    plan_file_write(a, f, p, no_sha256);
    fclose(f);
    str_add(out, text, size);
    free(text);
}

/* All that a compilation of model `k` writes.  False: it was refused. */
static bool compile_one(int k, bool hostile, uint32_t seed, struct texts *out)
{
    struct model *m = model_new(e2e_models[k].opset);
    struct arena *a = model_arena(m);
    struct compile_options opt = compile_defaults("model.onnx");
    struct diag d = diag_new(a, "model.onnx");
    struct model_info info;
    size_t size;
    bool ok = false;

    e2e_models[k].build(m);
    rename_all(m, hostile, seed);
    *out = (struct texts){ 0 };
    d.sink = keep;
    d.ctx = &out->said;
    const unsigned char *bytes = model_bytes(m, &size);
    struct graph *g = onnx_load_bytes(a, opt.input, (const char *)bytes, size, &opt.load, &info,
                                      &d);

    if (g && infer_shapes(g, &d)) {
        run_passes(g, &opt.passes);

        const struct plan *p = make_plan(a, g, &opt.plan, &d);

        opt.emit.c_path = "model.c";
        opt.emit.model = opt.emit.model_path = opt.input;
        opt.emit.model_sha256 = no_sha256;
        opt.emit.weights = WEIGHTS_INLINE;
        opt.emit.with_main = seed % 2;
        ok = p && emit_text(g, p, &opt.emit, &out->c, &out->header, &d);
        if (p)
            write_plan(a, p, &out->plan);
    }
    model_free(m);
    return ok;
}

/* The first byte that does not belong there; NULL: none. */
static const char *odd_byte(const struct str *s, bool ascii)
{
    const char *text = str_text(s);

    if (strlen(text) != s->len)
        return text + strlen(text);
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7f ||
            (ascii && (unsigned char)*text >= 0x80))
            return text;
    return NULL;
}

/* NULL: nothing is wrong with the hostile one. */
static const char *verdict(struct arena *a, const struct texts *harmless, const struct texts *t)
{
    const char *at, *differ;

    if ((at = odd_byte(&t->c, true)) || (at = odd_byte(&t->header, true)) ||
        (at = odd_byte(&t->plan, false)) || (at = odd_byte(&t->said, false)))
        return arena_printf(a, "a byte 0x%02x", (unsigned char)*at);
    differ = tokens_differ(a, str_text(&harmless->c), str_text(&t->c));
    if (!differ)
        differ = tokens_differ(a, str_text(&harmless->header), str_text(&t->header));
    return differ ? arena_printf(a, "tokens differ: %s", differ) : NULL;
}

static bool try_one(uint32_t seed, const struct texts *harmless)
{
    struct arena *a = arena_new();
    const int k = (int)(seed / 2 % (uint32_t)n_e2e_models);
    struct texts t;
    const char *wrong = compile_one(k, true, seed, &t) ? verdict(a, harmless, &t) : "refused";

    if (wrong)
        printf("seed %u, model %s: %s\n%s", (unsigned)seed, e2e_models[k].name, wrong,
               str_text(&t.said));
    texts_free(&t);
    arena_free(a);
    return !wrong;
}

int main(int argc, char **argv)
{
    const uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10000;
    const uint32_t n_harmless = 2 * (uint32_t)n_e2e_models;
    struct texts *harmless = calloc(n_harmless, sizeof *harmless);
    uint32_t n_passed = 0, n_failed = 0;

    if (!harmless)
        abort();
    for (uint32_t i = 0; i < n_harmless; i++)
        if (!compile_one((int)(i / 2), false, i, &harmless[i])) {
            printf("%s: %s", e2e_models[i / 2].name, str_text(&harmless[i].said));
            return 1;
        }
    for (uint32_t i = 0; i < n && n_failed < 20; i++)
        *(try_one(i, &harmless[i % n_harmless]) ? &n_passed : &n_failed) += 1;
    for (uint32_t i = 0; i < n_harmless; i++)
        texts_free(&harmless[i]);
    free(harmless);
    printf("%u passed, %u failed, 0 skipped\n", (unsigned)n_passed, (unsigned)n_failed);
    return n_passed != n;
}
