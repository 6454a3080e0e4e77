// SPDX-License-Identifier: Apache-2.0
/* gen.h - what the parts of the generator share.  Nobody else includes it.
 *
 *     gen.c           values, constants, nodes
 *     gen_take.c      operands for a node: found, reshaped, made, tamed
 *     gen_window.c    Conv and pooling
 *     gen_plant.c     zeros, as training leaves them
 *     gen_pattern.c   what passes look for: Conv + BatchNormalization + Relu + Add ...
 *     gen_element.c   element by element: one input
 *     gen_binary.c    ... and several, broadcast
 *     gen_product.c   Gemm, MatMul
 *     gen_norm.c      sums, normalisation, ArgMax
 *     gen_view.c      reshapes
 *     gen_move.c      copies of parts
 *     gen_constant.c  what is known at compile time
 *     families.def    the operators, with how often and from which opset on */
#ifndef RESC_TESTS_RANDOM_GEN_H
#define RESC_TESTS_RANDOM_GEN_H

#include "base/arena.h"
#include "base/count.h"
#include "ir/shape.h"
#include "model.h"
#include "rng.h"

enum {
    VALUES_MAX = 256,
    SHARED_MAX = 64,
    LEN_MAX = 6000,       /* elements of a value */
    WEIGHTS_MAX = 10000,  /* of a constant */
    MACS_MAX = 1500000,   /* multiply-adds of a model: the reference computes it several times */
};

/* Where every sum in float is still exact. */
#define WHOLE_MAX 4194304.0

struct operand {
    const char *name;
    enum dtype type;
    struct shape s;
    double lo, hi;  /* no element is outside */
    bool whole;     /* integers, and every kernel computes them exactly */
    bool constant;
    int n_users;
};

struct gen {
    struct model *m;
    struct arena *a;
    struct rng rng;
    int opset;
    bool convolutional; /* mostly images, of channels that fill blocks */
    struct operand v[VALUES_MAX];
    struct operand shared[SHARED_MAX]; /* f32 constants, that others may read, too */
    int n, n_shared, n_inputs, n_names, n_nodes;
    double macs;
};

/* gen.c */
bool chance(struct gen *g, int percent);
int64_t between(struct gen *g, int64_t lo, int64_t hi);
int64_t one_of_list(struct gen *g, int n, const int64_t *list);
#define one_of(g, ...) \
    one_of_list(g, (int)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
                (int64_t[]){ __VA_ARGS__ })
double magnitude(const struct operand *x);
const char *new_name(struct gen *g, const char *stem);
const char *shape_list(struct gen *g, const struct shape *s); /* "1,3,8" */
const char *ints_text(struct gen *g, int n, const int64_t *v); /* "[1,3,8]" */
const char *float_text(struct gen *g, double x);               /* exactly a float's value */
/* " NAME=VALUE" behind `attrs`. */
const char *with(struct gen *g, const char *attrs, const char *name, const char *value);
const char *with_int(struct gen *g, const char *attrs, const char *name, int64_t value);

struct operand new_input(struct gen *g, enum dtype t, struct shape s, double lo, double hi,
                         bool whole);
struct operand constant_f32(struct gen *g, struct shape s, double lo, double hi, bool whole);
struct operand constant_i64(struct gen *g, int n, const int64_t *v); /* [n] */
struct operand constant_of(struct gen *g, enum dtype t, struct shape s, const void *data,
                           double lo, double hi, bool whole);
/* A node; its outputs are named and become values that later nodes may read. */
struct operand node1(struct gen *g, const char *op, int n_in, const struct operand *in,
                     const char *attrs, struct operand out);
#define NODE(g, op, attrs, out, ...) \
    node1(g, op, (int)(sizeof((struct operand[]){ __VA_ARGS__ }) / sizeof(struct operand)), \
          (struct operand[]){ __VA_ARGS__ }, attrs, out)
void node_n(struct gen *g, const char *op, int n_in, const struct operand *in, const char *attrs,
            int n_out, struct operand *out);
/* An optional input that is left out; an output that is not wanted (as its name). */
#define LEFT_OUT ((struct operand){ .name = "-" })
/* Like x, of another shape. */
struct operand shaped(const struct operand *x, struct shape s);

/* gen_take.c */
/* Of that type, of `lo` to `hi` dimensions. */
struct operand take(struct gen *g, enum dtype t, int lo, int hi);
struct operand take_any(struct gen *g, int lo, int hi); /* of any type */
/* f32 or an integer type, whole. */
struct operand take_whole(struct gen *g, int lo, int hi);
/* f32 [N,C,W] or [N,C,H,W]. */
struct operand take_image(struct gen *g);
/* x, or what became of it: within [lo, hi]. */
struct operand tame(struct gen *g, struct operand x, double lo, double hi);
/* x, or what became of it: of no larger magnitude. */
struct operand keep_small(struct gen *g, struct operand x);
/* x with zeros, or nearly always zeros, around its pixels. */
struct operand padded_image(struct gen *g, struct operand x);
/* A value of the same type and shape; false: there is none but x. */
bool find_like(struct gen *g, const struct operand *x, struct operand *found);
struct shape random_shape(struct gen *g, int rank, int64_t len_max);
struct operand reshaped(struct gen *g, struct operand x, struct shape s);

/* Each makes one node or several; false: not now. */
struct maker {
    const char *op;
    int since; /* opset */
    int weight[2]; /* how often, by gen.convolutional */
    bool (*make)(struct gen *g, const char *op);
};
#define FAMILY(op, since, weight, conv_weight, make) bool make(struct gen *g, const char *op_type);
#include "families.def"
#undef FAMILY

/* gen_plant.c */
struct operand planted_weights(struct gen *g, struct shape s, double limit, bool whole);
struct operand planted_list(struct gen *g, int64_t n, double lo, double hi, bool whole);
struct operand pointwise(struct gen *g, struct operand y);

/* gen_pattern.c: what may follow a convolution. */
void follow(struct gen *g, struct operand y);

/* gen_binary.c */
struct operand broadcastable(struct gen *g, const struct operand *x, double lo, double hi);
/* y = x + b, or x * b, where b has one value a channel. */
struct operand by_channel(struct gen *g, const char *op, struct operand x, struct operand b);
/* gen_norm.c */
struct operand batch_norm(struct gen *g, struct operand x);

#endif
