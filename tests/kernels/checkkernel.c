// SPDX-License-Identifier: Apache-2.0
/* checkkernel - checks or times the kernels for one instruction set, that of
 * the environment variable RESC_ISA or else the best that there is:
 *
 *     checkkernel [--seed=N] [--shapes=N] [--no-frames] [--digests] [GLOB]
 *     checkkernel --bench [GLOB]
 *
 * for those whose names match GLOB.  Not a Criterion test, so that it runs
 * where Criterion does not: without an operating system's libraries, in an
 * emulator, under valgrind.  Exit status 77: this processor cannot do it. */
#include "kernel_check.h"

#include "cli/peak.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIPPED = 77 };

static int usage(void)
{
    fprintf(stderr, "usage: checkkernel [--seed=N] [--shapes=N] [--no-frames] [--digests] [GLOB]\n"
                    "       checkkernel --bench [GLOB]\n");
    return 2;
}

static int bench(const char *glob)
{
    const double peak = peak_gflops();

    printf("%s: %.1f GFLOP/s at most\n", peak_isa(), peak);
    for (int i = 0; i < n_subjects; i++)
        bench_subject(subjects[i], glob, peak);
    return 0;
}

static int check(struct check *c)
{
    printf("instruction set %s, seed %" PRIu64 "\n", peak_isa(), c->seed);
    check_sgemm(c);
    for (int i = 0; i < n_subjects; i++)
        check_subject(subjects[i], c);
    printf("%d passed, %d failed\n", c->passed, c->failed);
    return c->failed != 0;
}

int main(int argc, char **argv)
{
    struct check c = { .seed = 1, .least = 2000, .glob = "*" };
    const char *wish = getenv("RESC_ISA");

    if (wish && strcmp(wish, peak_isa()) != 0) {
        printf("skipped: this processor, or this build, has no %s\n0 passed, 0 failed, 1 skipped\n",
               wish);
        return SKIPPED;
    }
    if (argc > 1 && strcmp(argv[1], "--bench") == 0)
        return argc > 3 ? usage() : bench(argc > 2 ? argv[2] : "*");
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--seed=", 7) == 0)
            c.seed = strtoull(argv[i] + 7, NULL, 10);
        else if (strncmp(argv[i], "--shapes=", 9) == 0)
            c.least = (int)strtol(argv[i] + 9, NULL, 10);
        else if (strcmp(argv[i], "--no-frames") == 0)
            buffers_have_frames = false;
        else if (strcmp(argv[i], "--digests") == 0)
            c.digests = true;
        else if (argv[i][0] == '-' || i < argc - 1)
            return usage();
        else
            c.glob = argv[i];
    }
    return check(&c);
}
