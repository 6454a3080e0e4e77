// SPDX-License-Identifier: Apache-2.0
/* fold_constants - compute what depends on constants only.
 *
 *     const %1  f32[4]             =>    const %3  f32[4]
 *     const %2  f32[4]
 *     %3 = Add(%1, %2)
 *
 * infer_shapes() has done so once; this pass is for what other passes made
 * constant.  Not if the result is so large that fold_node() refuses. */
#include "ir/rewrite.h"
#include "ops/op.h"
#include "passes/pass.h"

bool pass_fold_constants(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(n, g)
        if (fold_node(g, n)) {
            rewrite_log(g, n, REWRITE_ROUNDED, "all it reads is constant: computed now");
            changed = true;
        }
    return changed;
}
