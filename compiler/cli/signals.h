// SPDX-License-Identifier: Apache-2.0
/* signals.h - analysis/signal.h for `inspect --signal` and `report`: from data
 * sets to text and JSON. */
#ifndef RESC_CLI_SIGNALS_H
#define RESC_CLI_SIGNALS_H

#include "analysis/signal.h"
#include "cli/cmd.h"

/* The rows of their options; `set` for those, false: it is none of them. */
#define OPTIONS_SIGNAL \
    { OPT_DATA, "--data", "DIR", "the inputs: test_data_set_*, or files NAME.npy or NAME.pb\n" \
      "[those of the model, else random]", false }, \
    { OPT_DIRECTIONS, "--directions", "N", "small changes that are followed, for each gain [4]", \
      false }, \
    { OPT_SEED, "--seed", "N", "of their random directions [1]", false }

struct data_set;

struct signals {
    const char *data;       /* --data */
    bool asked;             /* one of the options was given */
    struct signal_options options;
    const char *source;     /* "2 data sets", "random inputs" */
    struct graph *graph;    /* at -O0 */
    const struct signal *signal;
};

struct signals signals_defaults(void);
/* False: `id` is none of OPTIONS_SIGNAL.  *ok false: wrong usage, after a message. */
bool signals_option(struct signals *s, const struct cmd *c, int id, const char *value, bool *ok);
/* On the data sets of s->data; on these.  False after a diagnostic. */
bool signals_find_and_measure(struct signals *s, struct cmd *c);
bool signals_measure(struct signals *s, struct cmd *c, const struct data_set *sets, int n);
/* `all`: every step, not only as many as a person reads. */
void signals_print(const struct signals *s, const struct cmd *c, bool all);
void signals_json(const struct signals *s, struct json *j); /* "signal": {...} */

#endif
