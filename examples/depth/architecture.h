// SPDX-License-Identifier: Apache-2.0
/* architecture.h - residual networks of any depth for small pictures, and the
 * same without skips.
 *
 *     depth 6n + 2   He et al., Deep Residual Learning for Image Recognition, 2015,
 *                    section 4.2: three stages of n basic blocks,
 *                    relu(x + BN(conv3x3(relu(BN(conv3x3(x))))))
 *     depth 9n + 2   He et al., Identity Mappings in Deep Residual Networks, 2016: three
 *                    stages of n bottlenecks, pre-activated, x + f(x) where f is three
 *                    times BN, relu, conv: 1x1, 3x3, 1x1 to four times the channels
 *
 * A depth that is both is of basic blocks.  Channels double and pictures halve from stage
 * to stage; there the skip is a 1x1 convolution. */
#ifndef RESC_EXAMPLES_DEPTH_ARCHITECTURE_H
#define RESC_EXAMPLES_DEPTH_ARCHITECTURE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct net;

struct architecture {
    int depth;      /* layers with weights, projections aside */
    int width;      /* channels of the first stage, in front of a bottleneck's last layer */
    int size;       /* of the pictures: [N,3,size,size] */
    bool plain;     /* no skips */
    bool norm;      /* batch normalisation */
    bool zero_init; /* every second branch ends in zeros */
    double gain;    /* times the deviation of He et al., sqrt(2 / fan-in) */
    uint64_t seed;  /* of the weights, which have equal values in both twins */
};

bool architecture_has_depth(int depth);
/* Batch normalisation has mean 0 and variance 1 in it: see statistics.h. */
struct net *architecture_build(struct arena *a, const struct architecture *o);

#endif
