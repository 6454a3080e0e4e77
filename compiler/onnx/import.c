// SPDX-License-Identifier: Apache-2.0
/* import.c - GraphProto to struct graph.  Each step goes on after a fault, so
 * that all faults are reported at once. */
#include "onnx/import.h"

#include "ops/op.h"

#include <inttypes.h>

/* Names of initialisers, sparse ones included. */
static struct map initialised_names(const struct import *im)
{
    struct map m = map_new(im->r.arena);

    for (size_t i = 0; i < im->proto->n_initializer; i++)
        map_put(&m, text(im->proto->initializer[i]->name), im->proto->initializer[i]);
    for (size_t i = 0; i < im->proto->n_sparse_initializer; i++) {
        Onnx__TensorProto *values = im->proto->sparse_initializer[i]->values;

        if (values)
            map_put(&m, text(values->name), values);
    }
    return m;
}

/* Who makes which value.  A name that is made twice is reported. */
static struct map producers(struct import *im)
{
    struct map m = map_new(im->r.arena);

    for (size_t i = 0; i < im->proto->n_node; i++) {
        const Onnx__NodeProto *p = im->proto->node[i];

        for (size_t o = 0; o < p->n_output; o++) {
            const char *name = p->output[o];

            if (!*name)
                continue;
            if (map_get(&im->values, name) || map_get(&im->refused, name) || map_get(&m, name))
                diag_error_at(im->r.diag, node_label(p), text(p->op_type),
                              "output '%s' is defined twice", name);
            else
                map_put(&m, name, &im->proto->node[i]);
        }
    }
    return m;
}

static void nodes_import(struct import *im)
{
    const int errors = im->r.diag->n_errors;
    const struct map producer = producers(im);
    const bool unique = im->r.diag->n_errors == errors;
    const Onnx__NodeProto **order = nodes_order(im, &producer);

    report_unsupported(im);
    for (size_t i = 0; unique && order && i < im->proto->n_node; i++)
        if (is_constant_node(order[i]))
            constant_node_import(im, order[i]);
        else
            node_import(im, order[i]);
}

/* Open dimensions are -1 in `s`; a negative number in the file is no dimension. */
static void check_declared(const struct import *im, const Onnx__ValueInfoProto *p,
                           const struct shape *s)
{
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] < 0 && dimension_is_fixed(p->type, i))
            diag_error(im->r.diag, "output '%s': dimension %d is negative: %" PRId64,
                       text(p->name), i, s->dim[i]);
}

static void output_import(struct import *im, const Onnx__ValueInfoProto *p)
{
    const char *name = text(p->name);
    struct value *v = map_get(&im->values, name);

    if (!v) {
        if (!map_get(&im->refused, name))
            diag_error(im->r.diag, "output '%s' is made by no node, input or initialiser", name);
        return;
    }
    if (!v->producer || v->is_output) {
        struct value *copy = graph_add_value(im->g, v->name, DT_NONE, (struct shape){ 0 });

        graph_append(im->g, &op_identity, name, 1, &v, 1, &copy);
        v = copy;
    }
    v->type = declared_type(p->type);
    v->shape = declared_shape(im, p->type);
    check_declared(im, p, &v->shape);
    graph_add_output(im->g, v);
}

/* The first one's name, and how many there are. */
static const char *unused(const struct value *const *list, size_t n, int *count)
{
    const char *first = "";

    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (list[i] && !list[i]->n_users && (*count)++ == 0)
            first = list[i]->name;
    return first;
}

static void warn_unused(const struct import *im)
{
    int n;
    const char *first = unused((const struct value *const *)im->initialisers,
                               im->proto->n_initializer, &n);

    if (n == 1)
        diag_warn(im->r.diag, WARN_UNUSED_INITIALISER, "initialiser '%s' is never used", first);
    else if (n)
        diag_warn(im->r.diag, WARN_UNUSED_INITIALISER,
                  "%d initialisers are never used, first '%s'", n, first);
    first = unused((const struct value *const *)im->g->inputs, (size_t)im->g->n_inputs, &n);
    if (n == 1)
        diag_warn(im->r.diag, WARN_UNUSED_INPUT, "input '%s' is never used", first);
    else if (n)
        diag_warn(im->r.diag, WARN_UNUSED_INPUT, "%d inputs are never used, first '%s'", n, first);
}

bool graph_import(struct import *im)
{
    const int errors = im->r.diag->n_errors;
    const struct map initialised = initialised_names(im);

    im->g = graph_new(im->r.arena, text(im->proto->name));
    im->g->n_onnx_nodes = (int)im->proto->n_node;
    im->values = map_new(im->r.arena);
    im->refused = map_new(im->r.arena);
    im->dims = map_new(im->r.arena);

    inputs_import(im, &initialised);
    initialisers_import(im);
    nodes_import(im);
    if (im->r.diag->n_errors != errors)
        return false;
    for (size_t i = 0; i < im->proto->n_output; i++)
        output_import(im, im->proto->output[i]);
    if (!im->proto->n_output)
        diag_error(im->r.diag, "the graph has no outputs");
    if (im->r.diag->n_errors == errors)
        warn_unused(im);
    return im->r.diag->n_errors == errors;
}
