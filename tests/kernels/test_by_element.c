// SPDX-License-Identifier: Apache-2.0
#include "by_element.h"

#include "ops/pad.h"
#include "ops/slice.h"
#include "ops/transpose.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { TRIALS = 2000 };

#define FOR_TRIALS(t) \
    for (uint64_t seed_ = 1; seed_ <= TRIALS; seed_++) \
        for (struct trial t = trial_new(seed_); t.arena; trial_free(&t), t.arena = NULL)

static const enum dtype movable[] = { DT_F32, DT_I64, DT_I32, DT_BOOL, DT_U8, DT_I8 };

static struct value *any_input(struct trial *t, struct shape s)
{
    return trial_input(t, movable[trial_between(t, 0, 5)], s);
}

static void set(struct attr *a, const char *name, int64_t value)
{
    *a = (struct attr){ .name = name, .type = ATTR_INT, .i = value };
}

/* The node's attributes as of a file of opset 13. */
static void parse(struct trial *t, struct node *n, struct attr *attrs, int n_attrs)
{
    struct diag *d = NULL;
    struct attr_list list = { .node = n, .diag = d, .opset = 13, .attrs = attrs, .n = n_attrs };

    (void)t;
    cr_assert(!n->op->parse || n->op->parse(n, &list));
}

static float f32(const void *x)
{
    return *(const float *)x;
}

static void binary_element(const struct node *n, int k, const int64_t *at, void *y)
{
    const int rank = n->out[0]->shape.rank;
    const void *a = element_at(n->in[0], at, rank), *b = element_at(n->in[1], at, rank);

    (void)k;
    if (n->in[0]->type == DT_I64) {
        const int64_t x = *(const int64_t *)a, z = *(const int64_t *)b;

        *(int64_t *)y = n->op == &op_sub ? x - z : n->op == &op_mul ? x * z : x < z ? x : z;
    } else if (n->in[0]->type == DT_I32) {
        const int32_t x = *(const int32_t *)a, z = *(const int32_t *)b;

        *(int32_t *)y = n->op == &op_sub ? x - z : n->op == &op_mul ? x * z : x < z ? x : z;
    } else {
        const float x = f32(a), z = f32(b);

        *(float *)y = n->op == &op_sub ? x - z : n->op == &op_mul ? x * z : x < z ? x : z;
    }
}

/* `s` with some dimensions of 1, and some of the first ones missing. */
static struct shape repeated(struct trial *t, const struct shape *s)
{
    struct shape r = { .rank = (int)trial_between(t, 0, s->rank) };

    for (int i = 0; i < r.rank; i++)
        r.dim[i] = trial_between(t, 0, 2) ? s->dim[s->rank - r.rank + i] : 1;
    return r;
}

Test(by_element, binary)
{
    const struct op *const ops[] = { &op_sub, &op_mul, &op_min };
    const enum dtype types[] = { DT_F32, DT_F32, DT_I64, DT_I32 };

    FOR_TRIALS(t) {
        const struct shape s = trial_shape(&t, 0, 8);
        const enum dtype type = types[trial_between(&t, 0, 3)];
        const int64_t how = trial_between(&t, 0, 3);
        struct value *in[2];

        for (int i = 0; i < 2; i++)
            in[i] = trial_input(&t, type, how == 3 || how == i ? s : repeated(&t, &s));
        struct node *n = trial_node(&t, ops[trial_between(&t, 0, 2)], 2, in, 1);

        cr_assert(trial_agrees(&t, n, binary_element, 0.0));
    }
}

static void transposed(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct transpose_attr *a = n->attr;
    int64_t from[MAX_RANK] = { 0 };

    (void)k;
    for (int i = 0; i < n->out[0]->shape.rank; i++)
        from[a->perm[i]] = at[i];
    memcpy(y, element_at(n->in[0], from, n->in[0]->shape.rank), dtype_size(n->in[0]->type));
}

Test(by_element, transpose)
{
    FOR_TRIALS(t) {
        struct value *x = any_input(&t, trial_shape(&t, 0, 8));
        struct node *n = trial_node(&t, &op_transpose, 1, &x, 1);
        struct transpose_attr *a = n->attr;

        a->n_perm = x->shape.rank;
        for (int i = 0; i < a->n_perm; i++) {
            const int64_t j = trial_between(&t, 0, i);

            a->perm[i] = a->perm[j];
            a->perm[j] = i;
        }
        cr_assert(trial_agrees(&t, n, transposed, 0.0));
    }
}

