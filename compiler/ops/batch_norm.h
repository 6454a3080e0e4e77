// SPDX-License-Identifier: Apache-2.0
/* batch_norm.h - BatchNormalization (inference) and what passes make of it.
 *
 * BatchNormalization: inputs x [N,C,...], scale, B, mean, var, each [C].
 * ScaleShift (internal): inputs x [N,C,...], scale [C], shift [C];
 * y = act(x * scale[c] + shift[c]). */
#ifndef RESC_OPS_BATCH_NORM_H
#define RESC_OPS_BATCH_NORM_H

enum { BN_X, BN_SCALE, BN_B, BN_MEAN, BN_VAR };
enum { SCALE_SHIFT_X, SCALE_SHIFT_SCALE, SCALE_SHIFT_SHIFT };

struct batch_norm_attr {
    float epsilon;
};

#endif
