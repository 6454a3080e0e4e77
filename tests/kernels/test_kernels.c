// SPDX-License-Identifier: Apache-2.0
/* Each operator's kernels against its definition; RESC_SEED=N tries other
 * random shapes and data. */
#include "subjects.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

static void check(const struct subject *s)
{
    const char *text = getenv("RESC_SEED");
    const uint64_t seed = text ? strtoull(text, NULL, 10) : 1;

    cr_assert(check_subject(s, seed) == 0, "%s, seed %" PRIu64, s->op->name, seed);
}

Test(kernels, conv) { check(&subject_conv); }
Test(kernels, max_pool) { check(&subject_max_pool); }
Test(kernels, average_pool) { check(&subject_average_pool); }
Test(kernels, global_max_pool) { check(&subject_global_max_pool); }
Test(kernels, global_average_pool) { check(&subject_global_average_pool); }
Test(kernels, gemm) { check(&subject_gemm); }
Test(kernels, mat_mul) { check(&subject_mat_mul); }
Test(kernels, scale_shift) { check(&subject_scale_shift); }
