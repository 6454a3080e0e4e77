// SPDX-License-Identifier: Apache-2.0
/* subjects.h - the operators that checkkernel knows. */
#ifndef RESC_TESTS_SUBJECTS_H
#define RESC_TESTS_SUBJECTS_H

#include "kernel_check.h"

extern const struct subject subject_average_pool, subject_binary, subject_conv, subject_gemm,
    subject_global_average_pool, subject_global_max_pool, subject_mat_mul, subject_max_pool,
    subject_reorder, subject_scale_shift, subject_unary;

#endif
