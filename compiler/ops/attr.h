// SPDX-License-Identifier: Apache-2.0
/* attr.h - the attributes of one ONNX node while it is imported.
 *
 * op->parse() asks for each attribute it knows, by name and with its default.
 * A wrong type is reported and the default returned; after parse(), attr_done()
 * reports the attributes nobody asked for. */
#ifndef RESC_OPS_ATTR_H
#define RESC_OPS_ATTR_H

#include "ir/tensor.h"

#include <stdbool.h>
#include <stdint.h>

struct diag;
struct node;

enum attr_type {
    ATTR_NONE, ATTR_FLOAT, ATTR_INT, ATTR_STRING, ATTR_TENSOR, ATTR_FLOATS, ATTR_INTS,
    ATTR_STRINGS, ATTR_OTHER, /* graphs, sparse tensors, types: refused if asked for */
};

struct attr {
    const char *name;
    enum attr_type type;
    bool used;
    float f;
    int64_t i;
    const char *s;
    struct tensor t;
    int64_t n; /* of ints or floats */
    const int64_t *ints;
    const float *floats;
};

struct attr_list {
    const struct node *node; /* for messages */
    struct diag *diag;
    int opset;               /* of the domain ai.onnx */
    struct attr *attrs;
    int n;
    bool bad;                /* a message was given */
};

bool attr_has(const struct attr_list *l, const char *name);
int64_t attr_int(struct attr_list *l, const char *name, int64_t dflt);
float attr_float(struct attr_list *l, const char *name, float dflt);
const char *attr_string(struct attr_list *l, const char *name, const char *dflt);
/* Fills at most `max` of `out` and returns how many there are: 0 if the
 * attribute is left out.  More than `max`: reported. */
int attr_ints(struct attr_list *l, const char *name, int64_t *out, int max);
/* The attribute itself, of the given type, or NULL. */
const struct attr *attr_get(struct attr_list *l, const char *name, enum attr_type type);
void attr_ignore(struct attr_list *l, const char *name); /* known, of no effect here */
bool attr_done(struct attr_list *l); /* false if anything was wrong */

#endif
