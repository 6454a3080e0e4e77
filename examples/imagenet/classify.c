// SPDX-License-Identifier: Apache-2.0
//
// Names what is on pictures, with any ImageNet network that resc compiled:
//
//     classify [-c CLASSES.tsv] PICTURE...
//
// The network is compiled with `--name net`, so that its header is net.h and its
// function net_run().  NET_IN and NET_OUT are the header's lengths of the one
// input and the one output, whose names differ from network to network; the
// Makefile finds them.

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "picture.h"

#define SHOWN 5
#define NAME_MAX_LEN 128

_Static_assert(NET_IN == PICTURE_LEN, "the network must take one 3x224x224 picture");
_Static_assert(NET_OUT >= SHOWN, "the network must know five classes or more");

// Static, so that the program shows that the network needs no heap.
static _Alignas(NET_WORKSPACE_ALIGN) unsigned char workspace[NET_WORKSPACE_SIZE];
static float planes[NET_IN];
static float scores[NET_OUT];
static char names[NET_OUT][NAME_MAX_LEN];

// A line is NAME or, with tabs, ID ... NAME; a line whose ID is "id" is a heading.
static bool read_names(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "classify: %s: %s\n", path, strerror(errno));
        return false;
    }
    char line[1024];
    long next = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        const char *tab = strrchr(line, '\t');
        if (tab && strncmp(line, "id\t", 3) == 0)
            continue;
        const long id = tab ? strtol(line, NULL, 10) : next++;
        if (id >= 0 && id < NET_OUT)
            snprintf(names[id], NAME_MAX_LEN, "%.*s", NAME_MAX_LEN - 1, tab ? tab + 1 : line);
    }
    const bool ok = !ferror(file);
    fclose(file);
    if (!ok)
        fprintf(stderr, "classify: %s: cannot be read\n", path);
    return ok;
}

// Most networks end in logits; scores that are probabilities already stay.
static void make_probabilities(float *p)
{
    float top = p[0];
    float least = p[0];
    float sum = 0.0f;
    for (int c = 0; c < NET_OUT; c++) {
        top = fmaxf(top, p[c]);
        least = fminf(least, p[c]);
        sum += p[c];
    }
    if (least >= 0.0f && fabsf(sum - 1.0f) < 1e-3f)
        return;
    sum = 0.0f;
    for (int c = 0; c < NET_OUT; c++) {
        p[c] = expf(p[c] - top);
        sum += p[c];
    }
    for (int c = 0; c < NET_OUT; c++)
        p[c] /= sum;
}

static void print_best(const float *p)
{
    static bool taken[NET_OUT];
    memset(taken, 0, sizeof taken);
    for (int k = 0; k < SHOWN; k++) {
        int best = -1;
        for (int c = 0; c < NET_OUT; c++) {
            if (!taken[c] && (best < 0 || p[c] > p[best]))
                best = c;
        }
        taken[best] = true;
        printf("  %5.1f %%  %4d%s%s\n", 100.0 * (double)p[best], best, names[best][0] ? "  " : "",
               names[best]);
    }
}

static bool classify(const char *path)
{
    static unsigned char pixels[PICTURE_LEN];
    const char *why;
    if (!picture_read(path, pixels, &why)) {
        fprintf(stderr, "classify: %s: %s\n", path, why);
        return false;
    }
    picture_normalise(pixels, planes);
    if (net_run(planes, scores, workspace) != 0) {
        fprintf(stderr, "classify: %s: net_run failed\n", path);
        return false;
    }
    make_probabilities(scores);
    printf("%s\n", path);
    print_best(scores);
    return true;
}

int main(int argc, char **argv)
{
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "-c") == 0) {
        if (!read_names(argv[2]))
            return 1;
        first = 3;
    }
    if (argc <= first) {
        fprintf(stderr, "usage: classify [-c CLASSES.tsv] PICTURE...\n");
        return 2;
    }
    bool ok = true;
    for (int i = first; i < argc; i++)
        ok = classify(argv[i]) && ok;
    return ok ? 0 : 1;
}
