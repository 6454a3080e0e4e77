// SPDX-License-Identifier: Apache-2.0
/* statistics.h - what batch normalisation would have measured.
 *
 * An untrained network in training mode normalises by mean and variance of the
 * batch at hand.  Here that batch is of random pictures; what it has at each
 * BatchNormalization is written into the model, which then does at inference
 * what it did in training. */
#ifndef RESC_EXAMPLES_DEPTH_STATISTICS_H
#define RESC_EXAMPLES_DEPTH_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct diag;
struct net;

/* False after a diagnostic: resc cannot run the network. */
bool statistics_fill_in(struct arena *a, struct net *net, uint64_t seed, struct diag *d);

#endif
