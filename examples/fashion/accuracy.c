// SPDX-License-Identifier: Apache-2.0
//
// Counts the right answers of the compiled network on the whole test set.
//
//     accuracy t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <zlib.h>

#include "fashion.h"

static _Alignas(FASHION_WORKSPACE_ALIGN) unsigned char workspace[FASHION_WORKSPACE_SIZE];

static bool read_be32(gzFile file, uint32_t *value)
{
    unsigned char b[4];
    if (gzread(file, b, sizeof b) != (int)sizeof b)
        return false;
    *value = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
    return true;
}

// The magic number says "bytes" and how many axes: 0x801 one, 0x803 three.
static bool read_header(gzFile file, uint32_t magic, uint32_t *count)
{
    uint32_t found, height, width;
    if (!read_be32(file, &found) || found != magic || !read_be32(file, count))
        return false;
    if (magic == 0x801)
        return true;
    return read_be32(file, &height) && read_be32(file, &width) && height == 28 && width == 28;
}

// Right answers, or -1 after a message.
static long count_right(gzFile images, gzFile labels, uint32_t *count)
{
    uint32_t label_count;
    if (!read_header(images, 0x803, count) || !read_header(labels, 0x801, &label_count) ||
        *count != label_count) {
        fprintf(stderr, "accuracy: not a pair of IDX files of 28x28 pictures and labels\n");
        return -1;
    }
    long right = 0;
    for (uint32_t i = 0; i < *count; i++) {
        unsigned char pixels[FASHION_IMAGE_LEN];
        float image[FASHION_IMAGE_LEN];
        float logits[FASHION_LOGITS_LEN];
        if (gzread(images, pixels, sizeof pixels) != (int)sizeof pixels) {
            fprintf(stderr, "accuracy: the images end early\n");
            return -1;
        }
        int label = gzgetc(labels);
        if (label < 0) {
            fprintf(stderr, "accuracy: the labels end early\n");
            return -1;
        }
        for (int k = 0; k < FASHION_IMAGE_LEN; k++)
            image[k] = (float)pixels[k] / 255.0f;
        if (fashion_run(image, logits, workspace) != 0) {
            fprintf(stderr, "accuracy: fashion_run failed\n");
            return -1;
        }
        int best = 0;
        for (int c = 1; c < FASHION_LOGITS_LEN; c++) {
            if (logits[c] > logits[best])
                best = c;
        }
        right += best == label;
    }
    return right;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: accuracy IMAGES.gz LABELS.gz\n");
        return 1;
    }
    gzFile files[2] = {NULL, NULL};
    long right = 0;
    for (int i = 0; i < 2 && right == 0; i++) {
        files[i] = gzopen(argv[i + 1], "rb");
        if (!files[i]) {
            fprintf(stderr, "accuracy: cannot open %s\n", argv[i + 1]);
            right = -1;
        }
    }
    uint32_t count = 0;
    if (right == 0)
        right = count_right(files[0], files[1], &count);
    for (int i = 0; i < 2; i++) {
        if (files[i])
            gzclose(files[i]);
    }
    if (right < 0)
        return 1;
    printf("right %ld of %u\n", right, (unsigned)count);
    return 0;
}
