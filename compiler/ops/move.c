// SPDX-License-Identifier: Apache-2.0
#include "ops/move.h"

#include "ops/window.h"

bool need_movable(const struct node *n, int i, struct diag *d)
{
    const struct value *v = n->in[i];

    if (dtype_runs(v->type) || v->data)
        return true;
    return node_error(d, n, "input %d '%s' is %s at run time, which only constants may be", i,
                      v->name, dtype_name(v->type));
}

static void copy_fill(const struct node *n, void *params)
{
    struct resc_copy *p = params;

    p->size = (ptrdiff_t)value_size(n->out[0]);
}

static const struct field copy_fields[] = { PARAM_SIZE(resc_copy, size) };

const struct params copy_params = {
    "resc_copy", sizeof(struct resc_copy), copy_fields, COUNT(copy_fields), copy_fill, NULL,
};

const struct kernel copy_kernels[1] = { { .fn = "resc_copy", .file = "copy_bytes.c" } };

void copy_eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_copy p = { 0 };

    copy_fill(n, &p);
    resc_copy(&p, in[0], out[0]);
}

const struct field copy_nd_fields[N_COPY_ND_FIELDS] = {
    PARAM_SIZE(resc_copy_nd, size), PARAM_SIZE(resc_copy_nd, first),
    PARAM_INT(resc_copy_nd, rank), PARAM_SIZES(resc_copy_nd, dim),
    PARAM_SIZES(resc_copy_nd, step),
};

const struct kernel copy_nd_kernels[1] = { { .fn = "resc_copy_nd", .file = "copy_nd.c" } };

/* Neighbouring dimensions that are walked in one stride become one; elements
 * that lie side by side in both become a block. */
void copy_nd_fill(struct resc_copy_nd *p, const struct node *n, int64_t first,
                  const int64_t *step)
{
    const struct shape *y = &n->out[0]->shape;
    const int64_t elem = (int64_t)dtype_size(n->out[0]->type);
    int rank = 0;

    p->size = (ptrdiff_t)elem;
    if (shape_len(y) == 0) {
        p->rank = 1;
        return;
    }
    p->first = (ptrdiff_t)(first * elem);
    for (int d = 0; d < y->rank; d++) {
        if (y->dim[d] == 1)
            continue;
        const ptrdiff_t dim = (ptrdiff_t)y->dim[d], bytes = (ptrdiff_t)(step[d] * elem);

        if (rank && p->step[rank - 1] == bytes * dim) {
            p->dim[rank - 1] *= dim;
        } else {
            p->dim[rank] = dim;
            rank++;
        }
        p->step[rank - 1] = bytes;
    }
    if (rank && p->step[rank - 1] == p->size) {
        rank--;
        p->size *= p->dim[rank];
        p->dim[rank] = p->step[rank] = 0;
    }
    p->rank = rank;
}

void copy_nd_eval(const struct node *n, const void *const *in, void *const *out)
{
    struct resc_copy_nd p = { 0 };

    n->op->params->fill(n, &p);
    resc_copy_nd(&p, in[0], out[0]);
}

struct row_part row_part(const struct value *whole, int axis, int64_t first, int64_t len)
{
    const struct shape *s = &whole->shape;
    const int64_t inner = shape_product(s, axis + 1, s->rank) * (int64_t)dtype_size(whole->type);

    return (struct row_part){
        .rows = (ptrdiff_t)shape_product(s, 0, axis),
        .size = (ptrdiff_t)(len * inner),
        .at = (ptrdiff_t)(first * inner),
        .step = (ptrdiff_t)(s->dim[axis] * inner),
    };
}

bool copy_c16_fits(const struct node *n, int axis, const struct value *whole, int n_parts,
                   struct value *const *parts)
{
    if (axis != 1 || !layout_can_block(whole))
        return false;
    for (int i = 0; i < n_parts; i++)
        if (!parts[i] || !layout_can_block(parts[i]) ||
            (i < n_parts - 1 && parts[i]->shape.dim[1] % RESC_LANES != 0))
            return false;
    return n->n_in > 0;
}

static const char *halo_text(struct resc_halo h, char text[64])
{
    snprintf(text, 64, "{ %d, %d, %d, %d }", h.top, h.left, h.bottom, h.right);
    return text;
}

/* " + 100", or nothing */
static const char *blocks_text(const struct value *v, ptrdiff_t from, struct resc_halo halo,
                               char text[32])
{
    int64_t hw[2];

    window_spatial(&v->shape, hw);
    const ptrdiff_t at = from * resc_c16_block(halo, (ptrdiff_t)hw[0], (ptrdiff_t)hw[1]);

    if (at == 0)
        return "";
    snprintf(text, 32, " + %td", at);
    return text;
}

void copy_c16_emit(struct emit *e, const struct value *x, ptrdiff_t x_from,
                   const struct value *y, ptrdiff_t y_from)
{
    const struct resc_halo x_halo = emit_layout(e, x)->halo, y_halo = emit_layout(e, y)->halo;
    const ptrdiff_t x_blocks = resc_c16_blocks((ptrdiff_t)x->shape.dim[1]);
    const ptrdiff_t y_blocks = resc_c16_blocks((ptrdiff_t)y->shape.dim[1]);
    char of_x[64], of_y[64], x_at[32], y_at[32];
    int64_t hw[2];

    window_spatial(&x->shape, hw);
    emit_printf(e, "    resc_copy_c16(&(const struct resc_copy_c16){\n"
                "        .n = %d, .blocks = %td, .h = %d, .w = %d, .x_blocks = %td, "
                ".y_blocks = %td,\n        .x_halo = %s, .y_halo = %s,\n    }, %s%s, ",
                (int)x->shape.dim[0], x_blocks < y_blocks ? x_blocks : y_blocks, (int)hw[0],
                (int)hw[1], x_blocks, y_blocks, halo_text(x_halo, of_x), halo_text(y_halo, of_y),
                emit_value(e, x), blocks_text(x, x_from, x_halo, x_at));
    emit_printf(e, "%s%s);\n", emit_value(e, y), blocks_text(y, y_from, y_halo, y_at));
}

void shape_strides(const struct shape *s, int64_t stride[MAX_RANK])
{
    int64_t step = 1;

    for (int i = s->rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= s->dim[i];
    }
}
