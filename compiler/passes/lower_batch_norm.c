// SPDX-License-Identifier: Apache-2.0
/* lower_batch_norm - turn a bare BatchNormalization into scale and shift.
 *
 *     %6 = BatchNormalization(%0, %scale, %B, %mean, %var)  =>  %6 = ScaleShift(%0, %s, %t)
 *
 * With s = scale / sqrt(var + epsilon) and t = B - mean * s, in double and
 * rounded once: one multiply-add an element remains, and activations can be
 * fused into it.
 *
 * Only if scale, B, mean and var are constant and s and t finite.
 * Contract: after fold_batch_norm, which needs the BatchNormalization. */
#include "ir/rewrite.h"
#include "ops/batch_norm.h"
#include "ops/op.h"
#include "passes/affine.h"
#include "passes/pass.h"

static bool lower(struct graph *g, struct node *bn)
{
    struct affine f;

    if (bn->in[BN_X]->type != DT_F32 || !affine_of_batch_norm(g, bn, &f))
        return false;
    struct value *scale = affine_constant(g, bn->in[BN_SCALE]->name, shape_of(f.n), f.scale);
    struct value *shift = affine_constant(g, bn->in[BN_B]->name, shape_of(f.n), f.shift);

    if (!scale || !shift)
        return false;
    struct value *none = NULL;
    struct node *n = graph_insert(g, bn, &op_scale_shift, bn->name, 3,
                                  (struct value *[]){ bn->in[BN_X], scale, shift }, 1, &none);

    n->origin = bn->origin;
    node_take_output(n, bn->out[0]);
    graph_remove(g, bn);
    rewrite_log(g, bn, REWRITE_ROUNDED, "its four constants are a factor and an addend");
    return true;
}

bool pass_lower_batch_norm(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(bn, g)
        if (bn->op == &op_batch_norm && lower(g, bn))
            changed = true;
    return changed;
}
