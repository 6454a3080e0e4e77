// SPDX-License-Identifier: Apache-2.0
#include "picture.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

#define SHORT_SIDE 256
#define WEIGHT_BITS 22 // weights are fixed-point, as in PIL: the same bits everywhere
#define MAX_SIDE 16384

// Along one axis, output pixel i is the weighted sum of `len` input pixels from `from` on.
struct taps {
    int from, len;
    const int32_t *weight;
};

// Taps of the outputs first .. first + n - 1 of an axis that goes from `in` to
// `out` pixels: a triangle around the output's centre, as wide as one pixel of
// the coarser side on each flank.  One block of memory, for free(); NULL if there is none.
static struct taps *new_taps(int in, int out, int first, int n)
{
    const double scale = (double)in / out;
    const double reach = scale > 1.0 ? scale : 1.0; // half the width of the triangle
    const int max_len = 2 * (int)ceil(reach) + 1;
    const size_t count = (size_t)n * (size_t)max_len;
    struct taps *taps = malloc((size_t)n * sizeof *taps + count * sizeof(int32_t));
    if (!taps)
        return NULL;
    int32_t *weight = (int32_t *)(taps + n);

    for (int i = 0; i < n; i++, weight += max_len) {
        const double centre = (first + i + 0.5) * scale;
        const int from = (int)fmax(centre - reach + 0.5, 0.0);
        const int end = (int)fmin(centre + reach + 0.5, in);
        double sum = 0.0;
        for (int x = from; x < end; x++)
            sum += fmax(1.0 - fabs(x + 0.5 - centre) / reach, 0.0);
        for (int x = from; x < end; x++) {
            const double w = fmax(1.0 - fabs(x + 0.5 - centre) / reach, 0.0) / sum;
            weight[x - from] = (int32_t)(w * (1 << WEIGHT_BITS) + 0.5);
        }
        taps[i] = (struct taps){.from = from, .len = end - from, .weight = weight};
    }
    return taps;
}

// One output value; `step` is the distance of neighbours along the axis.
static unsigned char filtered(const struct taps *t, const unsigned char *in, ptrdiff_t step)
{
    const unsigned char *p = in + t->from * step;
    int64_t sum = 1 << (WEIGHT_BITS - 1);
    for (int k = 0; k < t->len; k++)
        sum += t->weight[k] * (int64_t)p[k * step];
    sum >>= WEIGHT_BITS;
    return (unsigned char)(sum > 255 ? 255 : sum);
}

// in [h][w][3] -> out [224][224][3], by `across` and then, on rounded values, by `down`.
static bool apply(const unsigned char *in, int h, int w, const struct taps *across,
                  const struct taps *down, unsigned char *out)
{
    const ptrdiff_t row = 3 * PICTURE_SIDE;
    unsigned char *narrow = malloc((size_t)h * (size_t)row);
    if (!narrow)
        return false;
    const int last = PICTURE_SIDE - 1;
    for (int y = down[0].from; y < down[last].from + down[last].len; y++)
        for (int x = 0; x < PICTURE_SIDE; x++)
            for (int c = 0; c < 3; c++)
                narrow[y * row + 3 * x + c] =
                    filtered(&across[x], in + (ptrdiff_t)y * w * 3 + c, 3);
    for (int y = 0; y < PICTURE_SIDE; y++)
        for (ptrdiff_t x = 0; x < row; x++)
            out[y * row + x] = filtered(&down[y], narrow + x, row);
    free(narrow);
    return true;
}

// An odd rest is shared out so that a half goes to the even neighbour, as
// Python's round() does.
static int crop_begin(int size)
{
    const int rest = size - PICTURE_SIDE;
    return rest / 2 + (rest % 2 != 0 && rest / 2 % 2 != 0);
}

struct picture_layout picture_layout(int h, int w)
{
    struct picture_layout l = {.h = SHORT_SIDE, .w = SHORT_SIDE};
    if (h < w)
        l.w = (int)((int64_t)SHORT_SIDE * w / h);
    else
        l.h = (int)((int64_t)SHORT_SIDE * h / w);
    l.top = crop_begin(l.h);
    l.left = crop_begin(l.w);
    return l;
}

static bool resize_and_crop(const unsigned char *in, int h, int w, unsigned char *out)
{
    const struct picture_layout l = picture_layout(h, w);
    struct taps *across = new_taps(w, l.w, l.left, PICTURE_SIDE);
    struct taps *down = new_taps(h, l.h, l.top, PICTURE_SIDE);
    const bool ok = across && down && apply(in, h, w, across, down, out);
    free(across);
    free(down);
    return ok;
}

bool picture_read(const char *path, unsigned char *pixels, const char **why)
{
    int w, h, channels;
    if (!stbi_info(path, &w, &h, &channels)) {
        *why = stbi_failure_reason();
        return false;
    }
    if (w > MAX_SIDE || h > MAX_SIDE) {
        *why = "wider or higher than 16384 pixels";
        return false;
    }
    unsigned char *in = stbi_load(path, &w, &h, &channels, 3);
    if (!in) {
        *why = stbi_failure_reason();
        return false;
    }
    *why = "out of memory";
    const bool ok = resize_and_crop(in, h, w, pixels);
    stbi_image_free(in);
    return ok;
}

void picture_normalise(const unsigned char *pixels, float *planes)
{
    static const float mean[3] = {0.485f, 0.456f, 0.406f};
    static const float deviation[3] = {0.229f, 0.224f, 0.225f};
    const int plane = PICTURE_SIDE * PICTURE_SIDE;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < plane; i++)
            planes[c * plane + i] = ((float)pixels[3 * i + c] / 255.0f - mean[c]) / deviation[c];
}
