// SPDX-License-Identifier: Apache-2.0
/* concat - one strided copy an input. */
#include "ops/move.h"

struct concat_attr {
    int64_t axis; /* after infer in [0, rank) */
};

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct concat_attr *a = n->attr;

    if (!attr_has(attrs, "axis"))
        return node_error(attrs->diag, n, "attribute 'axis' is missing");
    a->axis = attr_int(attrs, "axis", 0);
    return true;
}

static bool fits(const struct shape *a, const struct shape *b, int axis)
{
    bool same = a->rank == b->rank;

    for (int i = 0; same && i < a->rank; i++)
        same = i == axis || a->dim[i] == b->dim[i];
    return same;
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct concat_attr *a = n->attr;
    struct shape s = { 0 };
    int axis = 0;

    for (int i = 0; i < n->n_in; i++) {
        char was[SHAPE_TEXT_MAX], now[SHAPE_TEXT_MAX];

        if (!n->in[i])
            return node_error(d, n, "input %d is missing", i);
        if (!need_movable(n, i, d))
            return false;
        if (i == 0) {
            s = n->in[0]->shape;
            if (!need_axis(n, a->axis, s.rank, &axis, d))
                return false;
            continue;
        }
        if (!fits(&s, &n->in[i]->shape, axis))
            return node_error(d, n, "input %d '%s' has shape %s, which does not fit %s along axis "
                              "%d", i, n->in[i]->name, shape_text(&n->in[i]->shape, now),
                              shape_text(&n->in[0]->shape, was), axis);
        s.dim[axis] += n->in[i]->shape.dim[axis];
    }
    a->axis = axis;
    if (!need_same_types(n, d))
        return false;
    if (n->n_in > 1)
        return set_output(n, 0, n->in[0]->type, s, d);
    n->op = &op_identity;
    return n->op->infer(g, n, d);
}

/* Where in[i] lies in the output, behind the `*before` of the inputs before it. */
static struct row_part next_part(const struct node *n, int i, int64_t *before)
{
    const int axis = (int)ATTR(concat_attr, n)->axis;
    const int64_t at = *before;

    *before += n->in[i]->shape.dim[axis];
    return row_part(n->out[0], axis, at, n->in[i]->shape.dim[axis]);
}

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    int64_t before = 0;

    for (int i = 0; i < n->n_in; i++) {
        const struct row_part p = next_part(n, i, &before);

        resc_copy_rows(p.rows, p.size, in[i], p.size, (char *)out[0] + p.at, p.step);
    }
}

static bool blocks(const struct node *n)
{
    return copy_c16_fits(n, (int)ATTR(concat_attr, n)->axis, n->out[0], n->n_in, n->in);
}

static void emit_blocks(struct emit *e, const struct node *n)
{
    ptrdiff_t before = 0;

    for (int i = 0; i < n->n_in; i++) {
        copy_c16_emit(e, n->in[i], 0, n->out[0], before);
        before += resc_c16_blocks((ptrdiff_t)n->in[i]->shape.dim[1]);
    }
}

static void emit_call(struct emit *e, const struct node *n, const struct kernel *k)
{
    int64_t before = 0;

    if (k->out == LAYOUT_C16) {
        emit_blocks(e, n);
        return;
    }
    for (int i = 0; i < n->n_in; i++) {
        const struct row_part p = next_part(n, i, &before);

        emit_printf(e, "    resc_copy_rows(%td, %td, %s, %td, ", p.rows, p.size,
                    emit_value(e, n->in[i]), p.size);
        if (p.at)
            emit_printf(e, "(char *)%s + %td, ", emit_value(e, n->out[0]), p.at);
        else
            emit_printf(e, "%s, ", emit_value(e, n->out[0]));
        emit_printf(e, "%td);\n", p.step);
    }
}

static void print(const struct node *n, FILE *out)
{
    print_ints(out, "axis", &ATTR(concat_attr, n)->axis, 1);
}

static const struct kernel kernels[] = {
    { .fn = "resc_copy_c16", .file = "copy_c16.c", .family = FAMILY_NATIVE, .match = blocks,
      .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_copy_rows", .file = "copy_rows.c" },
};

const struct op op_concat = {
    .name = "Concat", .since = 6, .until = OPSET_MAX,
    .min_in = 1, .max_in = -1, .min_out = 1, .max_out = 1,
    .attr_size = sizeof(struct concat_attr),
    .parse = parse, .infer = infer, .eval = eval, .print = print, .emit_call = emit_call,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
