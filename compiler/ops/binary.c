// SPDX-License-Identifier: Apache-2.0
/* binary - the element-wise operators of two inputs, and Sum, Max and Min of any
 * number.  What they compute is in runtime/binary.def. */
#include "ops/blocks.h"
#include "ops/common.h"

#include <assert.h>

struct binary_attr {
    /* before infer, opset 6 only: the attributes of those names */
    bool broadcast, has_axis;
    int64_t axis;
    /* in[1] is read as if its shape had this many 1s behind it */
    int trailing;
};

static const char *const names[] = {
#define BINARY(sym, f32, ints) "RESC_BINARY_" #sym,
#include "binary.def"
#undef BINARY
};

/* symbol, row of binary.def, ONNX name, opsets, inputs (-1: any number), flags, parse, infer */
#define OPERATORS(X) \
    X(add, ADD, "Add", 7, OPSET_MAX, 2, 2, OP_AFFINE, NULL, infer) \
    X(add_6, ADD, "Add", 6, 6, 2, 2, OP_AFFINE, parse_6, infer_6) \
    X(sub, SUB, "Sub", 7, OPSET_MAX, 2, 2, OP_AFFINE, NULL, infer) \
    X(sub_6, SUB, "Sub", 6, 6, 2, 2, OP_AFFINE, parse_6, infer_6) \
    X(mul, MUL, "Mul", 7, OPSET_MAX, 2, 2, OP_AFFINE, NULL, infer) \
    X(mul_6, MUL, "Mul", 6, 6, 2, 2, OP_AFFINE, parse_6, infer_6) \
    X(div, DIV, "Div", 7, OPSET_MAX, 2, 2, 0, NULL, infer) \
    X(div_6, DIV, "Div", 6, 6, 2, 2, 0, parse_6, infer_6) \
    X(sum, ADD, "Sum", 6, OPSET_MAX, 1, -1, OP_AFFINE, NULL, infer) \
    X(max, MAX, "Max", 6, OPSET_MAX, 1, -1, 0, NULL, infer) \
    X(min, MIN, "Min", 6, OPSET_MAX, 1, -1, 0, NULL, infer) \
    X(p_relu, PRELU, "PRelu", 7, OPSET_MAX, 2, 2, 0, NULL, infer_one_way) \
    X(p_relu_6, PRELU, "PRelu", 6, 6, 2, 2, 0, NULL, infer_p_relu_6)

static enum resc_binary_op which(const struct node *n)
{
#define KERNEL(sym, row, onnx, first, last, inputs_min, inputs_max, op_flags, parser, inferrer) \
    if (n->op == &op_##sym) \
        return RESC_BINARY_##row;
    OPERATORS(KERNEL)
#undef KERNEL
    assert(false && "not one of these operators");
    return RESC_BINARY_ADD;
}

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct binary_attr *a = n->attr;

    a->broadcast = attr_int(attrs, "broadcast", 0) != 0;
    a->has_axis = attr_has(attrs, "axis");
    a->axis = attr_int(attrs, "axis", 0);
    return true;
}

static bool need_arithmetic(const struct node *n, struct diag *d)
{
    return need_number(n, 0, d) && need_same_types(n, d);
}

static bool shapes_differ(const struct node *n, int i, const struct shape *s, struct diag *d)
{
    char a[SHAPE_TEXT_MAX], b[SHAPE_TEXT_MAX];

    return node_error(d, n, "input %d '%s' has shape %s, which cannot be broadcast with %s", i,
                      n->in[i]->name, shape_text(&n->in[i]->shape, a), shape_text(s, b));
}

/* The shape in[i] has for broadcasting. */
static struct shape aligned(const struct node *n, int i)
{
    const struct binary_attr *a = n->attr;
    struct shape s = n->in[i]->shape;

    for (int k = 0; i == 1 && k < a->trailing; k++)
        s.dim[s.rank++] = 1;
    return s;
}

/* Folding would have no result to give. */
static bool need_divisor(const struct node *n, struct diag *d)
{
    const struct value *v = n->in[1];

    if (!v->data || v->type == DT_F32 || which(n) != RESC_BINARY_DIV)
        return true;
    for (int64_t i = 0; i < shape_len(&v->shape); i++)
        if (int_at(v->type, v->data, i) == 0)
            return node_error(d, n, "integer division by zero: '%s'", v->name);
    return true;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct shape s;

    for (int i = 0; i < n->n_in; i++)
        if (!n->in[i])
            return node_error(d, n, "input %d is missing", i);
    if (!need_arithmetic(n, d))
        return false;
    if (n->n_in == 1) {
        n->op = &op_identity;
        return n->op->infer(g, n, d);
    }
    s = n->in[0]->shape;
    for (int i = 1; i < n->n_in; i++) {
        const struct shape so_far = s, other = aligned(n, i);

        if (!shape_broadcast(&so_far, &other, &s))
            return shapes_differ(n, i, &so_far, d);
    }
    return need_divisor(n, d) && set_output(n, 0, n->in[0]->type, s, d);
}

