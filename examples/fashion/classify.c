// SPDX-License-Identifier: Apache-2.0
//
// Names what is on 28x28 pictures, with the network that resc compiled to fashion.c.
//
//     classify images/*.png
//
// A file called NN-LABEL.png is checked against its label.

#define _POSIX_C_SOURCE 200809L // clock_gettime

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fashion.h"

// stb is one header for everyone and does not aim at our warning level.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#endif
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#define SIDE 28
#define CLASSES FASHION_LOGITS_LEN
#define SHOWN 3
#define RUNS 50

_Static_assert(FASHION_IMAGE_LEN == SIDE * SIDE, "the network must take 28x28 pictures");
_Static_assert(CLASSES == 10, "the network must know ten classes");

static const char *const labels[CLASSES] = {
    "t-shirt", "trouser", "pullover", "dress", "coat",
    "sandal",  "shirt",   "sneaker",  "bag",   "ankle-boot",
};

// Static, so that the program shows that the network needs no heap.
static _Alignas(FASHION_WORKSPACE_ALIGN) unsigned char workspace[FASHION_WORKSPACE_SIZE];

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// Class given by a file name like 00-ankle-boot.png, or -1.
static int true_class(const char *name)
{
    const char *label = strchr(name, '-');
    const char *end = strrchr(name, '.');
    if (!label || !end || end < label)
        return -1;
    label++;
    size_t len = (size_t)(end - label);
    for (int c = 0; c < CLASSES; c++) {
        if (strlen(labels[c]) == len && strncmp(labels[c], label, len) == 0)
            return c;
    }
    return -1;
}

static bool read_picture(const char *path, float *image)
{
    int width, height, channels;
    unsigned char *pixels = stbi_load(path, &width, &height, &channels, 1);
    if (!pixels) {
        fprintf(stderr, "classify: %s: %s\n", path, stbi_failure_reason());
        return false;
    }
    bool fits = width == SIDE && height == SIDE;
    if (fits) {
        for (int i = 0; i < SIDE * SIDE; i++)
            image[i] = (float)pixels[i] / 255.0f;
    } else {
        fprintf(stderr, "classify: %s: is %dx%d, must be %dx%d\n", path, width, height, SIDE, SIDE);
    }
    stbi_image_free(pixels);
    return fits;
}

static void softmax(const float *logits, float *probs)
{
    float top = logits[0];
    for (int c = 1; c < CLASSES; c++)
        top = fmaxf(top, logits[c]);
    float sum = 0.0f;
    for (int c = 0; c < CLASSES; c++) {
        probs[c] = expf(logits[c] - top);
        sum += probs[c];
    }
    for (int c = 0; c < CLASSES; c++)
        probs[c] /= sum;
}

// The SHOWN likeliest classes, likeliest first.
static void best_classes(const float *probs, int *best)
{
    bool taken[CLASSES] = {false};
    for (int k = 0; k < SHOWN; k++) {
        best[k] = -1;
        for (int c = 0; c < CLASSES; c++) {
            if (!taken[c] && (best[k] < 0 || probs[c] > probs[best[k]]))
                best[k] = c;
        }
        taken[best[k]] = true;
    }
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: classify PICTURE.png...\n");
        return 1;
    }
    size_t runs = (size_t)(argc - 1) * RUNS;
    double *times = malloc(runs * sizeof *times);
    if (!times) {
        fprintf(stderr, "classify: out of memory\n");
        return 1;
    }

    int labelled = 0;
    int right = 0;
    size_t n = 0;
    for (int i = 1; i < argc; i++) {
        float image[FASHION_IMAGE_LEN];
        float logits[FASHION_LOGITS_LEN];
        if (!read_picture(argv[i], image)) {
            free(times);
            return 1;
        }
        for (int r = 0; r < RUNS; r++) {
            double start = now_ms();
            int failed = fashion_run(image, logits, workspace);
            times[n++] = now_ms() - start;
            if (failed) {
                fprintf(stderr, "classify: %s: fashion_run failed\n", argv[i]);
                free(times);
                return 1;
            }
        }

        float probs[CLASSES];
        int best[SHOWN];
        softmax(logits, probs);
        best_classes(probs, best);

        const char *name = base_name(argv[i]);
        int truth = true_class(name);
        printf("%-18s %-10s ", name, truth < 0 ? "?" : labels[truth]);
        for (int k = 0; k < SHOWN; k++)
            printf("  %-10s %5.1f %%", labels[best[k]], 100.0 * (double)probs[best[k]]);
        if (truth >= 0) {
            labelled++;
            right += best[0] == truth;
            printf("  %s", best[0] == truth ? "ok" : "WRONG");
        }
        printf("\n");
    }

    qsort(times, runs, sizeof *times, by_size);
    printf("\n");
    if (labelled > 0)
        printf("%d of %d right\n", right, labelled);
    printf("time per picture: %.3f ms (median of %zu runs)\n", times[runs / 2], runs);
    printf("weights: %d bytes\nworkspace: %d bytes\n", FASHION_WEIGHTS_SIZE,
           FASHION_WORKSPACE_SIZE);
    free(times);
    return 0;
}
