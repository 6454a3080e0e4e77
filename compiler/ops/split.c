// SPDX-License-Identifier: Apache-2.0
/* split - one strided copy an output; sizes as attribute (until opset 12), as
 * input, or, from opset 18 on, as a number of parts. */
#include "base/arena.h"
#include "ops/move.h"

#include <inttypes.h>

struct split_attr {
    int64_t axis;         /* after infer in [0, rank) */
    int64_t num_outputs;  /* -1: not given */
    const int64_t *given; /* the attribute `split`, n_given long; NULL */
    int64_t n_given;
    int64_t *first;       /* after infer: where part i starts; n_out + 1 of them */
};

static bool parse_6(struct node *n, struct attr_list *attrs)
{
    struct split_attr *a = n->attr;
    const struct attr *split = attr_get(attrs, "split", ATTR_INTS);

    a->axis = attr_int(attrs, "axis", 0);
    a->num_outputs = -1;
    if (split) {
        a->given = split->ints;
        a->n_given = split->n;
    }
    return true;
}

static bool parse(struct node *n, struct attr_list *attrs)
{
    struct split_attr *a = n->attr;

    a->axis = attr_int(attrs, "axis", 0);
    a->num_outputs = attrs->opset >= 18 ? attr_int(attrs, "num_outputs", -1) : -1;
    if (a->num_outputs != -1 && a->num_outputs != n->n_out)
        return node_error(attrs->diag, n, "num_outputs is %" PRId64 ", the node has %d outputs",
                          a->num_outputs, n->n_out);
    return true;
}

/* Equal parts; only where num_outputs asks for them may the last be smaller. */
static bool equal_parts(const struct node *n, int64_t dim, int64_t *sizes, struct diag *d)
{
    const struct split_attr *a = n->attr;
    const int64_t size = (dim + n->n_out - 1) / n->n_out;

    if ((a->num_outputs < 0 && dim % n->n_out != 0) || size * (n->n_out - 1) > dim)
        return node_error(d, n, "%" PRId64 " elements along axis %" PRId64
                          " cannot be split into %d equal parts", dim, a->axis, n->n_out);
    for (int i = 0; i < n->n_out; i++)
        sizes[i] = i < n->n_out - 1 ? size : dim - size * (n->n_out - 1);
    return true;
}

static bool given_parts(const struct node *n, int64_t dim, int64_t n_given,
                        const int64_t *sizes, struct diag *d)
{
    int64_t sum = 0;

    if (n_given != n->n_out)
        return node_error(d, n, "%" PRId64 " sizes for %d outputs", n_given, n->n_out);
    for (int i = 0; i < n->n_out; i++) {
        if (sizes[i] < 0 || sizes[i] > dim - sum)
            return node_error(d, n, "the sizes do not add up to the %" PRId64 " elements", dim);
        sum += sizes[i];
    }
    if (sum != dim)
        return node_error(d, n, "the sizes add up to %" PRId64 ", there are %" PRId64 " elements",
                          sum, dim);
    return true;
}

static bool find_sizes(struct graph *g, struct node *n, int64_t dim, int64_t *sizes,
                       struct diag *d)
{
    const struct split_attr *a = n->attr;
    int64_t n_given = a->n_given;

    if (node_in(n, 1)) {
        if (a->num_outputs >= 0)
            return node_error(d, n, "both 'split' and 'num_outputs' are given");
        n_given = need_ints(g, n, 1, sizes, n->n_out, d);
        if (n_given < 0)
            return false;
    } else if (a->given) {
        for (int64_t i = 0; i < n_given && i < n->n_out; i++)
            sizes[i] = a->given[i];
    } else {
        return equal_parts(n, dim, sizes, d);
    }
    return given_parts(n, dim, n_given, sizes, d);
}

static bool infer(struct graph *g, struct node *n, struct diag *d)
{
    struct split_attr *a = n->attr;
    struct shape s = n->in[0]->shape;
    int64_t *sizes = arena_new_n(g->arena, int64_t, n->n_out + 1);
    int axis;

    if (!need_movable(n, 0, d) || !need_axis(n, a->axis, s.rank, &axis, d))
        return false;
    a->axis = axis;
    if (!find_sizes(g, n, s.dim[axis], sizes, d))
        return false;
    a->first = arena_new_n(g->arena, int64_t, n->n_out + 1);
    for (int i = 0; i < n->n_out; i++) {
        a->first[i + 1] = a->first[i] + sizes[i];
        s.dim[axis] = sizes[i];
        if (!set_output(n, i, n->in[0]->type, s, d))
            return false;
    }
    node_drop_inputs(g, n, 1);
    return true;
}

/* Where out[i] lies in the input. */
static struct row_part part_of(const struct node *n, int i)
{
    const struct split_attr *a = n->attr;

    return row_part(n->in[0], (int)a->axis, a->first[i], a->first[i + 1] - a->first[i]);
}

static void eval(const struct node *n, const void *const *in, void *const *out)
{
    for (int i = 0; i < n->n_out; i++) {
        const struct row_part p = part_of(n, i);

        if (n->out[i])
            resc_copy_rows(p.rows, p.size, (const char *)in[0] + p.at, p.step, out[i], p.size);
    }
}

static bool blocks(const struct node *n)
{
    return copy_c16_fits(n, (int)ATTR(split_attr, n)->axis, n->in[0], n->n_out, n->out);
}

static void emit_call(struct emit *e, const struct node *n, const struct kernel *k)
{
    const struct split_attr *a = n->attr;

    if (k->in == LAYOUT_C16) {
        for (int i = 0; i < n->n_out; i++)
            copy_c16_emit(e, n->in[0], (ptrdiff_t)a->first[i] / RESC_LANES, n->out[i], 0);
        return;
    }
    for (int i = 0; i < n->n_out; i++) {
        const struct row_part p = part_of(n, i);

        if (!n->out[i])
            continue;
        emit_printf(e, "    resc_copy_rows(%td, %td, ", p.rows, p.size);
        if (p.at)
            emit_printf(e, "(const char *)%s + %td, ", emit_value(e, n->in[0]), p.at);
        else
            emit_printf(e, "%s, ", emit_value(e, n->in[0]));
        emit_printf(e, "%td, %s, %td);\n", p.step, emit_value(e, n->out[i]), p.size);
    }
}

static void print(const struct node *n, FILE *out)
{
    print_ints(out, "axis", &ATTR(split_attr, n)->axis, 1);
}

static const struct kernel kernels[] = {
    { .fn = "resc_copy_c16", .file = "copy_c16.c", .family = FAMILY_NATIVE, .match = blocks,
      .in = LAYOUT_C16, .out = LAYOUT_C16 },
    { .fn = "resc_copy_rows", .file = "copy_rows.c" },
};

const struct op op_split_6 = {
    .name = "Split", .since = 6, .until = 12,
    .min_in = 1, .max_in = 1, .min_out = 1, .max_out = -1,
    .attr_size = sizeof(struct split_attr),
    .parse = parse_6, .infer = infer, .eval = eval, .print = print, .emit_call = emit_call,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};

const struct op op_split = {
    .name = "Split", .since = 13, .until = OPSET_MAX,
    .min_in = 1, .max_in = 2, .n_kernel_in = 1, .min_out = 1, .max_out = -1,
    .attr_size = sizeof(struct split_attr),
    .parse = parse, .infer = infer, .eval = eval, .print = print, .emit_call = emit_call,
    .kernels = kernels, .n_kernels = COUNT(kernels),
};
