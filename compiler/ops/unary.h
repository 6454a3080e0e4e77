// SPDX-License-Identifier: Apache-2.0
/* unary.h - the attributes of the rows of runtime/unary.def, as passes see them. */
#ifndef RESC_OPS_UNARY_H
#define RESC_OPS_UNARY_H

struct unary_attr {
    float alpha, beta; /* 0 in rows that have no such attribute */
};

#endif
