// SPDX-License-Identifier: Apache-2.0
/* trial.h - one node with data, and one kernel called on it.
 *
 * The trial has the data as ONNX has them, and what the reference makes of
 * them; the call has them as the kernel takes them. */
#ifndef RESC_TESTS_TRIAL_H
#define RESC_TESTS_TRIAL_H

#include "kernel_check.h"

#include <stdalign.h>

enum data_kind { INTEGERS, REALS, SPECIALS, NANS };

struct trial {
    const struct subject *s;
    struct graph *g;
    struct node *n;
    enum data_kind kind;
    uint64_t seed;
    int shape;
    struct buffer in[SUBJECT_INPUTS];
    struct buffer wanted;
    struct buffer absolute; /* the same sums over absolute values; no data until asked for */
    struct arena *bounds;   /* of kernels, see trial_bounds(); NULL until asked for */
    const struct kernel *bounds_of;
    bool bounded;
    struct bounds b;
    double nearest;         /* the largest error of a kernel's result, in its bounds */
    int failures;
    uint64_t *digest; /* takes in the bits of every output; NULL: none */
};

/* Makes the data, of kind t->kind, and constants of those inputs that are. */
void trial_start(struct trial *t, struct rng *r);
void trial_reference(struct trial *t);
const float *trial_absolute(struct trial *t);
/* What op->bound says of `k` and these data; NULL: there is none. */
const struct bounds *trial_bounds(struct trial *t, const struct kernel *k);
void trial_end(struct trial *t);
/* What and where it is, on stderr, up to a colon. */
void trial_complain(struct trial *t, const char *fn, int in_place);

struct call {
    const struct kernel *k;
    const struct kernel_call *fn;
    struct layout layout[SUBJECT_INPUTS], out;
    struct buffer in[SUBJECT_INPUTS], copy[SUBJECT_INPUTS], y, scratch;
    const float *arg[SUBJECT_INPUTS];
    alignas(max_align_t) unsigned char params[PARAMS_MAX];
};

const struct kernel_call *call_find(const struct subject *s, const struct kernel *k);
bool call_matches(const struct trial *t, const struct kernel *k);
/* in_place: the input whose memory the output is, or -1.  r: for halos that
 * are larger than they must be; NULL: halos as networks have them. */
void call_start(struct call *c, struct trial *t, const struct kernel *k, int in_place,
                struct rng *r);
void call_run(struct call *c);
void call_end(struct call *c);
void check_call(struct trial *t, const struct kernel *k, int in_place, struct rng *r);

#endif
