// SPDX-License-Identifier: Apache-2.0
/* params.h - a kernel's parameter struct, described once.
 *
 * op->params says how the struct is filled from a node and what its fields
 * are: the reference evaluator uses the filled struct, the emitter prints the
 * same bytes as a C initialiser. */
#ifndef RESC_OPS_PARAMS_H
#define RESC_OPS_PARAMS_H

#include <stddef.h>

struct layout;
struct node;

enum field_kind {
    FIELD_INT,     /* int */
    FIELD_SIZE,    /* ptrdiff_t */
    FIELD_FLOAT,   /* float */
    FIELD_ENUM,    /* int-sized; `names` has the enumerators' C names */
    FIELD_ACT,     /* struct resc_act */
    FIELD_HALO,    /* struct resc_halo */
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    int count;                /* 0: a scalar; else an array of that many */
    const char *const *names; /* FIELD_ENUM */
};

struct params {
    const char *type; /* "resc_conv2d": struct resc_conv2d */
    size_t size;      /* at most PARAMS_MAX */
    const struct field *fields;
    int n_fields;
    void (*fill)(const struct node *n, void *p); /* p is zeroed */
    /* After fill(), for kernels with LAYOUT_C16: what depends on where the
     * elements lie.  in[i]: of node input i, NULL if it is left out; out: of
     * out[0].  NULL: nothing does. */
    void (*place)(const struct node *n, const struct layout *const *in, const struct layout *out,
                  void *p);
};

enum { PARAMS_MAX = 512 };

#define PARAM_INT(s, f) { #f, FIELD_INT, offsetof(struct s, f), 0, NULL }
#define PARAM_SIZE(s, f) { #f, FIELD_SIZE, offsetof(struct s, f), 0, NULL }
#define PARAM_FLOAT(s, f) { #f, FIELD_FLOAT, offsetof(struct s, f), 0, NULL }
#define PARAM_ACT(s, f) { #f, FIELD_ACT, offsetof(struct s, f), 0, NULL }
#define PARAM_HALO(s, f) { #f, FIELD_HALO, offsetof(struct s, f), 0, NULL }
#define PARAM_ENUM(s, f, names) { #f, FIELD_ENUM, offsetof(struct s, f), 0, names }
#define PARAM_SIZES(s, f) \
    { #f, FIELD_SIZE, offsetof(struct s, f), \
      (int)(sizeof(((struct s *)0)->f) / sizeof(ptrdiff_t)), NULL }

#endif
