// SPDX-License-Identifier: Apache-2.0
/* resc_rt.h - the kernels that generated code calls, all of them.
 *
 * Tensors are dense and row-major, images are NCHW.  Shapes are in a parameter
 * struct, a constant in generated code.  Kernels keep no state, allocate
 * nothing and never fail; `scratch` is memory that the compiler reserved.
 * The output may not overlap any other argument unless the header says so. */
#ifndef RESC_RT_H
#define RESC_RT_H

#include "resc_act.h"
#include "resc_batch_norm.h"
#include "resc_binary.h"
#include "resc_cast.h"
#include "resc_clip.h"
#include "resc_conv2d.h"
#include "resc_copy.h"
#include "resc_gather.h"
#include "resc_gemm.h"
#include "resc_lrn.h"
#include "resc_matmul.h"
#include "resc_pad.h"
#include "resc_pool2d.h"
#include "resc_reduce.h"
#include "resc_reorder.h"
#include "resc_softmax.h"
#include "resc_unary.h"

#endif
