// SPDX-License-Identifier: Apache-2.0
/* tune.h - measures every kernel that could run each node, on this machine. */
#ifndef RESC_CLI_TUNE_H
#define RESC_CLI_TUNE_H

#include "cli/cmd.h"

/* Compiles, builds and runs the model once for each kernel of the node that
 * has most of them, and takes the time of every step, with one thread: what
 * the model's plan is to be chosen from.  NULL after diagnostics. */
struct measured_times *tune(struct cmd *c);

#endif
