// SPDX-License-Identifier: Apache-2.0
/* graph.h - the IR: what the model means.
 *
 *     value  a tensor; made by one node (or an input, or a constant),
 *            read by any number of nodes
 *     node   one operator application
 *     graph  nodes in an order in which they can be run
 *
 * Where a value's bytes live and which kernel runs a node is not here but in
 * codegen/plan.h.  Passes change the graph only through the functions below,
 * which keep producer, users and order true; graph_validate() checks them. */
#ifndef RESC_IR_GRAPH_H
#define RESC_IR_GRAPH_H

#include "base/limits.h"
#include "ir/dtype.h"
#include "ir/shape.h"

#include <stdio.h>

struct arena;
struct diag;
struct op;
struct rewrite;

struct value {
    int id;                /* dense, never reused: index for side tables */
    const char *name;      /* as in the ONNX file; made up if it had none */
    enum dtype type;       /* DT_NONE before infer_shapes() */
    struct shape shape;
    const void *data;      /* constant: its elements, row-major; else NULL */
    const void *offer;     /* graph input: data it may be bound to, see value_constant() */
    struct node *producer; /* NULL: graph input or constant */
    struct node **users;   /* one entry per use: a node may appear twice */
    int n_users, cap_users;
    bool is_input;         /* of the graph */
    bool is_output;        /* of the graph: must survive every pass */
};

/* What a node does to out[0] as its last act. */
enum act_kind { ACT_NONE, ACT_RELU, ACT_CLIP, ACT_LEAKY_RELU };

struct act {
    enum act_kind kind;
    float lo, hi; /* ACT_CLIP: the bounds; ACT_LEAKY_RELU: lo is alpha */
};

struct node {
    int id;
    const char *name;
    const char *origin; /* the ONNX nodes this one stands for: "conv1 (Conv) + relu1 (Relu)" */
    const struct op *op;
    struct value **in;  /* in[i] == NULL: optional input left out */
    struct value **out; /* out[i] == NULL: optional output not wanted */
    int n_in, n_out;
    struct act act;            /* only ops with OP_FUSES_ACT */
    void *attr;                /* op->attr_size bytes, e.g. struct conv_attr */
    struct node *prev, *next;  /* run order */
    struct { double macs; bool changed, removed; } counted; /* by ir/rewrite.h */
};

/* What fold_node() may still compute. */
struct fold_budget {
    double bytes, work; /* of results; multiply-adds or elements on the way there */
    bool spent;         /* something was too much, and is left to run time */
};

/* What changed since the last entry of the list of rewrites: see ir/rewrite.h. */
struct rewrite_account {
    const char *pass; /* that runs; NULL: none */
    struct node **changed;
    int n_changed, cap_changed;
    double removed_macs, bytes; /* of removed nodes; of constants: more than there were */
    struct rewrite *last;
};

struct graph {
    struct arena *arena; /* owns all of the above */
    const char *name;
    struct node *first, *last;
    struct value **values; /* by id */
    int n_values, cap_values;
    int n_node_ids;        /* node ids handed out so far */
    struct value **inputs, **outputs;
    int n_inputs, n_outputs;
    int n_onnx_nodes;      /* nodes in the file */
    struct fold_budget fold;
    struct rewrite *rewrites; /* what passes did, the first one first */
    struct rewrite_account account;
};

/* For a model of so many bytes, external data included. */
struct fold_budget fold_budget(const struct limits *l, uint64_t input_size);

/* build */
struct graph *graph_new(struct arena *a, const char *name);
struct value *graph_add_value(struct graph *g, const char *name, enum dtype t, struct shape s);
/* `data` must live as long as the graph. */
struct value *graph_add_constant(struct graph *g, const char *name, enum dtype t, struct shape s,
                                 const void *data);
struct value *graph_add_input(struct graph *g, const char *name, enum dtype t, struct shape s);
void graph_add_output(struct graph *g, struct value *v); /* not one that is an output already */
/* A node at the end, or before `at`.  in and out are copied; the attributes are zeroed. */
struct node *graph_append(struct graph *g, const struct op *op, const char *name, int n_in,
                          struct value *const *in, int n_out, struct value *const *out);
struct node *graph_insert(struct graph *g, struct node *at, const struct op *op,
                          const char *name, int n_in, struct value *const *in, int n_out,
                          struct value *const *out);

/* change */
/* in[i] = v, where v may be NULL; n_in grows (with NULLs between) if it must. */
void node_set_input(struct graph *g, struct node *n, int i, struct value *v);
void node_drop_inputs(struct graph *g, struct node *n, int from); /* in[from...] */
void value_replace(struct graph *g, struct value *old, struct value *by); /* in all users */
void graph_remove(struct graph *g, struct node *n); /* its outputs must be unused */
/* Nobody reads an output of n, and none is the graph's. */
bool node_is_dead(const struct node *n);
/* Removes n if it is dead, then what only it has read, and so on. */
void graph_remove_dead(struct graph *g, struct node *n);
/* `n` produces `v` as out[0] from now on; v's former producer loses it. */
void node_take_output(struct node *n, struct value *v);
/* A new value that v's producer makes instead of v, which has none then. */
struct value *value_take_place(struct graph *g, struct value *v);
/* `n` now stands for what `gone` stood for as well: origin "n + gone". */
void node_absorb(struct graph *g, struct node *n, const struct node *gone);
void graph_move_before(struct graph *g, struct node *n, struct node *at); /* in run order */
/* v becomes a constant: it loses its producer or ceases to be a graph input. */
void value_set_constant(struct graph *g, struct value *v, const void *data);

/* ask */
/* in[i], or NULL if it is left out */
static inline struct value *node_in(const struct node *n, int i)
{
    return i < n->n_in ? n->in[i] : NULL;
}
/* A constant of floats. */
static inline bool value_is_weights(const struct value *v)
{
    return v->data && v->type == DT_F32;
}
struct node *value_only_user(const struct value *v); /* NULL: none, several, or a graph output */
size_t value_size(const struct value *v);            /* bytes */
/* The elements of a constant; an input that data was offered for becomes one
 * by being asked.  NULL: known only when the program runs. */
const void *value_constant(struct graph *g, struct value *v);

/* say: errors about one node.  Returns false, so that infer can return it. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool node_error(struct diag *d, const struct node *n, const char *fmt, ...);

/* look */
void graph_print(const struct graph *g, FILE *out);
/* Every broken invariant on stderr, then abort(): a bug in resc. */
void graph_validate(const struct graph *g);

#define graph_foreach_node(n, g) for (struct node *n = (g)->first; n; n = n->next)
/* allows removing n inside the body */
#define graph_foreach_node_safe(n, g) \
    for (struct node *n = (g)->first, *n##_next = n ? n->next : NULL; n; \
         n = n##_next, n##_next = n ? n->next : NULL)

#endif
