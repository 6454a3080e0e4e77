// SPDX-License-Identifier: Apache-2.0
#include "trial.h"

#include "base/arena.h"
#include "base/count.h"
#include "cli/peak.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum {
    ROWS_MAX = 32,
    PATIENCE = 8,      /* shapes tried for one that matches */
    FAILURES_MAX = 5,  /* of a row: then it is not tried any more */
    MACS_MANY = 200000, /* too many for all activations and optional inputs */
    SHAPES_FEW = 500,   /* fewer are a quick look, without those shapes of the tables */
};

/* What each row has seen. */
struct tally {
    const struct subject *s;
    const struct check *c;
    int shapes[ROWS_MAX], failures[ROWS_MAX];
    uint64_t digests[ROWS_MAX];
    double nearest[ROWS_MAX]; /* errors to their bounds */
    const struct kernel *aim; /* the row that the shape at hand is for; NULL: for all */
    unsigned seen;            /* rows that matched it */
};

/* What runs at the moment, to be named if it crashes. */
static struct {
    struct trial *t;
    const char *fn;
    int in_place;
} now;

static void on_crash(int number)
{
    trial_complain(now.t, now.fn, now.in_place);
    fprintf(stderr, "crashed with signal %d\n", number);
    _exit(1);
}

static void run_call(struct trial *t, const struct kernel *k, int in_place, struct rng *r)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

    now.t = t, now.fn = k->fn, now.in_place = in_place;
    for (int i = 0; i < COUNT(signals); i++)
        signal(signals[i], on_crash);
    check_call(t, k, in_place, r);
    for (int i = 0; i < COUNT(signals); i++)
        signal(signals[i], SIG_DFL);
}

/* Rows that have seen enough already do not see the shapes for others. */
static bool wanted_row(const struct tally *ta, int i)
{
    const struct kernel *k = &ta->s->op->kernels[i];
    const struct kernel_call *c = call_find(ta->s, k);

    const int enough = ta->c->least * (k->family == FAMILY_NATIVE ? 2 : 1);

    return fnmatch(ta->c->glob, k->fn, 0) == 0 && c && c->call &&
           ta->failures[i] < FAILURES_MAX &&
           (!ta->aim || k == ta->aim || ta->shapes[i] < enough);
}

static void check_row(struct tally *ta, struct trial *t, int i)
{
    const struct kernel *k = &t->n->op->kernels[i];
    struct rng halos = { t->seed * 31 + (uint64_t)t->shape };

    t->failures = 0;
    t->digest = ta->c->digests ? &ta->digests[i] : NULL;
    t->nearest = 0;
    run_call(t, k, -1, &halos);
    for (int in = 0; in < t->n->n_in; in++)
        if (k->in_place >> in & 1 && k->in == k->out && t->n->in[in] && !t->n->in[in]->data)
            run_call(t, k, in, &halos);
    ta->failures[i] += t->failures;
    ta->nearest[i] = t->nearest > ta->nearest[i] ? t->nearest : ta->nearest[i];
    ta->seen |= 1u << i;
}

static void check_kind(struct tally *ta, struct graph *g, struct node *n, enum data_kind kind,
                       int shape, struct rng *r)
{
    struct trial t = { .s = ta->s, .g = g, .n = n, .kind = kind, .seed = ta->c->seed,
                       .shape = shape };
    bool any = false;

    trial_start(&t, r);
    for (int i = 0; i < n->op->n_kernels; i++) {
        if (!wanted_row(ta, i) || !call_matches(&t, &n->op->kernels[i]))
            continue;
        if (!any)
            trial_reference(&t);
        any = true;
        check_row(ta, &t, i);
    }
    trial_end(&t);
}

