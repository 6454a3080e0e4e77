// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <string.h>

static bool fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return false;
}

static bool same_bytes(const struct build *b, const void *const *x, const void *const *y)
{
    for (int i = 0; i < b->g->n_outputs; i++)
        if (memcmp(x[i], y[i], value_size(b->g->outputs[i])) != 0)
            return fail("the results changed");
    return true;
}

bool pass_keeps_results(struct build *b, pass_fn *pass, double tolerance)
{
    const void **was = b_run(b);

    if (!pass(b->g))
        return fail("the pass changed nothing");
    graph_validate(b->g);
    const void **is = b_run(b);

    if (tolerance > 0.0) {
        const double off = b_difference(b, is, was);

        if (!(off <= tolerance)) {
            fprintf(stderr, "the results are off by %g, allowed are %g\n", off, tolerance);
            return false;
        }
    } else if (!same_bytes(b, is, was)) {
        return false;
    }
    return true;
}

bool pass_turns(struct build *b, pass_fn *pass, const char *before, const char *after,
                double tolerance)
{
    if (!b_text_is(b, before) || !pass_keeps_results(b, pass, tolerance) || !b_text_is(b, after))
        return false;
    return pass_leaves(b, pass);
}

bool pass_leaves(struct build *b, pass_fn *pass)
{
    const char *before = b_text(b);

    if (pass(b->g))
        return fail("the pass says that it changed something");
    graph_validate(b->g);
    return b_text_is(b, before);
}

float *elements(const struct value *v)
{
    union { const void *is; float *may_be; } data = { v->data }; /* b_random() made them */

    return data.may_be;
}

void fill_part(const struct value *v, int64_t n, int64_t of, float x)
{
    const int64_t len = shape_len(&v->shape) / of;

    for (int64_t i = n * len; i < (n + 1) * len; i++)
        elements(v)[i] = x;
}

int count_nodes(const struct graph *g, const struct op *op)
{
    int n = 0;

    graph_foreach_node(i, g)
        n += i->op == op;
    return n;
}