/* in[1] fits into in[0], which has the shape of the output. */
static bool infer_one_way(struct graph *g, struct node *n, struct diag *d)
{
    const struct shape *x = &n->in[0]->shape, other = aligned(n, 1);
    struct shape s;

    if (!need_arithmetic(n, d))
        return false;
    if (!shape_broadcast(x, &other, &s) || !shape_equal(x, &s))
        return shapes_differ(n, 1, x, d);
    return infer(g, n, d);
}

/* Gives a constant in[1] the shape that broadcasts by itself, as passes expect. */
static void align_constant(struct graph *g, struct node *n)
{
    const struct value *v = n->in[1];

    if (!v->data)
        return;
    node_set_input(g, n, 1, graph_add_constant(g, v->name, v->type, aligned(n, 1), v->data));
    ((struct binary_attr *)n->attr)->trailing = 0;
}

/* Opset 6: shapes are equal unless `broadcast` is set; then in[1] lies along
 * in[0] from `axis` on, or, without one, along its last dimensions.  The node
 * becomes today's operator wherever that means the same. */
static bool infer_6(struct graph *g, struct node *n, struct diag *d)
{
    static const struct { const struct op *then, *now; } successors[] = {
        { &op_add_6, &op_add }, { &op_sub_6, &op_sub },
        { &op_mul_6, &op_mul }, { &op_div_6, &op_div },
    };
    struct binary_attr *a = n->attr;
    const int rank = n->in[0]->shape.rank, b_rank = n->in[1]->shape.rank;

    if (!a->broadcast && !shape_equal(&n->in[0]->shape, &n->in[1]->shape))
        return shapes_differ(n, 1, &n->in[0]->shape, d);
    if (a->broadcast && a->has_axis) {
        int axis;

        if (b_rank == 0)
            axis = rank;
        else if (!need_axis(n, a->axis, rank, &axis, d))
            return false;
        if (axis + b_rank > rank)
            return shapes_differ(n, 1, &n->in[0]->shape, d);
        a->trailing = rank - axis - b_rank;
    }
    if (!infer_one_way(g, n, d))
        return false;
    if (a->trailing)
        align_constant(g, n);
    for (int i = 0; i < COUNT(successors); i++)
        if (successors[i].then == n->op && a->trailing == 0)
            n->op = successors[i].now;
    return true;
}

/* Opset 6: one slope, or one a channel. */
static bool infer_p_relu_6(struct graph *g, struct node *n, struct diag *d)
{
    struct binary_attr *a = n->attr;
    const struct shape *x = &n->in[0]->shape, *slope = &n->in[1]->shape;

    if (slope->rank == 1 && slope->dim[0] != 1 && x->rank > 1)
        a->trailing = x->rank - 2;
    return infer_one_way(g, n, d);
}

/* Neighbouring dimensions that both inputs run through in the same way become
 * one; the innermost is a row. */
static void fill_shapes(struct resc_binary *p, const struct shape *a, const struct shape *b,
                        const struct shape *y)
{
    int64_t a_step[MAX_RANK], b_step[MAX_RANK];
    struct { int64_t dim, a, b; } group[MAX_RANK + 1] = { { 1, 1, 1 } };
    int n = 0;

    shape_broadcast_strides(a, y, a_step);
    shape_broadcast_strides(b, y, b_step);
    for (int d = 0; d < y->rank; d++) {
        const int64_t dim = y->dim[d];

        if (dim == 1)
            continue;
        if (n && group[n - 1].a == a_step[d] * dim && group[n - 1].b == b_step[d] * dim)
            group[n - 1].dim *= dim;
        else
            group[n++].dim = dim;
        group[n - 1].a = a_step[d];
        group[n - 1].b = b_step[d];
    }
    p->rank = n ? n - 1 : 0;
    for (int d = 0; d < p->rank; d++) {
        p->dim[d] = (ptrdiff_t)group[d].dim;
        p->a_step[d] = (ptrdiff_t)group[d].a;
        p->b_step[d] = (ptrdiff_t)group[d].b;
    }
    p->len = (ptrdiff_t)group[p->rank].dim;
    p->a_inner = (int)group[p->rank].a;
    p->b_inner = (int)group[p->rank].b;
}

static void fill(const struct node *n, void *params)
{
    struct resc_binary *p = params;
    const struct shape a = aligned(n, 0), b = aligned(n, 1);

    p->op = which(n);
    fill_shapes(p, &a, &b, &n->out[0]->shape);
}

