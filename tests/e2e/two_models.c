// SPDX-License-Identifier: Apache-2.0
/* two_models - two models in one program, each run by two threads, all at once:
 *
 *     two_models WANTED-LEFT WANTED-RIGHT
 *
 * Both read x = (i % 17 - 8) / 8; the files hold what they should give.
 * Plain, for what Criterion does not survive: it is built by
 * test_e2e_threads.c, with and without ThreadSanitizer. */
#include "left.h"
#include "right.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 40, THREADS = 4, LEN_MAX = 4096 };

struct network {
    int (*run)(const float *x, float *y, void *workspace);
    size_t n_in, n_out, workspace_size;
};

static const struct network networks[2] = {
    { left_run, LEFT_X_LEN, LEFT_Y_LEN, LEFT_WORKSPACE_SIZE },
    { right_run, RIGHT_X_LEN, RIGHT_Y_LEN, RIGHT_WORKSPACE_SIZE },
};
static float input[LEN_MAX], wanted[2][LEN_MAX];

struct job {
    int which, wrong;
    pthread_t thread;
};

static void *work(void *arg)
{
    struct job *j = arg;
    const struct network *n = &networks[j->which];
    char *const memory = malloc(n->workspace_size + 64);
    char *const workspace = memory + (64 - (uintptr_t)memory % 64) % 64;
    float y[LEN_MAX];

    for (int r = 0; memory && r < RUNS; r++) {
        memset(y, -1, sizeof y);
        if (n->run(input, y, workspace) != 0)
            j->wrong++;
        for (size_t i = 0; i < n->n_out; i++) {
            const float w = wanted[j->which][i];

            if (!(fabsf(y[i] - w) <= 1e-5f + 1e-4f * fabsf(w)))
                j->wrong++;
        }
    }
    free(memory);
    return NULL;
}

int main(int argc, char **argv)
{
    struct job jobs[THREADS];
    int wrong = 0;

    for (int i = 0; i < LEN_MAX; i++)
        input[i] = (float)(i % 17 - 8) / 8.0f;
    for (int k = 0; k < 2; k++) {
        FILE *f = argc == 3 ? fopen(argv[1 + k], "rb") : NULL;

        if (!f || fread(wanted[k], sizeof(float), LEN_MAX, f) != networks[k].n_out)
            return 2;
        fclose(f);
    }
    for (int t = 0; t < THREADS; t++) {
        jobs[t].which = t % 2;
        jobs[t].wrong = 0;
        if (pthread_create(&jobs[t].thread, NULL, work, &jobs[t]) != 0)
            return 2;
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(jobs[t].thread, NULL);
        wrong += jobs[t].wrong;
    }
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
