// SPDX-License-Identifier: Apache-2.0
/* blocks.h - element-wise operators in blocks of 16 channels: what fills
 * struct resc_c16_map of their parameters. */
#ifndef RESC_OPS_BLOCKS_H
#define RESC_OPS_BLOCKS_H

#include "ops/op.h"

/* Rows of the table of fields of struct `s`, which has it as `map`. */
#define BLOCKS_OPERAND(s, x) \
    PARAM_INT(s, map.x.kind), PARAM_SIZE(s, map.x.first), PARAM_SIZE(s, map.x.image), \
    PARAM_SIZE(s, map.x.block), PARAM_SIZE(s, map.x.row)
#define BLOCKS_FIELDS(s) \
    PARAM_INT(s, map.n), PARAM_INT(s, map.c), PARAM_INT(s, map.h), PARAM_INT(s, map.w), \
    BLOCKS_OPERAND(s, a), BLOCKS_OPERAND(s, b), PARAM_HALO(s, map.y_halo)

/* in[i] as an operand of an output that layout_can_block(); false: it is none. */
bool blocks_operand(const struct node *n, int i, enum resc_c16_kind *kind);
/* in[0] and out[0] have the same shape, which can be in blocks. */
bool blocks_unary(const struct node *n);
/* For kernels of in[0], and of in[1] if there is one; as params->place(). */
void blocks_place(const struct node *n, const struct layout *const *in, const struct layout *out,
                  struct resc_c16_map *m);
/* A constant of a value a channel: filled up to whole blocks. */
struct value *blocks_fill_up(struct graph *g, struct value *v);
/* Pack function of kernels: the same for all such inputs. */
void blocks_pack(struct graph *g, const struct node *n, struct value **in);

#endif
