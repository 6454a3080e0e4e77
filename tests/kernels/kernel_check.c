// SPDX-License-Identifier: Apache-2.0
#include "kernel_check.h"

#include "base/arena.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_RANDOM = 150, FRAME = 64 /* floats before and after a buffer */ };
enum data_kind { INTEGERS, REALS, SPECIALS };

static const char *const kind_names[] = { "integers", "reals", "specials" };

uint64_t rng_next(struct rng *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int rng_between(struct rng *r, int lo, int hi)
{
    return lo + (int)(rng_next(r) % (uint64_t)(hi - lo + 1));
}

struct value *subject_value(struct graph *g, const char *name, struct shape s)
{
    return graph_add_value(g, name, DT_F32, s);
}

/* len floats between two frames; data is aligned to 64 bytes. */
struct buffer {
    float *memory, *data;
    size_t len;
};

static const uint32_t canary = 0x7fc0dead, poison = 0x7fc0beef; /* NaNs */

static void set_bits(float *at, size_t n, uint32_t bits)
{
    for (size_t i = 0; i < n; i++)
        memcpy(at + i, &bits, sizeof(bits));
}

static struct buffer buffer_new(size_t len)
{
    const size_t size = (2 * FRAME + len) * sizeof(float);
    struct buffer b = { .len = len };

    b.memory = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!b.memory)
        abort();
    b.data = b.memory + FRAME;
    set_bits(b.memory, FRAME, canary);
    set_bits(b.data, len, poison);
    set_bits(b.data + len, FRAME, canary);
    return b;
}

static bool buffer_intact(const struct buffer *b)
{
    for (size_t i = 0; i < FRAME; i++)
        if (memcmp(b->memory + i, &canary, sizeof(canary)) != 0 ||
            memcmp(b->data + b->len + i, &canary, sizeof(canary)) != 0)
            return false;
    return true;
}

static float random_float(struct rng *r, enum data_kind kind)
{
    if (kind == REALS)
        return (float)((double)(rng_next(r) >> 40) / 8388608.0 - 1.0);
    if (kind == SPECIALS && rng_between(r, 0, 9) == 0)
        return rng_between(r, 0, 1) ? NAN : rng_between(r, 0, 1) ? INFINITY : -INFINITY;
    return (float)rng_between(r, -4, 4);
}

/* One node with data: what all kernels are held against. */
struct trial {
    const struct subject *s;
    struct node *n;
    enum data_kind kind;
    uint64_t seed;
    int shape;
    struct buffer in[SUBJECT_INPUTS], copy[SUBJECT_INPUTS];
    struct buffer wanted, bound; /* bound: of REALS */
    int failures;
};

static size_t value_len(const struct value *v)
{
    return (size_t)shape_len(&v->shape);
}

static void reference(const struct trial *t, const struct buffer in[SUBJECT_INPUTS], float *y)
{
    const float *p[SUBJECT_INPUTS] = { NULL };
    const void *vp[SUBJECT_INPUTS] = { NULL };

    for (int i = 0; i < t->n->n_in; i++)
        if (t->n->in[i])
            vp[i] = p[i] = in[i].data;
    if (t->s->define) {
        _Alignas(max_align_t) unsigned char params[PARAMS_MAX] = { 0 };

        t->n->op->params->fill(t->n, params);
        t->s->define(params, p, y);
    } else {
        t->n->op->eval(t->n, vp, (void *[]){ y });
    }
}

static void make_bound(struct trial *t)
{
    const struct act act = t->n->act;
    struct buffer abs_in[SUBJECT_INPUTS];
    const double terms = t->s->terms ? t->s->terms(t->n) + 8.0 : 0.0;
    char *attr = malloc(t->n->op->attr_size + 1);

    if (!attr)
        abort();
    if (t->n->op->attr_size)
        memcpy(attr, t->n->attr, t->n->op->attr_size);
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        abs_in[i] = buffer_new(t->in[i].len);
        for (size_t k = 0; k < t->in[i].len; k++)
            abs_in[i].data[k] = fabsf(t->in[i].data[k]);
    }
    t->n->act.kind = ACT_NONE;
    if (t->s->absolute)
        t->s->absolute(t->n);
    reference(t, abs_in, t->bound.data);
    for (size_t k = 0; k < t->bound.len; k++)
        t->bound.data[k] = (float)(terms * 0x1p-24 * (double)t->bound.data[k]);
    t->n->act = act;
    if (t->n->op->attr_size)
        memcpy(t->n->attr, attr, t->n->op->attr_size);
    for (int i = 0; i < SUBJECT_INPUTS; i++)
        free(abs_in[i].memory);
    free(attr);
}

static void trial_start(struct trial *t, struct rng *r)
{
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        const bool present = i < t->n->n_in && t->n->in[i];

        t->in[i] = buffer_new(present ? value_len(t->n->in[i]) : 0);
        t->copy[i] = buffer_new(t->in[i].len);
        for (size_t k = 0; k < t->in[i].len; k++)
            t->in[i].data[k] = t->copy[i].data[k] = random_float(r, t->kind);
    }
    t->wanted = buffer_new(value_len(t->n->out[0]));
    t->bound = buffer_new(t->wanted.len);
    reference(t, t->in, t->wanted.data);
    if (t->kind == REALS)
        make_bound(t);
}

