// SPDX-License-Identifier: Apache-2.0
/* tensor.h - a type, a shape and the elements, row-major, in native byte order. */
#ifndef RESC_IR_TENSOR_H
#define RESC_IR_TENSOR_H

#include "ir/dtype.h"
#include "ir/shape.h"

struct tensor {
    const char *name; /* may be "" */
    enum dtype type;
    struct shape shape;
    const void *data; /* shape_len(&shape) elements; never NULL, even if there are none */
};

#endif
