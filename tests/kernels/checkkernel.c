// SPDX-License-Identifier: Apache-2.0
/* checkkernel - checks or times the kernels, without Criterion:
 *
 *     checkkernel [--seed=N]       check, with other random shapes and data
 *     checkkernel --bench [GLOB]   time the kernels whose names match */
#include "kernel_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    uint64_t seed = 1;
    int failures = 0;

    if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
        for (int i = 0; i < n_subjects; i++)
            bench_subject(subjects[i], argc > 2 ? argv[2] : "*");
        return 0;
    }
    if (argc > 1 && strncmp(argv[1], "--seed=", 7) == 0) {
        seed = strtoull(argv[1] + 7, NULL, 10);
    } else if (argc > 1) {
        fprintf(stderr, "usage: checkkernel [--seed=N | --bench [GLOB]]\n");
        return 2;
    }
    printf("seed %" PRIu64 "\n", seed);
    failures += check_sgemm(seed);
    for (int i = 0; i < n_subjects; i++) {
        const int n = check_subject(subjects[i], seed);

        printf("%-20s %s\n", subjects[i]->op->name, n ? "FAILED" : "ok");
        failures += n;
    }
    return failures != 0;
}
