// SPDX-License-Identifier: Apache-2.0
/* How Winograd convolutions are cut: no number of threads needs more scratch than was planned,
 * and none is left without tiles. */
#include "resc_conv2d_wino.h"

#include <criterion/criterion.h>

static void check(struct resc_wino g)
{
    const ptrdiff_t floats = resc_wino_floats(&g);
    const ptrdiff_t most = RESC_WINO_BANDS * g.band / RESC_WINO_SHARE_MIN;

    cr_assert(g.group % g.chunk == 0 && g.band > 0 && g.band <= g.tiles);
    if (!resc_wino_has_bands(&g))
        return;
    for (ptrdiff_t threads = 1; threads <= most; threads++) {
        struct resc_wino share = g;

        resc_wino_share(&share, threads);
        cr_assert_gt(share.band, 0);
        cr_assert_leq(threads * (resc_wino_v(&share) + resc_wino_mu(&share)), floats,
                      "F(%d), %td channels to %td, %td tiles, %td threads", g.m,
                      g.ic_blocks * RESC_LANES, g.oc_blocks * RESC_LANES, g.tiles, threads);
    }
}

Test(wino, threads_share_the_scratch)
{
    for (int size = 1; size <= 120; size++)
        for (int c = 1; c <= 200; c += 13)
            for (int late = 0; late < 2; late++) {
                const struct resc_conv2d p = { .n = 1 + size % 3, .ic = c, .ih = size, .iw = size,
                                               .oc = 2 * c, .oh = size, .ow = size, .groups = 1 };

                check(resc_conv2d_wino(&p, 2, late));
                check(resc_conv2d_wino(&p, 4, late));
            }
}

Test(wino, threads_share_the_scratch_of_phases)
{
    for (int size = 1; size <= 300; size++)
        for (int oc = 8; oc <= 128; oc += 40) {
            const struct resc_conv2d p = { .n = 1, .ic = 3, .ih = 2 * size, .iw = 2 * size,
                                           .oc = oc, .oh = size, .ow = size, .kh = 7, .kw = 7,
                                           .groups = 1 };

            check(resc_conv2d_phases(&p));
        }
}
