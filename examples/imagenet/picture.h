// SPDX-License-Identifier: Apache-2.0
//
// From a JPEG or PNG file to the input of an ImageNet network, step by step as
// torchvision does it on PIL pictures:
//
//     Resize(256)         the shorter side becomes 256; triangle filter, widened when shrinking
//     CenterCrop(224)
//     ToTensor, Normalize per channel (x / 255 - mean) / deviation, planes of R, G, B

#ifndef EXAMPLES_IMAGENET_PICTURE_H
#define EXAMPLES_IMAGENET_PICTURE_H

#include <stdbool.h>

#define PICTURE_SIDE 224
#define PICTURE_LEN (3 * PICTURE_SIDE * PICTURE_SIDE)

// A picture's size after Resize, and the corner where CenterCrop begins.
struct picture_layout {
    int h, w, top, left;
};
struct picture_layout picture_layout(int h, int w);

// pixels [224][224][3]: resized and cropped.  On failure false, and *why is a
// constant text.
bool picture_read(const char *path, unsigned char *pixels, const char **why);

// pixels [224][224][3] -> planes [3][224][224], normalised.
void picture_normalise(const unsigned char *pixels, float *planes);

#endif
