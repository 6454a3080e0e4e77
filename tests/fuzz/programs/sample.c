// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "sample.h"

#include "base/arena.h"
#include "base/count.h"
#include "base/diag.h"
#include "compile.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUTS_MAX ((size_t)8 << 20) /* bytes; more takes too long to build and run */
#define MACS_MAX 2e7

enum { RUN_SECONDS = 120 };

struct sample sample_new(struct arena *a, const char *folder, int n)
{
    return (struct sample){
        .arena = a, .folder = folder, .room = n, .models = arena_new_n(a, struct sampled, n + 1),
    };
}

void sample_offer(struct sample *s, const unsigned char *bytes, size_t size, long number)
{
    const size_t at = s->n < s->room ? (size_t)s->n : random_below(&s->random,
                                                                  (size_t)++s->n_offered);
    struct sampled *m = &s->models[at];

    if (at >= (size_t)s->room)
        return;
    if (s->n < s->room) {
        s->n++;
        s->n_offered++;
    }
    free(m->bytes);
    *m = (struct sampled){ malloc(size + 1), size, number };
    if (!m->bytes)
        abort();
    memcpy(m->bytes, bytes, size);
}

static bool write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    const bool ok = f && fwrite(bytes, 1, size, f) == size;

    return f && fclose(f) == 0 && ok;
}

/* f32 in [-1, 1); integers 0 and 1. */
static void fill(struct random *r, char *data, const struct value *v)
{
    const size_t size = dtype_size(v->type);
    const int64_t n = shape_len(&v->shape);

    for (int64_t i = 0; i < n; i++, data += size) {
        const float x = (float)(random_bits(r) >> 40) * 0x1p-23f - 1.0f;

        if (v->type == DT_F32)
            memcpy(data, &x, sizeof(x));
        else if (v->type != DT_F16 && v->type != DT_BF16 && v->type != DT_F64)
            *data = (char)(random_bits(r) >> 63);
    }
}

struct built {
    struct arena *arena;
    const char *stem; /* FOLDER/sample-NUMBER */
    struct compiled made;
    struct process process;
};

static bool make_c(struct built *b, int number)
{
    static const enum kernels families[] = { KERNELS_AUTO, KERNELS_NATIVE, KERNELS_REF };
    struct diag d = diag_new(b->arena, NULL);
    struct compile_options opt = compile_defaults(arena_printf(b->arena, "%s.onnx", b->stem));

    d.quiet_notes = true;
    memset(d.off, true, sizeof(d.off));
    opt.plan.kernels = families[number % COUNT(families)];
    opt.emit.c_path = arena_printf(b->arena, "%s.c", b->stem);
    opt.emit.weights = WEIGHTS_INLINE;
    opt.emit.with_main = true;
    return compile(b->arena, &opt, &b->made, &d);
}

static bool too_large(const struct built *b)
{
    size_t bytes = b->made.plan->workspace_size;

    for (int i = 0; i < b->made.graph->n_inputs; i++)
        bytes += value_size(b->made.graph->inputs[i]);
    for (int i = 0; i < b->made.graph->n_outputs; i++)
        bytes += value_size(b->made.graph->outputs[i]);
    return bytes > INPUTS_MAX || b->made.plan->macs > MACS_MAX;
}

static bool build_and_run(struct built *b, struct random *r)
{
    static const char *const no_leaks[] = { "ASAN_OPTIONS=detect_leaks=0", NULL }; /* by main() */
    const struct graph *g = b->made.graph;
    const char **argv = arena_new_n(b->arena, const char *, g->n_inputs + g->n_outputs + 2);
    int n = 0;

    if (!shell(b->arena, &b->process, SAMPLE_CC " '%s.c' -o '%s' " SAMPLE_LIBS, b->stem, b->stem))
        return false;
    argv[n++] = b->stem;
    for (int i = 0; i < g->n_inputs; i++) {
        const size_t size = value_size(g->inputs[i]);
        char *data = arena_alloc(b->arena, size + 1);

        fill(r, data, g->inputs[i]);
        argv[n] = arena_printf(b->arena, "%s.in%d", b->stem, i);
        if (!write_bytes(argv[n++], data, size))
            return false;
    }
    for (int i = 0; i < g->n_outputs; i++)
        argv[n++] = arena_printf(b->arena, "%s.out%d", b->stem, i);
    b->process = process_run(b->arena, NULL, argv, no_leaks, RUN_SECONDS);
    if (b->process.status == 0)
        return true;
    fprintf(stderr, "%s\n%s", b->stem, b->process.err);
    return false;
}

enum verdict { GOOD, BAD, NOT_RUN };

static enum verdict check(const struct sample *s, const struct sampled *m)
{
    struct built b = { .arena = arena_new() };
    struct random r = { (uint64_t)m->number };
    enum verdict v = BAD;

    b.stem = arena_printf(b.arena, "%s/sample-%ld", s->folder, m->number);
    if (write_bytes(arena_printf(b.arena, "%s.onnx", b.stem), m->bytes, m->size) &&
        make_c(&b, (int)m->number))
        v = too_large(&b) ? NOT_RUN : build_and_run(&b, &r) ? GOOD : BAD;
    if (v != BAD)
        shell(b.arena, &b.process, "rm -f '%s' '%s'.*", b.stem, b.stem);
    else
        fprintf(stderr, "the model is %s.onnx\n", b.stem);
    arena_free(b.arena);
    return v;
}

int sample_build(struct sample *s)
{
    int n[NOT_RUN + 1] = { 0 };

    for (int i = 0; i < s->n; i++) {
        n[check(s, &s->models[i])]++;
        free(s->models[i].bytes);
    }
    s->n_run = n[GOOD];
    if (s->n)
        printf("%d of them built and run: %d good, %d not (and %d too large to run)\n",
               n[GOOD] + n[BAD], n[GOOD], n[BAD], n[NOT_RUN]);
    return n[BAD];
}
