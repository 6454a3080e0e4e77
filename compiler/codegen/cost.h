// SPDX-License-Identifier: Apache-2.0
/* cost.h - how long a kernel should take, from the shapes alone.
 *
 *     us = call + work / rate + unhidden * weights / bandwidth + activations / bandwidth
 *
 * `call` is more for products that are not native.  `work` are multiply-adds
 * (kernel->work: those of a Winograd kernel are fewer than the convolution's,
 * and a tile that sticks out of the image counts in full); a step without any
 * counts its elements.  `rate` is the kernel's, in its inner loops.
 * Activations lie in a near cache.  Weights are read once a run from memory or
 * a far cache, but for the unhidden share while the kernel computes.
 *
 * The constants are those of a core with a multiply-add peak of about 55
 * thousand million a second; what counts is the ratio between kernels, and
 * that changes less from machine to machine than the times do.
 * `resc compile --tune` measures instead. */
#ifndef RESC_CODEGEN_COST_H
#define RESC_CODEGEN_COST_H

#include "ops/op.h"

/* That core, where predictions are held against it: operations and bytes a second. */
#define COST_PEAK_FLOPS 110e9
#define COST_BANDWIDTH 20e9

/* Microseconds; cost_reorder: of v from one layout to another. */
double cost_kernel(const struct node *n, const struct kernel *k);
double cost_reorder(const struct value *v);

#endif