static void expanded(const struct node *n, int k, const int64_t *at, void *y)
{
    (void)k;
    memcpy(y, element_at(n->in[0], at, n->out[0]->shape.rank), dtype_size(n->in[0]->type));
}

Test(by_element, expand)
{
    FOR_TRIALS(t) {
        const struct shape s = trial_shape(&t, 0, 8);
        struct value *in[] = { any_input(&t, repeated(&t, &s)), trial_list(&t, s.rank, s.dim) };

        cr_assert(trial_agrees(&t, trial_node(&t, &op_expand, 2, in, 1), expanded, 0.0));
    }
}

/* Ranges within bounds: what clamping does is tested with the operator. */
static void sliced(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct slice_attr *a = n->attr;
    int64_t from[MAX_RANK];

    (void)k;
    for (int i = 0; i < n->in[0]->shape.rank; i++)
        from[i] = a->starts[i] + at[i] * a->steps[i];
    memcpy(y, element_at(n->in[0], from, n->in[0]->shape.rank), dtype_size(n->in[0]->type));
}

Test(by_element, slice)
{
    FOR_TRIALS(t) {
        const struct shape s = trial_shape(&t, 1, 8);
        int64_t starts[MAX_RANK], ends[MAX_RANK], axes[MAX_RANK], steps[MAX_RANK];

        for (int i = 0; i < s.rank; i++) {
            starts[i] = trial_between(&t, -s.dim[i] - 1, s.dim[i] + 1);
            ends[i] = trial_between(&t, -s.dim[i] - 1, s.dim[i] + 1);
            axes[i] = i;
            steps[i] = trial_between(&t, 1, 3) * (trial_between(&t, 0, 1) ? 1 : -1);
        }
        struct value *in[] = {
            any_input(&t, s), trial_list(&t, s.rank, starts), trial_list(&t, s.rank, ends),
            trial_list(&t, s.rank, axes), trial_list(&t, s.rank, steps),
        };

        cr_assert(trial_agrees(&t, trial_node(&t, &op_slice, 5, in, 1), sliced, 0.0));
    }
}

/* What a border takes along one dimension, found by walking there step by step. */
static int64_t walk(enum pad_mode mode, int64_t i, int64_t len)
{
    int64_t at = i < 0 ? 0 : len - 1, step = i < 0 ? 1 : -1;

    for (int64_t k = i < 0 ? -i : i - len + 1; k > 0; k--) {
        if (mode == PAD_EDGE || len == 1)
            return at;
        if (mode == PAD_WRAP) {
            at = (at - step + len) % len;
            continue;
        }
        if (at + step < 0 || at + step >= len)
            step = -step;
        at += step;
    }
    return at;
}

static void padded(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct pad_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    int64_t from[MAX_RANK];

    (void)k;
    for (int i = 0; i < x->rank; i++) {
        const int64_t lo = a->begin[i] < 0 ? -a->begin[i] : 0;
        const int64_t hi = x->dim[i] + (a->end[i] < 0 ? a->end[i] : 0);

        from[i] = at[i] - a->begin[i];
        if (from[i] >= lo && from[i] < hi)
            continue;
        if (a->mode == PAD_CONSTANT)
            return; /* *y is 0 */
        from[i] = lo + walk(a->mode, from[i] - lo, hi - lo);
    }
    memcpy(y, element_at(n->in[0], from, x->rank), dtype_size(n->in[0]->type));
}

Test(by_element, pad)
{
    FOR_TRIALS(t) {
        const struct shape s = trial_shape(&t, 1, 6);
        int64_t pads[2 * MAX_RANK];

        for (int i = 0; i < s.rank; i++) {
            const int64_t crop = s.dim[i] > 2 ? -1 : 0, grow = s.dim[i] ? s.rank > 4 ? 2 : 9 : 0;

            pads[i] = trial_between(&t, crop, grow);
            pads[s.rank + i] = trial_between(&t, crop, grow);
        }
        struct value *in[] = { any_input(&t, s), trial_list(&t, 2 * s.rank, pads) };
        struct node *n = trial_node(&t, &op_pad, 2, in, 1);

        ((struct pad_attr *)n->attr)->mode = (enum pad_mode)trial_between(&t, 0, 3);
        cr_assert(trial_agrees(&t, n, padded, 0.0));
    }
}

