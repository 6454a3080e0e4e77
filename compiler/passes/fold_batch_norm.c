// SPDX-License-Identifier: Apache-2.0
/* fold_batch_norm - fold BatchNormalization into the Conv or Gemm before it.
 *
 *     %6 = Conv(%0, %w, %b)                                 =>  %7 = Conv(%0, %w', %b')
 *     %7 = BatchNormalization(%6, %scale, %B, %mean, %var)
 *
 * With s = scale / sqrt(var + epsilon):  w' = w * s,  b' = (b - mean) * s + B
 * per output channel, in double and rounded once; a missing b counts as 0.  A
 * Gemm's B and C likewise, per column, with beta worked into C.
 *
 * Only if everything but %0 is constant, all results are finite, the
 * BatchNormalization is the one reader of %6 and %6 is not a graph output, and
 * nothing was fused into the first node yet. */
#include "base/arena.h"
#include "ir/rewrite.h"
#include "ops/batch_norm.h"
#include "ops/gemm.h"
#include "ops/op.h"
#include "passes/affine.h"
#include "passes/pass.h"

#include <math.h>

/* NULL: a result is not finite. */
static float *gemm_b(struct graph *g, const struct node *gemm, const struct affine *f)
{
    const struct gemm_attr *attr = gemm->attr;
    const struct value *b = gemm->in[GEMM_B];
    const int64_t len = shape_len(&b->shape), columns = b->shape.dim[1];
    const float *old = b->data;
    float *data = arena_new_n(g->arena, float, len);

    for (int64_t i = 0; i < len; i++) {
        const int64_t c = attr->trans_b ? i / columns : i % columns;

        data[i] = (float)((double)old[i] * f->scale[c]);
        if (!isfinite(data[i]))
            return NULL;
    }
    return data;
}

static bool affine_into_gemm(struct graph *g, struct node *gemm, const struct affine *f)
{
    struct gemm_attr *attr = gemm->attr;
    const struct value *b = gemm->in[GEMM_B];
    const struct value *c = node_in(gemm, GEMM_C);

    if (gemm->act.kind != ACT_NONE || !b->data || b->type != DT_F32)
        return false;
    if (c && (!c->data || c->type != DT_F32))
        return false;
    if (!f->n || gemm->out[0]->shape.dim[1] != f->n)
        return false;
    float *new_b = gemm_b(g, gemm, f);
    struct value *new_c = new_b ? affine_bias(g, gemm, f) : NULL;

    if (!new_c)
        return false;
    node_set_input(g, gemm, GEMM_B, graph_add_constant(g, b->name, DT_F32, b->shape, new_b));
    node_set_input(g, gemm, GEMM_C, new_c);
    attr->beta = 1.0f;
    return true;
}

static bool fold(struct graph *g, struct node *bn)
{
    struct value *before = bn->in[BN_X];
    struct node *n = before->producer;
    struct affine f;

    if (!n || (n->op != &op_conv && n->op != &op_gemm) || value_only_user(before) != bn)
        return false;
    if (!affine_of_batch_norm(g, bn, &f))
        return false;
    if (n->op == &op_conv ? !affine_into_conv(g, n, &f) : !affine_into_gemm(g, n, &f))
        return false;
    node_take_output(n, bn->out[0]);
    node_absorb(g, n, bn);
    graph_remove(g, bn);
    rewrite_log(g, bn, REWRITE_ROUNDED,
                "its factor and addend of a channel are in the weights and the bias before it");
    return true;
}

bool pass_fold_batch_norm(struct graph *g)
{
    bool changed = false;

    graph_foreach_node_safe(bn, g)
        if (bn->op == &op_batch_norm && fold(g, bn))
            changed = true;
    return changed;
}