/* `drop`: the optional inputs to leave out. */
static void check_variant(struct tally *ta, struct graph *g, struct node *n, enum act_kind act,
                          unsigned drop, int shape, struct rng *r)
{
    static const float lo[] = { [ACT_CLIP] = -2.0f, [ACT_LEAKY_RELU] = 0.25f };
    struct value *in[SUBJECT_INPUTS];

    n->act = (struct act){ act, lo[act], act == ACT_CLIP ? 3.0f : 0.0f };
    memcpy(in, n->in, (size_t)n->n_in * sizeof(*in));
    for (int i = 0; i < n->n_in; i++)
        if (drop & 1u << i)
            n->in[i] = NULL;
    check_kind(ta, g, n, INTEGERS, shape, r);
    check_kind(ta, g, n, REALS, shape, r);
    if (ta->s->specials)
        check_kind(ta, g, n, SPECIALS, shape, r);
    if (ta->s->nans && (shape < ta->s->n_shapes || rng_one_in(r, 4)))
        check_kind(ta, g, n, NANS, shape, r);
    memcpy(n->in, in, (size_t)n->n_in * sizeof(*in));
}

static void check_shape(struct tally *ta, int shape)
{
    const struct subject *s = ta->s;
    const int first_random = s->n_shapes + s->n_benches;
    const bool acts = s->op->flags & OP_FUSES_ACT, random = shape >= first_random;
    const struct kernel *aim =
        random ? &s->op->kernels[(shape - first_random) % s->op->n_kernels] : NULL;
    struct arena *a = arena_new();
    struct graph *g = graph_new(a, "check");
    struct rng r = { ta->c->seed + (uint64_t)shape };
    struct node *n = s->build(g, shape, aim, &r);
    const enum act_kind only = acts ? (enum act_kind)rng_between(&r, 0, 3) : ACT_NONE;
    const unsigned only_drop = (unsigned)rng_next(&r) & s->optional;

    const bool large = s->op->macs && s->op->macs(n) > MACS_MANY;

    ta->aim = aim;
    ta->seen = 0;
    if (random || (large && ta->c->least >= SHAPES_FEW)) {
        check_variant(ta, g, n, only, only_drop, shape, &r);
    } else if (!large) {
        for (int act = ACT_NONE; act <= (acts ? ACT_LEAKY_RELU : ACT_NONE); act++)
            for (unsigned drop = 0; drop <= s->optional; drop++)
                if ((drop & ~s->optional) == 0)
                    check_variant(ta, g, n, (enum act_kind)act, drop, shape, &r);
    }
    for (int i = 0; i < s->op->n_kernels; i++)
        ta->shapes[i] += ta->seen >> i & 1;
    arena_free(a);
}

static void report(const struct tally *ta, struct check *c)
{
    for (int i = 0; i < ta->s->op->n_kernels; i++) {
        const struct kernel *k = &ta->s->op->kernels[i];
        const struct kernel_call *fn = call_find(ta->s, k);
        const char *verdict = "ok";

        if (fnmatch(c->glob, k->fn, 0) != 0 || (fn && !fn->call))
            continue;
        if (!fn)
            verdict = "NOT CHECKED: no function in its subject";
        else if (ta->failures[i])
            verdict = "FAILED";
        else if (ta->shapes[i] < c->least)
            verdict = "TOO FEW";
        printf("%-32s %-7s %5d shapes  %s", k->fn, peak_isa(), ta->shapes[i], verdict);
        if (ta->nearest[i] > 0)
            printf(", errors up to %.2g of their bound", ta->nearest[i]);
        putchar('\n');
        if (c->digests)
            printf("digest of row %-2d %-32s %016" PRIx64 "\n", i, k->fn, ta->digests[i]);
        fflush(stdout);
        *(strcmp(verdict, "ok") == 0 ? &c->passed : &c->failed) += 1;
    }
}

/* The rows from the last, which takes any shape: the others then have many
 * already, and get those that they lack. */
void check_subject(const struct subject *s, struct check *c)
{
    struct tally ta = { .s = s, .c = c };
    const int first_random = s->n_shapes + s->n_benches, n_rows = s->op->n_kernels;

    for (int i = 0; i < s->n_shapes; i++)
        check_shape(&ta, i);
    for (int row = n_rows - 1; row >= 0; row--)
        for (int i = 0; ta.shapes[row] < c->least && i < c->least * PATIENCE; i++)
            if (wanted_row(&ta, row))
                check_shape(&ta, first_random + row + n_rows * i);
    report(&ta, c);
}