static const struct field fields[] = {
    PARAM_ENUM(resc_binary, op, names), PARAM_SIZE(resc_binary, len),
    PARAM_INT(resc_binary, a_inner), PARAM_INT(resc_binary, b_inner),
    PARAM_INT(resc_binary, rank), PARAM_SIZES(resc_binary, dim),
    PARAM_SIZES(resc_binary, a_step), PARAM_SIZES(resc_binary, b_step),
    BLOCKS_FIELDS(resc_binary),
};

static void place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *params)
{
    blocks_place(n, in, out, &((struct resc_binary *)params)->map);
}

static const struct params params = {
    "resc_binary", sizeof(struct resc_binary), fields, COUNT(fields), fill, place,
};

static void run(const struct resc_binary *p, enum dtype t, const void *a, const void *b, void *y)
{
    if (t == DT_F32)
        resc_binary_f32(p, a, b, y);
    else if (t == DT_I64)
        resc_binary_i64(p, a, b, y);
    else
        resc_binary_i32(p, a, b, y);
}

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    const enum dtype t = n->in[0]->type;
    struct resc_binary p = { 0 };

    fill(n, &p);
    run(&p, t, in[0], in[1], out[0]);
    for (int i = 2; i < n->n_in; i++) {
        p = (struct resc_binary){ .op = p.op };
        fill_shapes(&p, &n->out[0]->shape, &n->in[i]->shape, &n->out[0]->shape);
        run(&p, t, out[0], in[i], out[0]);
    }
}

static void print(const struct node *n, FILE *out)
{
    const struct binary_attr *a = n->attr;

    if (a->trailing)
        fprintf(out, " trailing=%d", a->trailing);
}

static bool whole(const struct node *n, int i)
{
    return shape_equal(&n->in[i]->shape, &n->out[0]->shape);
}

#define MATCHES(t) \
    static bool t##_ab(const struct node *n) \
    { \
        return match_##t(n) && whole(n, 0) && whole(n, 1); \
    } \
    static bool t##_a(const struct node *n) \
    { \
        return match_##t(n) && whole(n, 0); \
    } \
    static bool t##_b(const struct node *n) \
    { \
        return match_##t(n) && whole(n, 1); \
    }
MATCHES(f32)
MATCHES(i64)
MATCHES(i32)

/* At least one input of the output's shape, the other one of that shape, too, or
 * a value a channel, or a constant. */
static bool blocks(const struct node *n, bool a_whole, bool b_whole)
{
    enum resc_c16_kind a, b;

    return layout_can_block(n->out[0]) && n->n_in == 2 &&
           ATTR(binary_attr, n)->trailing == 0 && blocks_operand(n, 0, &a) &&
           blocks_operand(n, 1, &b) && (a == RESC_C16_WHOLE) == a_whole &&
           (b == RESC_C16_WHOLE) == b_whole;
}

static bool blocks_ab(const struct node *n)
{
    return blocks(n, true, true);
}

static bool blocks_a(const struct node *n)
{
    return blocks(n, true, false);
}

static bool blocks_b(const struct node *n)
{
    return blocks(n, false, true);
}

/* An input may be overwritten if it has the output's shape. */
#define ROWS(t) \
    { .fn = "resc_binary_" #t, .file = "binary_" #t ".c", .match = t##_ab, .in_place = 3 }, \
    { .fn = "resc_binary_" #t, .file = "binary_" #t ".c", .match = t##_a, .in_place = 1 << 0 }, \
    { .fn = "resc_binary_" #t, .file = "binary_" #t ".c", .match = t##_b, .in_place = 1 << 1 }, \
    { .fn = "resc_binary_" #t, .file = "binary_" #t ".c", .match = match_##t }
#define ROW_C16(matches, which) \
    { .fn = "resc_binary_f32_c16", .file = "binary_f32_c16.c", .family = FAMILY_NATIVE, \
      .match = matches, .in_place = which, .in = LAYOUT_C16, .out = LAYOUT_C16, \
      .pack = blocks_pack }
static const struct kernel kernels[] = {
    ROW_C16(blocks_ab, 3), ROW_C16(blocks_a, 1 << 0), ROW_C16(blocks_b, 1 << 1),
    ROWS(i64), ROWS(i32), ROWS(f32),
};

#define DEFINE(sym, row, onnx, first, last, inputs_min, inputs_max, op_flags, parser, inferrer) \
    const struct op op_##sym = { \
        .name = onnx, .since = first, .until = last, \
        .min_in = inputs_min, .max_in = inputs_max, .min_out = 1, .max_out = 1, \
        .flags = op_flags, .attr_size = sizeof(struct binary_attr), \
        .parse = parser, .infer = inferrer, .eval = eval, .params = &params, .print = print, \
        .kernels = kernels, .n_kernels = COUNT(kernels), \
    };
OPERATORS(DEFINE)