static int axis_of_last; /* of the node under test: its attributes are private to its file */

/* element_at() with place `axis` of `at` replaced. */
static const void *along(const struct value *v, const int64_t *at, int axis, int64_t i)
{
    int64_t from[MAX_RANK];

    memcpy(from, at, sizeof(from));
    from[axis] = i;
    return element_at(v, from, v->shape.rank);
}

static void concatenated(const struct node *n, int k, const int64_t *at, void *y)
{
    int64_t i = at[axis_of_last];
    int part = 0;

    (void)k;
    for (; i >= n->in[part]->shape.dim[axis_of_last]; part++)
        i -= n->in[part]->shape.dim[axis_of_last];
    memcpy(y, along(n->in[part], at, axis_of_last, i), dtype_size(n->in[0]->type));
}

Test(by_element, concat)
{
    FOR_TRIALS(t) {
        struct shape s = trial_shape(&t, 1, 6);
        struct value *first = any_input(&t, s), *in[4] = { first };
        struct attr axis;

        axis_of_last = (int)trial_between(&t, 0, s.rank - 1);
        for (int i = 1; i < 4; i++) {
            s.dim[axis_of_last] = trial_between(&t, 0, 4);
            in[i] = trial_input(&t, first->type, s);
        }
        struct node *n = trial_node(&t, &op_concat, (int)trial_between(&t, 2, 4), in, 1);

        set(&axis, "axis", axis_of_last - (trial_between(&t, 0, 1) ? s.rank : 0));
        parse(&t, n, &axis, 1);
        cr_assert(trial_agrees(&t, n, concatenated, 0.0));
    }
}

static void split_off(const struct node *n, int k, const int64_t *at, void *y)
{
    int64_t i = at[axis_of_last];

    for (int part = 0; part < k; part++)
        i += n->out[part]->shape.dim[axis_of_last];
    memcpy(y, along(n->in[0], at, axis_of_last, i), dtype_size(n->in[0]->type));
}

Test(by_element, split)
{
    FOR_TRIALS(t) {
        const struct shape s = trial_shape(&t, 1, 6);
        int64_t sizes[3];
        struct attr axis;

        axis_of_last = (int)trial_between(&t, 0, s.rank - 1);
        sizes[0] = trial_between(&t, 0, s.dim[axis_of_last]);
        sizes[1] = trial_between(&t, 0, s.dim[axis_of_last] - sizes[0]);
        sizes[2] = s.dim[axis_of_last] - sizes[0] - sizes[1];
        struct value *in[] = { any_input(&t, s), trial_list(&t, 3, sizes) };
        struct node *n = trial_node(&t, &op_split, 2, in, 3);

        set(&axis, "axis", axis_of_last);
        parse(&t, n, &axis, 1);
        cr_assert(trial_agrees(&t, n, split_off, 0.0));
    }
}

static void gathered(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct value *x = n->in[0], *index = n->in[1];
    const int64_t dim = x->shape.dim[axis_of_last];
    const void *which = element_at(index, at + axis_of_last, index->shape.rank);
    int64_t i = index->type == DT_I64 ? *(const int64_t *)which : *(const int32_t *)which;
    int64_t from[MAX_RANK];

    (void)k;
    i = i < 0 ? i + dim : i;
    for (int d = 0; d < x->shape.rank; d++)
        if (d != axis_of_last)
            from[d] = at[d < axis_of_last ? d : d - 1 + index->shape.rank];
    from[axis_of_last] = i < 0 ? 0 : i >= dim ? dim - 1 : i;
    memcpy(y, element_at(x, from, x->shape.rank), dtype_size(x->type));
}

/* Indices are -9 to 9: some are out of range, and must do no harm. */
Test(by_element, gather)
{
    FOR_TRIALS(t) {
        struct shape s = trial_shape(&t, 1, 5);
        struct attr axis;

        axis_of_last = (int)trial_between(&t, 0, s.rank - 1);
        s.dim[axis_of_last] = trial_between(&t, 1, 7);
        struct value *in[] = {
            any_input(&t, s),
            trial_input(&t, trial_between(&t, 0, 1) ? DT_I64 : DT_I32, trial_shape(&t, 0, 3)),
        };
        struct node *n = trial_node(&t, &op_gather, 2, in, 1);

        set(&axis, "axis", axis_of_last);
        parse(&t, n, &axis, 1);
        cr_assert(trial_agrees(&t, n, gathered, 0.0));
    }
}

