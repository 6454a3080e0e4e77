// SPDX-License-Identifier: Apache-2.0
#include "ops/common.h"

#include "base/arena.h"
#include "base/diag.h"

#include <inttypes.h>

int64_t int_at(enum dtype t, const void *data, int64_t i)
{
    return t == DT_I64 ? ((const int64_t *)data)[i] : ((const int32_t *)data)[i];
}

bool need_type(const struct node *n, int i, enum dtype t, struct diag *d)
{
    const struct value *v = n->in[i];

    if (v->type == t)
        return true;
    return node_error(d, n, "input %d '%s' is %s, expected %s", i, v->name, dtype_name(v->type),
                      dtype_name(t));
}

bool need_types(const struct node *n, enum dtype t, struct diag *d)
{
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && !need_type(n, i, t, d))
            return false;
    return true;
}

bool need_number(const struct node *n, int i, struct diag *d)
{
    const struct value *v = n->in[i];

    if (v->type == DT_F32 || v->type == DT_I64 || v->type == DT_I32)
        return true;
    return node_error(d, n, "input %d '%s' is %s, expected f32, i64 or i32", i, v->name,
                      dtype_name(v->type));
}

bool need_same_types(const struct node *n, struct diag *d)
{
    for (int i = 1; i < n->n_in; i++)
        if (n->in[i] && n->in[0] && n->in[i]->type != n->in[0]->type)
            return node_error(d, n, "input 0 is %s, input %d '%s' is %s: they must be of one type",
                              dtype_name(n->in[0]->type), i, n->in[i]->name,
                              dtype_name(n->in[i]->type));
    return true;
}

bool need_rank(const struct node *n, int i, int min, int max, struct diag *d)
{
    const struct shape *s = &n->in[i]->shape;
    char text[SHAPE_TEXT_MAX];

    if (s->rank >= min && s->rank <= max)
        return true;
    if (min == max)
        return node_error(d, n, "input %d '%s' has shape %s, expected %d dimensions", i,
                          n->in[i]->name, shape_text(s, text), min);
    return node_error(d, n, "input %d '%s' has shape %s, expected %d to %d dimensions", i,
                      n->in[i]->name, shape_text(s, text), min, max);
}

/* Data offered for the inputs that `v` is computed from bind them, too, and
 * then `v` is computed here.  The nodes up to it have been inferred. */
static const void *computed_constant(struct graph *g, struct value *v, int depth)
{
    const void *data = value_constant(g, v);
    struct node *n = v->producer;

    if (data || !n || depth == 0)
        return data;
    for (int i = 0; i < n->n_in; i++)
        if (n->in[i] && !computed_constant(g, n->in[i], depth - 1))
            return NULL;
    return fold_node(g, n) ? v->data : NULL;
}

const void *need_constant(struct graph *g, struct node *n, int i, struct diag *d)
{
    enum { DEPTH_MAX = 100 };
    const void *data = computed_constant(g, n->in[i], DEPTH_MAX);

    if (data)
        return data;
    node_error(d, n, "input %d '%s' must be constant, it is known only at run time", i,
               n->in[i]->name);
    diag_hint(d, "export the model with fixed shapes, or simplify it, so that '%s' is an "
                 "initialiser", n->in[i]->name);
    return NULL;
}

int need_ints(struct graph *g, struct node *n, int i, int64_t *out, int max, struct diag *d)
{
    const struct value *v = n->in[i];
    const void *data = need_constant(g, n, i, d);

    if (!data)
        return -1;
    if ((v->type != DT_I64 && v->type != DT_I32) || v->shape.rank > 1) {
        char text[SHAPE_TEXT_MAX];

        node_error(d, n, "input %d '%s' is %s%s, expected a list of i64", i, v->name,
                   dtype_name(v->type), shape_text(&v->shape, text));
        return -1;
    }
    const int64_t len = shape_len(&v->shape);

    if (len > max) {
        node_error(d, n, "input %d '%s' has %" PRId64 " elements, at most %d expected", i,
                   v->name, len, max);
        return -1;
    }
    for (int64_t k = 0; k < len; k++)
        out[k] = int_at(v->type, data, k);
    return (int)len;
}

bool need_axis(const struct node *n, int64_t axis, int rank, int *out, struct diag *d)
{
    if (axis < -rank || axis >= rank)
        return node_error(d, n, "axis %" PRId64 " is outside of the %d dimensions", axis, rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return true;
}

bool need_axes(const struct node *n, const int64_t *axes, int n_axes, int rank,
               bool out_set[MAX_RANK], struct diag *d)
{
    for (int i = 0; i < MAX_RANK; i++)
        out_set[i] = false;
    for (int i = 0; i < n_axes; i++) {
        int axis;

        if (!need_axis(n, axes[i], rank, &axis, d))
            return false;
        if (out_set[axis])
            return node_error(d, n, "axis %" PRId64 " is given twice", axes[i]);
        out_set[axis] = true;
    }
    return true;
}

bool set_output(struct node *n, int i, enum dtype t, struct shape s, struct diag *d)
{
    char text[SHAPE_TEXT_MAX];

    if (i >= n->n_out || !n->out[i])
        return true;
    if (shape_len_checked(&s) < 0)
        return node_error(d, n, "output %d would have shape %s: too large (at most %" PRId64
                          " elements)", i, shape_text(&s, text), SHAPE_LEN_MAX);
    n->out[i]->type = t;
    n->out[i]->shape = s;
    return true;
}

void evaluate_now(struct graph *g, struct node *n)
{
    void *data = arena_alloc(g->arena, value_size(n->out[0]));

    n->op->eval(n, &n->in[0]->data, &data);
    n->out[0]->data = data;
}

struct resc_act act_params(const struct node *n)
{
    static const enum resc_act_kind kinds[] = {
        [ACT_NONE] = RESC_ACT_NONE, [ACT_RELU] = RESC_ACT_RELU,
        [ACT_CLIP] = RESC_ACT_CLIP, [ACT_LEAKY_RELU] = RESC_ACT_LEAKY_RELU,
    };

    return (struct resc_act){ kinds[n->act.kind], n->act.lo, n->act.hi };
}

bool match_f32(const struct node *n)
{
    return n->in[0]->type == DT_F32;
}

bool match_i32(const struct node *n)
{
    return n->in[0]->type == DT_I32;
}

bool match_i64(const struct node *n)
{
    return n->in[0]->type == DT_I64;
}

void print_ints(FILE *out, const char *name, const int64_t *v, int n)
{
    fprintf(out, " %s=", name);
    for (int i = 0; i < n; i++)
        fprintf(out, "%s%" PRId64, i ? "," : "", v[i]);
}
