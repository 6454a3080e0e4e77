// SPDX-License-Identifier: Apache-2.0
/* measured.h - graphs whose gains are known beforehand, and signal_measure() of them. */
#ifndef RESC_TESTS_SIGNAL_MEASURED_H
#define RESC_TESTS_SIGNAL_MEASURED_H

#include "analysis/signal.h"
#include "build.h"

#include <criterion/criterion.h>
#include <math.h>

/* Of tangents, which are floats: in powers of ten. */
static const double EXACT = 1e-5;
static const struct signal_options four = { .directions = 4, .seed = 1 };

#define expect_gain(gain_, log10_, tolerance) do { \
    const struct gain g_ = (gain_); \
    cr_expect(g_.known); \
    cr_expect(fabs(g_.mean - (log10_)) <= (tolerance), "10^%.9g, not 10^%.9g", g_.mean, \
              (double)(log10_)); \
} while (0)

/* A 1x1 convolution that multiplies `c` channels by `factor`. */
struct value *scaled(struct build *b, const char *name, struct value *x, int c, float factor);
struct value *added(struct build *b, const char *name, struct value *x, struct value *y);
struct value *rectified(struct build *b, const char *name, struct value *x);

/* The graph ends in `y`.  Data sets of normal random numbers. */
struct signal *measured(struct build *b, struct value *y, int n_sets, struct signal_options opt);
/* Of these elements, one data set, for a graph of one input. */
struct signal *measured_on(struct build *b, struct value *y, const float *x);

/* Of the step that gives `value`; it must be there. */
const struct signal_step *step_named(const struct signal *s, const char *value);
/* NULL: there is none. */
const struct signal_warning *warning_of(struct build *b, const struct signal *s,
                                        enum signal_fault fault, bool cut);

#endif
