// SPDX-License-Identifier: Apache-2.0
/* conv_pack.h - weights of Conv as the native kernels take them.
 *
 * Channels of input and output are in blocks of 16, filled up with zeros.
 * Groups that do not start at a block are merged until they do: one packed
 * group then is block-diagonal, and zero where input and output belong to
 * different groups of the model. */
#ifndef RESC_OPS_CONV_PACK_H
#define RESC_OPS_CONV_PACK_H

#include "ops/op.h"

struct conv_packed {
    int64_t groups;    /* after merging; 1 if channels end within a block */
    int64_t ic_blocks; /* of input channels in one of them */
    int64_t oc_blocks; /* of output channels in all of them */
    int64_t window;    /* kh * kw */
    int64_t ic, oc, model_groups, of_ic, of_oc; /* the model's: channels of all, and of a group */
    const float *w;
};

struct conv_packed conv_packed(const struct node *n);
int64_t conv_packed_groups(const struct node *n);
/* Multiply-adds on packed weights. */
double conv_packed_work(const struct node *n);

/* The `window` weights from input channel `ic` of packed group `group` to output
 * channel `oc` of all; NULL: they are 0. */
const float *conv_packed_weight(const struct conv_packed *c, int64_t group, int64_t ic, int64_t oc);
/* in[CONV_B], if there is one: filled up to whole blocks. */
void conv_pack_bias(struct graph *g, const struct node *n, struct value **in);

/* Pack functions of kernels: bias, and the weights as
 * [oc blocks, ic blocks of a packed group, kh, kw, 16 of ic, 16 of oc] */
void conv_pack_c16(struct graph *g, const struct node *n, struct value **in);
/* ... and as [oc blocks, ic, kh, kw, 16 of oc]: x is NCHW, there is one group */
void conv_pack_first(struct graph *g, const struct node *n, struct value **in);

/* Channels of a group, if there are several groups of as many in as out; or else 0. */
int64_t conv_group_width(const struct node *n);
/* ... of few: weights as [oc blocks, kh, kw, channels of a group, 16 of oc] */
void conv_pack_narrow(struct graph *g, const struct node *n, struct value **in);
double conv_narrow_work(const struct node *n);

#endif
