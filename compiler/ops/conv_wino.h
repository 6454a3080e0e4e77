// SPDX-License-Identifier: Apache-2.0
/* conv_wino.h - Conv by Winograd's algorithm (runtime/resc_c16_wino.h): what
 * its rows in the table of kernels say. */
#ifndef RESC_OPS_CONV_WINO_H
#define RESC_OPS_CONV_WINO_H

#include "ops/op.h"

/* 3x3, one pixel at a time */
bool conv_wino_fits(const struct node *n);
/* F(2x2, 3x3) and F(4x4, 3x3).  Packed weights: U = G w G^T as
 * [oc blocks / chunk, alpha, alpha, chunk, channels of a packed group, 16 of oc] */
struct resc_halo conv_wino2_halo(const struct node *n, int i);
struct resc_halo conv_wino4_halo(const struct node *n, int i);
size_t conv_wino2_scratch(const struct node *n);
size_t conv_wino4_scratch(const struct node *n);
double conv_wino2_work(const struct node *n);
double conv_wino4_work(const struct node *n);
void conv_wino2_pack(struct graph *g, const struct node *n, struct value **in);
void conv_wino4_pack(struct graph *g, const struct node *n, struct value **in);
/* The same from weights that are transformed when the program runs, packed as
 * [oc blocks / chunk, ic blocks of a packed group, chunk, 16 of ic, 3, 3, 16 of oc] */
size_t conv_wino2_late_scratch(const struct node *n);
size_t conv_wino4_late_scratch(const struct node *n);
double conv_wino2_late_work(const struct node *n);
double conv_wino4_late_work(const struct node *n);
void conv_wino2_late_pack(struct graph *g, const struct node *n, struct value **in);
void conv_wino4_late_pack(struct graph *g, const struct node *n, struct value **in);

/* From NCHW with up to 4 channels, stride 2, up to 8x8: F(4x4, 3x3) or F(3x3, 4x4) on its four
 * phases.  Packed weights: as above, of 4 * channels */
bool conv_wino_first_fits(const struct node *n);
size_t conv_wino_first_scratch(const struct node *n);
double conv_wino_first_work(const struct node *n);
void conv_wino_first_pack(struct graph *g, const struct node *n, struct value **in);

#endif