static bool reduced_axes[MAX_RANK]; /* of the node under test */

/* Quarters of small integers: sums are exact. */
static void reduced(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct value *x = n->in[0];
    int64_t from[MAX_RANK] = { 0 }, count = 0, ints = 0;
    double sum = 0.0;

    (void)k;
    for (int64_t i = 0; i < shape_len(&x->shape); i++) {
        bool mine = true;

        for (int d = 0; d < x->shape.rank; d++)
            mine = mine && (reduced_axes[d] || from[d] == at[d]);
        if (mine && x->type == DT_F32)
            sum += (double)((const float *)x->offer)[i];
        else if (mine)
            ints += x->type == DT_I64 ? ((const int64_t *)x->offer)[i]
                                      : ((const int32_t *)x->offer)[i];
        count += mine;
        for (int d = x->shape.rank - 1; d >= 0 && ++from[d] == x->shape.dim[d]; d--)
            from[d] = 0;
    }
    if (x->type == DT_I64)
        *(int64_t *)y = ints;
    else if (x->type == DT_I32)
        *(int32_t *)y = (int32_t)ints;
    else
        *(float *)y = (float)(n->op == &op_reduce_mean ? sum / (double)count : sum);
}

Test(by_element, reduce)
{
    FOR_TRIALS(t) {
        struct shape s = trial_shape(&t, 1, 8);
        const struct op *op = trial_between(&t, 0, 1) ? &op_reduce_mean : &op_reduce_sum;
        const enum dtype types[] = { DT_F32, DT_I64, DT_I32 };
        int64_t axes[MAX_RANK];
        int n_axes = 0;

        for (int i = 0; i < s.rank; i++) {
            if (s.dim[i] == 0)
                s.dim[i] = 2;
            reduced_axes[i] = trial_between(&t, 0, 1) || (i == s.rank - 1 && !n_axes);
            if (reduced_axes[i])
                axes[n_axes++] = i - (trial_between(&t, 0, 1) ? s.rank : 0);
        }
        struct value *in[] = {
            trial_input(&t, op == &op_reduce_mean ? DT_F32 : types[trial_between(&t, 0, 2)], s),
            trial_list(&t, n_axes, axes),
        };
        struct node *n = trial_node(&t, op, 2, in, 1);

        parse(&t, n, NULL, 0); /* keepdims */
        cr_assert(trial_agrees(&t, n, reduced, 0.0));
    }
}

static void soft_maximum(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct value *x = n->in[0];
    const double mine = (double)f32(element_at(x, at, x->shape.rank));
    double sum = 0.0;

    (void)k;
    for (int64_t i = 0; i < x->shape.dim[axis_of_last]; i++)
        sum += exp((double)f32(along(x, at, axis_of_last, i)));
    *(float *)y = (float)(n->op == &op_softmax ? exp(mine) / sum : mine - log(sum));
}

static void largest(const struct node *n, int k, const int64_t *at, void *y)
{
    const struct value *x = n->in[0];
    int64_t best = 0;

    (void)k;
    for (int64_t i = 1; i < x->shape.dim[axis_of_last]; i++)
        if (f32(along(x, at, axis_of_last, i)) > f32(along(x, at, axis_of_last, best)))
            best = i;
    *(int64_t *)y = best;
}

Test(by_element, softmax_and_arg_max)
{
    FOR_TRIALS(t) {
        const struct op *const ops[] = { &op_softmax, &op_log_softmax, &op_arg_max };
        const struct op *op = ops[trial_between(&t, 0, 2)];
        struct shape s = trial_shape(&t, 1, 5);
        struct attr axis;

        axis_of_last = (int)trial_between(&t, 0, s.rank - 1);
        s.dim[axis_of_last] = trial_between(&t, 1, 20);
        struct value *x = trial_input(&t, DT_F32, s);
        struct node *n = trial_node(&t, op, 1, &x, 1);

        set(&axis, "axis", axis_of_last);
        parse(&t, n, &axis, 1);
        cr_assert(trial_agrees(&t, n, op == &op_arg_max ? largest : soft_maximum, 1e-6));
    }
}
