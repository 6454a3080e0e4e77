// SPDX-License-Identifier: Apache-2.0
/* one_node.h - tests of one operator: a node of these attributes and inputs,
 * read as the frontend reads it, gives these outputs or this message. */
#ifndef RESC_TESTS_OPS_ONE_NODE_H
#define RESC_TESTS_OPS_ONE_NODE_H

#include "ir/tensor.h"
#include "ops/attr.h"

enum arg_kind {
    ARG_NONE,     /* ends a list */
    ARG_RUN,      /* known when the program runs */
    ARG_CONST,    /* constant */
    ARG_LEFT_OUT,
};

struct arg {
    enum arg_kind kind;
    enum dtype type;
    struct shape shape;
    const void *data;
    size_t len; /* elements in data; may be 1 where the shape has none */
};

#define S(...) shape_of(__VA_ARGS__)
#define SCALAR shape_scalar()
#define ARG(kind, type, ctype, shape, ...) \
    { kind, type, shape, (const ctype[]){ __VA_ARGS__ }, \
      sizeof((const ctype[]){ __VA_ARGS__ }) / sizeof(ctype) }
/* Inputs that are known at run time (and outputs), and constant ones. */
#define F32(shape, ...) ARG(ARG_RUN, DT_F32, float, shape, __VA_ARGS__)
#define I64(shape, ...) ARG(ARG_RUN, DT_I64, int64_t, shape, __VA_ARGS__)
#define I32(shape, ...) ARG(ARG_RUN, DT_I32, int32_t, shape, __VA_ARGS__)
#define I8(shape, ...) ARG(ARG_RUN, DT_I8, int8_t, shape, __VA_ARGS__)
#define U8(shape, ...) ARG(ARG_RUN, DT_U8, uint8_t, shape, __VA_ARGS__)
#define BOOLS(shape, ...) ARG(ARG_RUN, DT_BOOL, uint8_t, shape, __VA_ARGS__)
#define CONST_F32(shape, ...) ARG(ARG_CONST, DT_F32, float, shape, __VA_ARGS__)
#define CONST_I64(shape, ...) ARG(ARG_CONST, DT_I64, int64_t, shape, __VA_ARGS__)
#define CONST_I32(shape, ...) ARG(ARG_CONST, DT_I32, int32_t, shape, __VA_ARGS__)
#define CONST_BOOL(shape, ...) ARG(ARG_CONST, DT_BOOL, uint8_t, shape, __VA_ARGS__)
#define LEFT_OUT { .kind = ARG_LEFT_OUT }

#define INT_ATTR(key, value) { .name = key, .type = ATTR_INT, .i = value }
#define FLOAT_ATTR(key, value) { .name = key, .type = ATTR_FLOAT, .f = value }
#define STRING_ATTR(key, value) { .name = key, .type = ATTR_STRING, .s = value }
#define INTS_ATTR(key, ...) \
    { .name = key, .type = ATTR_INTS, .ints = (const int64_t[]){ __VA_ARGS__ }, \
      .n = sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t) }

struct one_node {
    const char *op;
    int opset;
    struct attr attrs[4]; /* up to the first without a name */
    struct arg in[6], out[4];
    const char *refused;  /* instead of outputs: a part of the message */
};

/* Whether the node does that, both with the ARG_RUN inputs known at run time
 * and with all of them constant; f32 to within 1e-6 of 1 + |wanted|.  Says on
 * stderr what it does instead. */
bool one_node_is(const struct one_node *t);

#define one_nodes_are(cases) \
    do { \
        for (size_t i_ = 0; i_ < sizeof(cases) / sizeof(*(cases)); i_++) \
            cr_expect(one_node_is(&(cases)[i_]), "case %zu", i_); \
    } while (0)

#endif
