// SPDX-License-Identifier: Apache-2.0
/* measure.h - what `resc report` measures, by the means of other commands. */
#ifndef RESC_CLI_MEASURE_H
#define RESC_CLI_MEASURE_H

#include "cli/data_set.h"
#include "cli/speed.h"
#include "report/report.h"

/* What is run: the data sets of a folder, or beside the model, or random inputs. */
struct measure_data {
    const struct data_set *sets;
    int n_sets;
};

/* Before the model is read: open dimensions get their size from it.  `wanted` false: only what
 * is in `dir`, if that is given.  False after a message: there is none in `dir`. */
bool measure_data_find(struct cmd *c, const char *dir, bool wanted, struct measure_data *out);

/* Of every step, on the first data set, as `verify --layers` judges them; NULL, and the
 * sentence that says why, if the program cannot be built or run. */
const struct report_error *measure_errors(struct cmd *c, const struct measure_data *data,
                                          const char *cc_flags, const char **why_not);
/* False after a message. */
bool measure_speed(struct cmd *c, const struct speed_options *opt, struct speed *out);

#endif
