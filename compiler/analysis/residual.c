// SPDX-License-Identifier: Apache-2.0
/* residual - from each join back through the run order, until a value is met
 * that both operands depend on.  A block is short, so is that way. */
#include "analysis/residual.h"

#include "base/arena.h"
#include "ops/op.h"
#include "ops/unary.h"

#include <string.h>

/* How an operand of the join at hand depends on a value. */
struct way {
    int join;  /* the count of joins when it was found; another: it does not */
    int convs; /* most of them on a way between the two */
};

enum {
    N_OPERANDS = 2,
    FARTHEST = 1000, /* nodes back: no block is that long, and a model of many sums is soon done */
};

struct search {
    struct way *way[N_OPERANDS]; /* by value->id */
    int join;
};

static void reach(struct search *s, int operand, const struct value *v, int convs)
{
    struct way *w = &s->way[operand][v->id];

    if (v->data)
        return;
    if (w->join != s->join || w->convs < convs)
        *w = (struct way){ s->join, convs };
}

static bool reached(const struct search *s, int operand, const struct value *v)
{
    return s->way[operand][v->id].join == s->join;
}

static bool is_conv(const struct node *n) /* or another product with weights */
{
    return n->op->macs != NULL;
}

/* The addend that was fused into `n`, or NULL. */
static struct value *fused_addend(const struct node *n)
{
    return n->op->flags & OP_FUSES_ADD ? node_in(n, n->op->max_in - 1) : NULL;
}

/* in[i]: what does the way from there to the operand go through at `n` itself? */
static void reach_inputs(struct search *s, int operand, const struct node *n, int convs)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i])
            reach(s, operand, n->in[i], convs + is_conv(n));
}

/* The last value before `join` that both operands depend on. */
static struct value *parting(struct search *s, const struct graph *g, const struct node *join)
{
    int left = FARTHEST;

    for (const struct node *n = join->prev; n && left-- > 0; n = n->prev) {
        struct value *v = n->out[0];

        if (!v)
            continue;
        if (reached(s, 0, v) && reached(s, 1, v))
            return v;
        for (int operand = 0; operand < N_OPERANDS; operand++)
            for (int i = 0; i < n->n_out; i++)
                if (n->out[i] && reached(s, operand, n->out[i]))
                    reach_inputs(s, operand, n, s->way[operand][n->out[i]->id].convs);
    }
    for (int i = 0; i < g->n_inputs; i++)
        if (reached(s, 0, g->inputs[i]) && reached(s, 1, g->inputs[i]))
            return g->inputs[i];
    return NULL;
}

/* Puts the two operands of a join, of which one may be NULL, and the way to them. */
static bool start(struct search *s, struct node *join, struct value *operand[N_OPERANDS])
{
    struct value *const addend = fused_addend(join);

    s->join++;
    if (addend) {
        operand[0] = addend;
        operand[1] = NULL;
        reach(s, 0, addend, 0);
        for (int i = 0; i < join->n_in; i++)
            if (join->in[i] && i != join->op->max_in - 1)
                reach(s, 1, join->in[i], 1);
        return true;
    }
    if ((join->op != &op_add && join->op != &op_sum) || join->n_in != N_OPERANDS)
        return false;
    for (int i = 0; i < N_OPERANDS; i++) {
        operand[i] = join->in[i];
        if (operand[i]->data || !shape_equal(&operand[i]->shape, &join->out[0]->shape))
            return false;
        reach(s, i, operand[i], 0);
    }
    return true;
}

static struct value *after_activation(const struct node *join)
{
    const struct node *user = value_only_user(join->out[0]);

    return user && (user->op == &op_unary_RELU || user->op == &op_clip) ? user->out[0] :
                                                                          join->out[0];
}

static bool find(struct search *s, const struct graph *g, struct node *join,
                 struct residual_block *out)
{
    struct value *operand[N_OPERANDS];

    if (!start(s, join, operand))
        return false;
    struct value *from = parting(s, g, join);

    if (!from)
        return false;
    const int convs[] = { s->way[0][from->id].convs, s->way[1][from->id].convs };
    const int skip = convs[0] < convs[1] ? 0 : 1;

    if (convs[0] == convs[1])
        return false;
    *out = (struct residual_block){
        .join = join, .from = from, .skip = operand[skip], .branch = operand[1 - skip],
        .projection = operand[skip] != from, .to = after_activation(join),
        .n_convs = convs[1 - skip],
    };
    return true;
}

struct residual_block *residual_blocks(struct graph *g, int *n)
{
    struct search s = { .join = 0 };
    int n_nodes = 0;

    for (int i = 0; i < N_OPERANDS; i++)
        s.way[i] = arena_new_n(g->arena, struct way, g->n_values + 1);
    graph_foreach_node(node, g)
        n_nodes++;
    struct residual_block *blocks = arena_new_n(g->arena, struct residual_block, n_nodes + 1);

    *n = 0;
    graph_foreach_node(node, g)
        if (node->out[0] && find(&s, g, node, &blocks[*n]))
            ++*n;
    return blocks;
}

/* Values that branch `index` needs are marked with it. */
static void need_inputs(int *needed, const struct node *n, int index)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i])
            needed[n->in[i]->id] = index;
}

static bool gives_needed(const int *needed, const struct node *n, int index)
{
    for (int i = 0; i < n->n_out; i++)
        if (n->out[i] && needed[n->out[i]->id] == index)
            return true;
    return false;
}

/* From the join back to where the ways part, through what the branch needs. */
static void mark_branch(const struct residual_block *b, int index, int *needed, int *branch_of)
{
    if (b->branch) {
        needed[b->branch->id] = index;
    } else {
        need_inputs(needed, b->join, index);
        needed[b->skip->id] = -1;
        branch_of[b->join->id] = index;
    }
    for (const struct node *n = b->join->prev; n && n != b->from->producer; n = n->prev) {
        if (!gives_needed(needed, n, index))
            continue;
        need_inputs(needed, n, index);
        if (branch_of[n->id] < 0)
            branch_of[n->id] = index;
    }
}

int *residual_branch_of(struct graph *g, const struct residual_block *blocks, int n)
{
    int *branch_of = arena_new_n(g->arena, int, g->n_node_ids + 1);
    int *needed = arena_new_n(g->arena, int, g->n_values + 1);

    memset(branch_of, -1, (size_t)g->n_node_ids * sizeof *branch_of);
    memset(needed, -1, (size_t)g->n_values * sizeof *needed);
    for (int b = 0; b < n; b++)
        mark_branch(&blocks[b], b, needed, branch_of);
    return branch_of;
}
