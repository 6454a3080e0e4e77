// SPDX-License-Identifier: Apache-2.0
/* signal_sweep.h - one run of a graph on one data set, with small changes beside
 * the signal: the working half of signal.h.
 *
 * Values are let go after their last reader, so that a deep network needs no
 * more memory than a shallow one. */
#ifndef RESC_ANALYSIS_SIGNAL_SWEEP_H
#define RESC_ANALYSIS_SIGNAL_SWEEP_H

#include "analysis/signal.h"

enum probe_kind {
    PROBE_INPUT, /* from the graph's inputs to every node */
    PROBE_OWN,   /* from a block's `from` to its `to` */
    PROBE_REST,  /* ... to sweep_target() */
};

struct probe { /* a random direction, somewhere */
    enum probe_kind kind;
    int block;   /* OWN and REST: index of sweep.blocks */
    double gain; /* OWN and REST: log10; -INFINITY until it arrives */
    bool arrived;
};

struct sweep {
    const struct graph *graph;
    const struct residual_block *blocks;
    int n_blocks;
    bool cut; /* joins give their branches alone */
    uint64_t seed;
    struct probe *probes;
    int n_probes;

    /* Called for out[0] of every node that is of floats.  change[i]: log10 of the RMS of
     * what became of probe i, for all PROBE_INPUT, which come first; -INFINITY: nothing. */
    void (*look)(void *ctx, const struct node *n, const float *x, const double *change);
    void (*progress)(void *ctx, double work); /* multiply-adds done since the last call; or NULL */
    void *ctx;
};

/* inputs[i]: for graph->inputs[i]. */
void sweep_run(struct sweep *s, const struct tensor *inputs);
/* To where PROBE_REST goes: the first output of floats, or NULL. */
const struct value *sweep_target(const struct graph *g);
/* Multiply-adds, or elements, that evaluating `n` takes. */
double sweep_work(const struct node *n);

#endif
