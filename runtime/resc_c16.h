// SPDX-License-Identifier: Apache-2.0
/* resc_c16.h - the layout of the native kernels: channels in blocks of 16.
 *
 * A tensor [n, c, h, w] is stored as [n, blocks, top + h + bottom,
 * left + w + right, 16], where blocks = (c + 15) / 16.  Channel k of a pixel
 * is lane k % 16 of block k / 16.  Around each plane lies a halo, which holds
 * zeros: who writes the tensor writes its halo, so that no kernel that reads
 * needs branches at the edges.  Lanes of the last block beyond c hold finite
 * numbers that nothing depends on: weights for them are 0. */
#ifndef RESC_C16_H
#define RESC_C16_H

#include "resc_act.h"

enum { RESC_LANES = 16 };

/* Around each plane: top, left, bottom, right, in pixels. */
struct resc_halo {
    int top, left, bottom, right;
};

RESC_INLINE ptrdiff_t resc_c16_blocks(ptrdiff_t channels)
{
    return (channels + RESC_LANES - 1) / RESC_LANES;
}

/* Floats from a pixel to the one below it. */
RESC_INLINE ptrdiff_t resc_c16_row(struct resc_halo halo, ptrdiff_t w)
{
    return (halo.left + w + halo.right) * RESC_LANES;
}

/* Floats from a block of channels to the next one. */
RESC_INLINE ptrdiff_t resc_c16_block(struct resc_halo halo, ptrdiff_t h, ptrdiff_t w)
{
    return (halo.top + h + halo.bottom) * resc_c16_row(halo, w);
}

/* Floats from the start of a block to the pixel (0, 0) inside of the halo. */
RESC_INLINE ptrdiff_t resc_c16_first(struct resc_halo halo, ptrdiff_t w)
{
    return halo.top * resc_c16_row(halo, w) + halo.left * RESC_LANES;
}

/* Clears the halo of one block of channels beside its rows [from, to), above the
 * first one and below the last one. */
RESC_INLINE void resc_c16_clear_rows(struct resc_halo halo, ptrdiff_t h, ptrdiff_t w,
                                     ptrdiff_t from, ptrdiff_t to, float *block)
{
    const ptrdiff_t row = resc_c16_row(halo, w);
    const ptrdiff_t left = halo.left * RESC_LANES, inner = w * RESC_LANES;
    float *y = block + (halo.top + from) * row;

    if (from == 0)
        for (ptrdiff_t i = 0; i < halo.top * row; i++)
            block[i] = 0.0f;
    if (left + inner < row || left > 0)
        for (ptrdiff_t v = from; v < to; v++, y += row) {
            for (ptrdiff_t i = 0; i < left; i++)
                y[i] = 0.0f;
            for (ptrdiff_t i = left + inner; i < row; i++)
                y[i] = 0.0f;
        }
    y = block + (halo.top + h) * row;
    if (to == h)
        for (ptrdiff_t i = 0; i < halo.bottom * row; i++)
            y[i] = 0.0f;
}

/* Clears the halo of one block of channels. */
RESC_INLINE void resc_c16_clear_halo(struct resc_halo halo, ptrdiff_t h, ptrdiff_t w, float *block)
{
    resc_c16_clear_rows(halo, h, w, 0, h, block);
}

/* What an element-wise kernel takes besides a tensor of its output's shape. */
enum resc_c16_kind {
    RESC_C16_WHOLE,   /* the output's shape */
    RESC_C16_CHANNEL, /* 16 values a block */
    RESC_C16_SCALAR   /* one value for all */
};

/* All in floats: of WHOLE and CHANNEL from the start to the first value, from image
 * to image, block to block, row to row. */
struct resc_c16_operand {
    enum resc_c16_kind kind;
    ptrdiff_t first, image, block, row;
};

/* y = f(a) or f(a, b), element by element in blocks of 16 channels. */
struct resc_c16_map {
    int n, c, h, w;
    struct resc_c16_operand a, b;
    struct resc_halo y_halo;
};

#endif
