// SPDX-License-Identifier: Apache-2.0
/* constant - the operators whose output is known without running anything:
 * Shape, ConstantOfShape, and Constant, which the frontend turns into a value. */
#include "base/arena.h"
#include "base/diag.h"
#include "ops/common.h"

#include <string.h>

struct shape_attr {
    int64_t start, end; /* as in the node: negative ones count from the end */
};

static bool parse_shape(struct node *n, struct attr_list *attrs)
{
    struct shape_attr *a = n->attr;

    a->end = INT64_MAX;
    if (attrs->opset >= 15) {
        a->start = attr_int(attrs, "start", 0);
        a->end = attr_int(attrs, "end", INT64_MAX);
    }
    return true;
}

static int clamp_axis(int64_t axis, int rank)
{
    axis = axis < 0 ? axis + rank : axis;
    return axis < 0 ? 0 : axis > rank ? rank : (int)axis;
}

static bool infer_shape(struct graph *g, struct node *n, struct diag *d)
{
    const struct shape_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape;
    const int start = clamp_axis(a->start, x->rank), end = clamp_axis(a->end, x->rank);
    const int len = end > start ? end - start : 0;
    int64_t *dims = arena_new_n(g->arena, int64_t, len + 1);

    for (int i = 0; i < len; i++)
        dims[i] = x->dim[start + i];
    if (!set_output(n, 0, DT_I64, shape_of(len), d))
        return false;
    n->out[0]->data = dims;
    return true;
}

struct fill_attr {
    enum dtype type;
    const void *value; /* one element; NULL: 0 */
};

static bool parse_constant_of_shape(struct node *n, struct attr_list *attrs)
{
    struct fill_attr *a = n->attr;
    const struct attr *value = attr_get(attrs, "value", ATTR_TENSOR);

    a->type = DT_F32;
    if (!value)
        return true;
    if (shape_len(&value->t.shape) != 1)
        return node_error(attrs->diag, n, "attribute 'value' is not one element");
    a->type = value->t.type;
    a->value = value->t.data;
    return true;
}

static bool infer_constant_of_shape(struct graph *g, struct node *n, struct diag *d)
{
    const struct fill_attr *a = n->attr;
    struct shape s = { 0 };
    char text[SHAPE_TEXT_MAX];

    s.rank = need_ints(g, n, 0, s.dim, MAX_RANK, d);
    if (s.rank < 0 || !set_output(n, 0, a->type, s, d))
        return false;
    const size_t size = dtype_size(a->type), len = (size_t)shape_len(&s);

    if (!fold_afford(g, (double)len * (double)size, (double)len)) {
        node_error(d, n, "a constant %s%s is too large to compute", dtype_name(a->type),
                   shape_text(&s, text));
        diag_hint(d, "--limit folded=N, with work=N, allows more; 'resc help limits' explains");
        return false;
    }
    char *data = arena_alloc_n(g->arena, len + 1, size);

    for (size_t i = 0; a->value && i < len; i++)
        memcpy(data + i * size, a->value, size);
    n->out[0]->data = data;
    return true;
}

static bool infer_constant(struct graph *g, struct node *n, struct diag *d)
{
    (void)g;
    return node_error(d, n, "has no value");
}

const struct op op_constant = {
    .name = "Constant", .since = 6, .until = OPSET_MAX, .max_out = 1, .min_out = 1,
    .infer = infer_constant,
};

const struct op op_constant_of_shape = {
    .name = "ConstantOfShape", .since = 9, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct fill_attr),
    .parse = parse_constant_of_shape, .infer = infer_constant_of_shape,
};

const struct op op_shape = {
    .name = "Shape", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct shape_attr),
    .parse = parse_shape, .infer = infer_shape,
};
