// SPDX-License-Identifier: Apache-2.0
/* The pictures of examples/imagenet come out as torchvision makes them. */
#include "picture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Resize(256) cuts the longer side down, CenterCrop rounds halves to even. */
Test(picture, layout)
{
    static const struct {
        int h, w;
        struct picture_layout want;
    } rows[] = {
        { 224, 224, { 256, 256, 16, 16 } }, { 768, 1024, { 256, 341, 16, 58 } },
        { 727, 738, { 256, 259, 16, 18 } }, { 263, 376, { 256, 365, 16, 70 } },
        { 334, 500, { 256, 383, 16, 80 } }, { 656, 565, { 297, 256, 36, 16 } },
        { 16384, 1, { 4194304, 256, 2097040, 16 } },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        const struct picture_layout got = picture_layout(rows[i].h, rows[i].w);
        const struct picture_layout want = rows[i].want;

        cr_expect(got.h == want.h && got.w == want.w && got.top == want.top &&
                  got.left == want.left, "%dx%d: %dx%d from %d,%d", rows[i].h, rows[i].w, got.h,
                  got.w, got.top, got.left);
    }
}

Test(picture, normalise)
{
    static unsigned char pixels[PICTURE_LEN];
    static float planes[PICTURE_LEN];
    const int plane = PICTURE_SIDE * PICTURE_SIDE;

    memcpy(pixels + 3 * 7, (const unsigned char[]){ 255, 0, 51 }, 3);
    picture_normalise(pixels, planes);
    cr_expect_float_eq(planes[7], (1.0 - 0.485) / 0.229, 1e-6);
    cr_expect_float_eq(planes[plane + 7], -0.456 / 0.224, 1e-6);
    cr_expect_float_eq(planes[2 * plane + 7], (0.2 - 0.406) / 0.225, 1e-6);
}

Test(picture, refuses_what_is_no_picture)
{
    static unsigned char pixels[PICTURE_LEN];
    const char *why = NULL;

    cr_expect(!picture_read(__FILE__, pixels, &why));
    cr_expect_not_null(why);
    cr_expect(!picture_read("no/such/file.png", pixels, &why));
}

/* Photographs with what PIL makes of them.  The references round the longer
 * side and cut halves of a pixel off, so only those compare where torchvision's
 * rules give the same layout. */
static const struct {
    const char *name;
    int levels; /* largest difference: PNG exact; JPEG decoders may differ a little */
} photographs[] = {
    { "glow_cat_285.png", 0 },      { "glow_dog_207.png", 0 },   { "glow_zebra_340.png", 0 },
    { "burn_cat.jpg", 2 },          { "burn_coyote.jpg", 2 },    { "burn_flamingo.jpg", 2 },
    { "burn_torch.jpg", 2 },        { "ortex_horse-cart.jpg", 2 }, { "ortex_kimono.jpg", 2 },
    { "tract_elephants.jpg", 2 },   { "tract_grace_hopper.jpg", 2 },
    { "tinygrad_car.jpg", 3 }, /* its small pixels are all colour edges */
};

static bool read_reference(const char *folder, const char *name, unsigned char *pixels)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%.*s_224.ppm", folder, (int)strcspn(name, "."), name);
    FILE *f = fopen(path, "rb");
    const bool ok = f && fscanf(f, "P6 224 224 255") == 0 && fgetc(f) == '\n' &&
                    fread(pixels, 1, PICTURE_LEN, f) == PICTURE_LEN;

    if (f)
        fclose(f);
    return ok;
}

Test(picture, photographs)
{
    static unsigned char got[PICTURE_LEN], want[PICTURE_LEN];
    const char *shared = getenv("RESC_SHARED");
    char folder[512], path[1024];

    snprintf(folder, sizeof(folder), "%s/images/free17", shared ? shared : SHARED_FALLBACK);
    if (!read_reference(folder, photographs[0].name, want)) {
        fprintf(stderr, "skipped: no photographs in %s\n", folder);
        return;
    }
    for (size_t i = 0; i < sizeof(photographs) / sizeof(*photographs); i++) {
        const char *name = photographs[i].name, *why = "";
        int largest = 0, above_one = 0;

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        cr_assert(picture_read(path, got, &why), "%s: %s", path, why);
        cr_assert(read_reference(folder, name, want), "%s: no reference", path);
        for (int k = 0; k < PICTURE_LEN; k++) {
            const int off = abs(got[k] - want[k]);

            largest = off > largest ? off : largest;
            above_one += off > 1;
        }
        cr_expect(largest <= photographs[i].levels, "%s: off by %d levels", name, largest);
        cr_expect(above_one * 100 <= PICTURE_LEN, "%s: %d values off by more than one", name,
                  above_one);
    }
}
