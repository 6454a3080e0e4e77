// SPDX-License-Identifier: Apache-2.0
/* shape.h - dimensions of a tensor, and the arithmetic on them.
 *
 * Model files are hostile: every product is checked.  A tensor has at most
 * SHAPE_LEN_MAX elements, so that lengths, and lengths in bytes, fit int64_t
 * and generated code may count in ptrdiff_t. */
#ifndef RESC_IR_SHAPE_H
#define RESC_IR_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_RANK = 8 };
#define SHAPE_LEN_MAX ((int64_t)INT32_MAX)

struct shape {
    int rank;              /* 0: a scalar, of one element */
    int64_t dim[MAX_RANK]; /* >= 0 once infer_shapes() has run */
};

/* shape_of(2, 3, 4): rank 3.  For literals in code and tests. */
#define shape_of(...) \
    shape_from(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t), (int64_t[]){ __VA_ARGS__ })
struct shape shape_from(size_t rank, const int64_t *dim);
struct shape shape_scalar(void);

/* Elements, or -1: a dimension is negative or the product exceeds SHAPE_LEN_MAX. */
int64_t shape_len_checked(const struct shape *s);
int64_t shape_len(const struct shape *s); /* of a shape known to be good */
/* Product of dim[from] ... dim[to - 1]. */
int64_t shape_product(const struct shape *s, int from, int to);
bool shape_equal(const struct shape *a, const struct shape *b);
/* ONNX (numpy) multidirectional broadcasting; false if they do not fit. */
bool shape_broadcast(const struct shape *a, const struct shape *b, struct shape *out);
/* Row-major element strides of `s` read as if it were broadcast to `to`
 * (aligned at the last dimension): 0 where it is repeated. */
void shape_broadcast_strides(const struct shape *s, const struct shape *to, int64_t *stride);

enum { SHAPE_TEXT_MAX = 24 * MAX_RANK };
/* "[1,3,224,224]" into `text`; -1 is shown as "?".  Returns `text`. */
const char *shape_text(const struct shape *s, char text[SHAPE_TEXT_MAX]);

#endif
