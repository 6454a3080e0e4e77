// SPDX-License-Identifier: Apache-2.0
#include "ops/move.h"


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
    "resc_copy", sizeof(struct resc_copy), copy_fields, COUNT(copy_fields), copy_fill,
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

const struct kernel copy_rows_kernels[1] = {
    { .fn = "resc_copy_rows", .file = "copy_rows.c" },
};

void shape_strides(const struct shape *s, int64_t stride[MAX_RANK])
{
    int64_t step = 1;

    for (int i = s->rank - 1; i >= 0; i--) {
        stride[i] = step;
        step *= s->dim[i];
    }
}
