// SPDX-License-Identifier: Apache-2.0
#include "subjects.h"

const struct subject *const subjects[] = {
    &subject_conv, &subject_max_pool, &subject_average_pool, &subject_global_max_pool,
    &subject_global_average_pool, &subject_gemm, &subject_mat_mul, &subject_scale_shift,
    &subject_unary, &subject_binary, &subject_reorder,
};
const int n_subjects = (int)(sizeof(subjects) / sizeof(*subjects));
