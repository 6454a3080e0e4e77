// SPDX-License-Identifier: Apache-2.0
/* speed.h - how fast the generated program of a model is, as a whole and step by
 * step, and what the cores can do.  For `resc bench` and `resc report`. */
#ifndef RESC_CLI_SPEED_H
#define RESC_CLI_SPEED_H

#include "cli/cmd.h"
#include "cli/profile.h"

enum { SPEED_MOST_THREADS = 1024, SPEED_MOST_RUNS = 1000000 };

/* A whole number from 1 to `most`; false after a message. */
bool speed_count(const struct cmd *c, const char *option, const char *value, int most, int *out);

struct speed_options {
    int threads, runs;
    bool steps;           /* time every step, too */
    const char *cc_flags; /* or NULL */
};

struct speed {
    struct program program;
    struct profile profile;
    double peak; /* thousand millions of operations a second, of all threads */
};

/* Compiles, builds and runs c->model.  False after a message. */
bool speed_measure(struct cmd *c, const struct workdir *dir, const struct speed_options *opt,
                   struct speed *out);

/* Thousand millions of operations a second: 2 to a multiply-add. */
double speed_gflops(double macs, double ms);
double speed_percent(const struct speed *s, double macs, double ms); /* of the peak */
/* Of the sum of all steps' medians, in percent. */
double speed_share(const struct profile *p, int step);
/* Fields of the object that is open: of a run, and "layers", of steps. */
void speed_json(struct json *j, const struct speed_options *opt, const struct speed *s);
void speed_json_steps(struct json *j, const struct speed *s);

#endif
