// SPDX-License-Identifier: Apache-2.0
/* model.h - ONNX models for tests, in a few calls:
 *
 *     struct model *m = model_new(13);
 *
 *     model_input(m, "x", DT_F32, "N,3,8,8");
 *     model_initialiser(m, "w", DT_F32, "4,3,3,3", weights);
 *     model_node(m, "Conv", "x w", "y", "kernel_shape=[3,3] auto_pad=SAME_UPPER");
 *     model_output(m, "y", DT_F32, "N,4,8,8");
 *     struct graph *g = model_load(m, NULL, &diag);
 *     ...
 *     model_free(m);
 *
 * Shapes: numbers, names for open dimensions, "?" for those without a name;
 * "" is a scalar, NULL no shape at all.  Everything, the graph included, lives
 * until model_free(). */
#ifndef RESC_TESTS_SUPPORT_MODEL_H
#define RESC_TESTS_SUPPORT_MODEL_H

#include "ir/dtype.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diag;
struct graph;
struct load_options;
struct model;
struct Onnx__ModelProto;
struct Onnx__NodeProto;
struct Onnx__TensorProto;

struct model *model_new(int opset);
void model_free(struct model *m);
struct arena *model_arena(struct model *m);
struct Onnx__ModelProto *model_proto(struct model *m); /* to spoil, with onnx.pb-c.h */

void model_input(struct model *m, const char *name, enum dtype t, const char *shape);
void model_output(struct model *m, const char *name, enum dtype t, const char *shape);
/* `data`: row-major elements, copied into raw_data; NULL: zeros. */
struct Onnx__TensorProto *model_initialiser(struct model *m, const char *name, enum dtype t,
                                            const char *shape, const void *data);
/* Names are separated by spaces; "-" is one that is left out.  Attributes:
 *     axis=1  alpha=0.5  auto_pad=VALID  pads=[1,1,1,1]  scales=[1.0,2.0]
 * NULL: none. */
struct Onnx__NodeProto *model_node(struct model *m, const char *op_type, const char *inputs,
                                   const char *outputs, const char *attributes);
/* For the node added last. */
void model_node_name(struct model *m, const char *name);
void model_node_domain(struct model *m, const char *domain);
struct Onnx__TensorProto *model_node_tensor(struct model *m, const char *attribute, enum dtype t,
                                            const char *shape, const void *data);

bool model_write(const struct model *m, const char *path);
/* The file's bytes, in the model's arena. */
unsigned char *model_bytes(struct model *m, size_t *size);
/* Packed, loaded, and NULL if it was refused.  Shapes are not inferred yet. */
struct graph *model_load(struct model *m, const struct load_options *opt, struct diag *d);

#endif
