// SPDX-License-Identifier: Apache-2.0
/* reshape - the views: Reshape, Flatten, Squeeze and Unsqueeze. */
#include "ops/move.h"

#include <inttypes.h>

struct reshape_attr {
    bool allow_zero; /* Reshape: 0 is a dimension of 0, not a copy of the input's */
    int64_t axis;    /* Flatten */
    int64_t axes[MAX_RANK];
    int n_axes;      /* Squeeze, Unsqueeze; Squeeze 0: all of 1 */
};

static bool parse_reshape(struct node *n, struct attr_list *attrs)
{
    struct reshape_attr *a = n->attr;

    a->allow_zero = attrs->opset >= 14 && attr_int(attrs, "allowzero", 0) != 0;
    return true;
}

/* The dimensions asked for, 0 and -1 resolved, into *s. */
static bool resolve(const struct node *n, struct shape *s, struct diag *d)
{
    const struct reshape_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    const int64_t len = shape_len(x);
    const struct shape asked = *s;
    char from[SHAPE_TEXT_MAX], to[SHAPE_TEXT_MAX];
    int open = -1;

    for (int i = 0; i < s->rank; i++) {
        if (s->dim[i] == 0 && !a->allow_zero) {
            if (i >= x->rank)
                return node_error(d, n, "dimension %d of the new shape is 0: the input has only %d "
                                  "dimensions to copy from", i, x->rank);
            s->dim[i] = x->dim[i];
        } else if (s->dim[i] == -1) {
            if (open >= 0)
                return node_error(d, n, "the new shape %s has more than one -1",
                                  shape_text(&asked, to));
            open = i;
            s->dim[i] = 1;
        }
    }
    const int64_t known = shape_len_checked(s);

    if (open >= 0 && known > 0 && len % known == 0)
        s->dim[open] = len / known;
    if (known < 0 || (open >= 0 && known == 0) || shape_len_checked(s) != len)
        return node_error(d, n, "shape %s cannot become %s", shape_text(x, from),
                          shape_text(&asked, to));
    return true;
}

static bool infer_reshape(struct graph *g, struct node *n, struct diag *d)
{
    struct shape s = { 0 };

    if (!need_movable(n, 0, d))
        return false;
    s.rank = need_ints(g, n, 1, s.dim, MAX_RANK, d);
    if (s.rank < 0 || !resolve(n, &s, d))
        return false;
    node_drop_inputs(g, n, 1);
    return set_output(n, 0, n->in[0]->type, s, d);
}

static bool parse_flatten(struct node *n, struct attr_list *attrs)
{
    struct reshape_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", 1);
    return true;
}

static bool infer_flatten(struct graph *g, struct node *n, struct diag *d)
{
    const struct reshape_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;

    (void)g;
    if (a->axis < -x->rank || a->axis > x->rank)
        return node_error(d, n, "axis %" PRId64 " is outside of the %d dimensions", a->axis,
                          x->rank);
    const int axis = (int)(a->axis < 0 ? a->axis + x->rank : a->axis);

    return need_movable(n, 0, d) &&
           set_output(n, 0, n->in[0]->type,
                      shape_of(shape_product(x, 0, axis), shape_product(x, axis, x->rank)), d);
}

static bool parse_axes_6(struct node *n, struct attr_list *attrs)
{
    struct reshape_attr *a = n->attr;

    a->n_axes = attr_ints(attrs, "axes", a->axes, MAX_RANK);
    return true;
}

static bool parse_unsqueeze_6(struct node *n, struct attr_list *attrs)
{
    if (!attr_has(attrs, "axes"))
        return node_error(attrs->diag, n, "attribute 'axes' is missing");
    return parse_axes_6(n, attrs);
}

/* From opset 13 on the axes are an input. */
static bool read_axes(struct graph *g, struct node *n, struct diag *d)
{
    struct reshape_attr *a = n->attr;

    if (!node_in(n, 1))
        return true;
    a->n_axes = need_ints(g, n, 1, a->axes, MAX_RANK, d);
    node_drop_inputs(g, n, 1);
    return a->n_axes >= 0;
}

static bool infer_squeeze(struct graph *g, struct node *n, struct diag *d)
{
    const struct reshape_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct shape s = { 0 };
    bool drop[MAX_RANK];
    const bool listed = node_in(n, 1);

    if (!need_movable(n, 0, d) || !read_axes(g, n, d) ||
        !need_axes(n, a->axes, a->n_axes, x->rank, drop, d))
        return false;
    for (int i = 0; i < x->rank; i++) {
        if (a->n_axes == 0 && !listed)
            drop[i] = x->dim[i] == 1;
        if (drop[i] && x->dim[i] != 1)
            return node_error(d, n, "axis %d has %" PRId64 " elements: only one can be dropped", i,
                              x->dim[i]);
        if (!drop[i])
            s.dim[s.rank++] = x->dim[i];
    }
    return set_output(n, 0, n->in[0]->type, s, d);
}

static bool infer_unsqueeze(struct graph *g, struct node *n, struct diag *d)
{
    const struct reshape_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    struct shape s = { 0 };
    bool added[MAX_RANK];

    if (!need_movable(n, 0, d) || !read_axes(g, n, d))
        return false;
    if (x->rank + a->n_axes > MAX_RANK)
        return node_error(d, n, "the output would have %d dimensions, at most %d are supported",
                          x->rank + a->n_axes, MAX_RANK);
    s.rank = x->rank + a->n_axes;
    if (!need_axes(n, a->axes, a->n_axes, s.rank, added, d))
        return false;
    for (int i = 0, from = 0; i < s.rank; i++)
        s.dim[i] = added[i] ? 1 : x->dim[from++];
    return set_output(n, 0, n->in[0]->type, s, d);
}

#define VIEW(sym, onnx, first, last, inputs_min, inputs_max, parser, inferrer) \
    const struct op op_##sym = { \
        .name = onnx, .since = first, .until = last, \
        .min_in = inputs_min, .max_in = inputs_max, .n_kernel_in = 1, .min_out = 1, .max_out = 1, \
        .flags = OP_VIEW, .attr_size = sizeof(struct reshape_attr), \
        .parse = parser, .infer = inferrer, .eval = copy_eval, .params = &copy_params, \
        .kernels = copy_kernels, .n_kernels = 1, \
    };
VIEW(reshape, "Reshape", 6, OPSET_MAX, 2, 2, parse_reshape, infer_reshape)
VIEW(flatten, "Flatten", 6, OPSET_MAX, 1, 1, parse_flatten, infer_flatten)
VIEW(squeeze_6, "Squeeze", 6, 12, 1, 1, parse_axes_6, infer_squeeze)
VIEW(squeeze, "Squeeze", 13, OPSET_MAX, 1, 2, NULL, infer_squeeze)
VIEW(unsqueeze_6, "Unsqueeze", 6, 12, 1, 1, parse_unsqueeze_6, infer_unsqueeze)
VIEW(unsqueeze, "Unsqueeze", 13, OPSET_MAX, 2, 2, NULL, infer_unsqueeze)