static void trial_end(struct trial *t)
{
    for (int i = 0; i < SUBJECT_INPUTS; i++) {
        free(t->in[i].memory);
        free(t->copy[i].memory);
    }
    free(t->wanted.memory);
    free(t->bound.memory);
}

static void complain(struct trial *t, const char *fn, int in_place)
{
    char text[SHAPE_TEXT_MAX];

    t->failures++;
    fprintf(stderr, "%s --seed=%" PRIu64 ", shape %d, %s, act=%d", fn, t->seed, t->shape,
            kind_names[t->kind], (int)t->n->act.kind);
    for (int i = 0; i < t->n->n_in; i++)
        fprintf(stderr, " %s", t->n->in[i] ? shape_text(&t->n->in[i]->shape, text) : "-");
    fprintf(stderr, " ->  %s", shape_text(&t->n->out[0]->shape, text));
    if (t->n->op->print)
        t->n->op->print(t->n, stderr);
    if (in_place >= 0)
        fprintf(stderr, ", over input %d", in_place);
    fprintf(stderr, ": ");
}

static bool same(float a, float b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void compare(struct trial *t, const char *fn, int in_place, const float *y)
{
    for (size_t i = 0; i < t->wanted.len; i++) {
        const float wanted = t->wanted.data[i];
        const double bound = t->kind == REALS ? (double)t->bound.data[i] : 0.0;

        if (same(y[i], wanted) || fabs((double)y[i] - (double)wanted) <= bound)
            continue;
        complain(t, fn, in_place);
        fprintf(stderr, "element %zu is %.9g, wanted %.9g within %.3g\n", i, (double)y[i],
                (double)wanted, bound);
        return;
    }
}

/* in_place: the input that the output is written over, or -1. */
static void check_call(struct trial *t, const struct kernel *k, const struct kernel_call *c,
                       int in_place)
{
    _Alignas(max_align_t) unsigned char params[PARAMS_MAX] = { 0 };
    struct buffer y = buffer_new(t->wanted.len);
    const size_t scratch_size = k->scratch ? k->scratch(t->n) : 0;
    struct buffer scratch = buffer_new(scratch_size / sizeof(float));
    const float *in[SUBJECT_INPUTS] = { NULL };

    t->n->op->params->fill(t->n, params);
    for (int i = 0; i < t->n->n_in; i++)
        if (t->n->in[i])
            in[i] = t->in[i].data;
    if (in_place >= 0) {
        memcpy(y.data, t->in[in_place].data, y.len * sizeof(float));
        in[in_place] = y.data;
    }
    c->call(params, in, y.data, scratch_size ? scratch.data : NULL);
    compare(t, c->fn, in_place, y.data);
    if (!buffer_intact(&y)) {
        complain(t, c->fn, in_place);
        fprintf(stderr, "wrote beside the output\n");
    }
    if (!buffer_intact(&scratch)) {
        complain(t, c->fn, in_place);
        fprintf(stderr, "wrote beside the scratch of %zu bytes\n", scratch_size);
    }
    for (int i = 0; i < SUBJECT_INPUTS; i++)
        if (!buffer_intact(&t->in[i]) ||
            memcmp(t->in[i].data, t->copy[i].data, t->in[i].len * sizeof(float)) != 0) {
            complain(t, c->fn, in_place);
            fprintf(stderr, "changed input %d\n", i);
        }
    free(y.memory);
    free(scratch.memory);
}

static const struct kernel_call *find_call(const struct subject *s, const struct kernel *k)
{
    for (int i = 0; i < s->n_calls; i++)
        if (strcmp(s->calls[i].fn, k->fn) == 0)
            return &s->calls[i];
    return NULL;
}

static int run_trial(const struct subject *s, struct node *n, enum data_kind kind, int shape,
                     uint64_t seed, struct rng *r)
{
    struct trial t = { .s = s, .n = n, .kind = kind, .shape = shape, .seed = seed };

    trial_start(&t, r);
    for (int i = 0; i < s->op->n_kernels; i++) {
        const struct kernel *k = &s->op->kernels[i];
        const struct kernel_call *c = find_call(s, k);

        if (!c || (k->match && !k->match(n)))
            continue;
        check_call(&t, k, c, -1);
        for (int in = 0; in < n->n_in; in++)
            if (k->in_place & 1u << in && n->in[in])
                check_call(&t, k, c, in);
    }
    trial_end(&t);
    return t.failures;
}

/* `drop`: the optional inputs to leave out. */
static int run_variant(const struct subject *s, struct node *n, enum act_kind act, unsigned drop,
                       int shape, uint64_t seed, struct rng *r)
{
    static const float lo[] = { [ACT_CLIP] = -2.0f, [ACT_LEAKY_RELU] = 0.25f };
    struct value *in[SUBJECT_INPUTS];
    int failures = 0;

    n->act = (struct act){ act, lo[act], act == ACT_CLIP ? 3.0f : 0.0f };
    memcpy(in, n->in, (size_t)n->n_in * sizeof(*in));
    for (int i = 0; i < n->n_in; i++)
        if (drop & 1u << i)
            n->in[i] = NULL;
    failures += run_trial(s, n, INTEGERS, shape, seed, r);
    failures += run_trial(s, n, REALS, shape, seed, r);
    if (s->specials)
        failures += run_trial(s, n, SPECIALS, shape, seed, r);
    memcpy(n->in, in, (size_t)n->n_in * sizeof(*in));
    return failures;
}

static int check_shape(const struct subject *s, int shape, uint64_t seed)
{
    struct arena *a = arena_new();
    struct rng r = { seed + (uint64_t)shape };
    struct node *n = s->build(graph_new(a, "check"), shape, &r);
    const bool acts = s->op->flags & OP_FUSES_ACT;
    const bool random = shape >= s->n_shapes;
    const enum act_kind only = acts && random ? (enum act_kind)rng_between(&r, 0, 3) : ACT_NONE;
    const unsigned only_drop = (unsigned)rng_next(&r) & s->optional;
    int failures = 0;

    if (random) {
        failures = run_variant(s, n, only, only_drop, shape, seed, &r);
    } else {
        for (int act = ACT_NONE; act <= (acts ? ACT_LEAKY_RELU : ACT_NONE); act++)
            for (unsigned drop = 0; drop <= s->optional; drop++)
                if ((drop & ~s->optional) == 0)
                    failures += run_variant(s, n, (enum act_kind)act, drop, shape, seed, &r);
    }
    arena_free(a);
    return failures;
}

int check_subject(const struct subject *s, uint64_t seed)
{
    const int first_random = s->n_shapes + s->n_benches;
    int failures = 0;

    for (int i = 0; i < s->op->n_kernels; i++)
        if (!find_call(s, &s->op->kernels[i])) {
            fprintf(stderr, "%s: kernel %s is not checked\n", s->op->name,
                    s->op->kernels[i].fn);
            failures++;
        }
    for (int i = 0; i < s->n_shapes; i++)
        failures += check_shape(s, i, seed);
    for (int i = 0; i < N_RANDOM; i++)
        failures += check_shape(s, first_random + i, seed);
    return failures;
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The fastest of several calls. */
static double time_call(struct trial *t, const struct kernel *k, const struct kernel_call *c)
{
    _Alignas(max_align_t) unsigned char params[PARAMS_MAX] = { 0 };
    struct buffer y = buffer_new(t->wanted.len);
    struct buffer scratch = buffer_new(k->scratch ? k->scratch(t->n) / sizeof(float) : 0);
    const float *in[SUBJECT_INPUTS] = { NULL };
    const double until = seconds() + 0.3;
    double best = INFINITY;

    t->n->op->params->fill(t->n, params);
    for (int i = 0; i < t->n->n_in; i++)
        in[i] = t->n->in[i] ? t->in[i].data : NULL;
    do {
        const double start = seconds();

        c->call(params, in, y.data, scratch.data);
        const double took = seconds() - start;

        best = took < best ? took : best;
    } while (seconds() < until);
    free(y.memory);
    free(scratch.memory);
    return best;
}

static void bench_shape(const struct subject *s, const char *glob, struct node *n)
{
    struct trial t = { .s = s, .n = n, .kind = REALS };
    const struct kernel *last = &s->op->kernels[s->op->n_kernels - 1];
    struct rng r = { 1 };
    double ref = 0.0;
    char text[SHAPE_TEXT_MAX];

    trial_start(&t, &r);
    for (int i = 0; i < s->op->n_kernels; i++) {
        const struct kernel *k = &s->op->kernels[i];
        const struct kernel_call *c = find_call(s, k);

        if (!c || (k->match && !k->match(n)) || fnmatch(glob, k->fn, 0) != 0)
            continue;
        const double took = time_call(&t, k, c);

        if (ref == 0.0)
            ref = time_call(&t, last, find_call(s, last));
        printf("%-28s %-18s", k->fn, shape_text(&n->in[0]->shape, text));
        if (n->op->print)
            n->op->print(n, stdout);
        printf("  %.0f ns", took * 1e9);
        if (n->op->macs)
            printf("  %.1f GFLOP/s", 2e-9 * n->op->macs(n) / took);
        printf("  %.1f x ref\n", ref / took);
        fflush(stdout);
    }
    trial_end(&t);
}

void bench_subject(const struct subject *s, const char *glob)
{
    for (int i = 0; i < s->n_benches; i++) {
        struct arena *a = arena_new();
        struct rng r = { 1 };

        bench_shape(s, glob, s->build(graph_new(a, "bench"), s->n_shapes + i, &r));
        arena_free(a);
    }
}
