// SPDX-License-Identifier: Apache-2.0
/* Each operator's kernels against its definition; RESC_SEED=N tries other
 * random shapes and data. */
#include "subjects.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>

static uint64_t the_seed(void)
{
    const char *text = getenv("RESC_SEED");

    return text ? strtoull(text, NULL, 10) : 1;
}

static void check(const struct subject *s)
{
    cr_assert(check_subject(s, the_seed()) == 0, "%s, seed %" PRIu64, s->op->name, the_seed());
}

Test(kernels, sgemm)
{
    cr_assert(check_sgemm(the_seed()) == 0, "seed %" PRIu64, the_seed());
}

Test(kernels, conv) { check(&subject_conv); }
Test(kernels, max_pool) { check(&subject_max_pool); }
Test(kernels, average_pool) { check(&subject_average_pool); }
Test(kernels, global_max_pool) { check(&subject_global_max_pool); }
Test(kernels, global_average_pool) { check(&subject_global_average_pool); }
Test(kernels, gemm) { check(&subject_gemm); }
Test(kernels, mat_mul) { check(&subject_mat_mul); }
Test(kernels, scale_shift) { check(&subject_scale_shift); }
