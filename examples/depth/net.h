// SPDX-License-Identifier: Apache-2.0
/* net.h - an ONNX model, written node by node.
 *
 *     struct net *n = net_new(arena, "tiny");
 *
 *     net_input(n, "x", "N,3,8,8");
 *     net_floats(n, "w", "4,3,1,1")[0] = 1;
 *     net_node(n, "Conv", "y", "x w", NULL);
 *     net_output(n, "y", "N,4,8,8");
 *     net_write(n, "tiny.onnx", &diag);
 *
 * Everything is in the arena.  All tensors are of float32. */
#ifndef RESC_EXAMPLES_DEPTH_NET_H
#define RESC_EXAMPLES_DEPTH_NET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diag;
struct net;

struct net *net_new(struct arena *a, const char *name);
/* Shapes: numbers, or names of open dimensions. */
void net_input(struct net *n, const char *name, const char *shape);
void net_output(struct net *n, const char *name, const char *shape);
/* A constant: its elements, zeros, to be filled in. */
float *net_floats(struct net *n, const char *name, const char *shape);
float *net_find_floats(const struct net *n, const char *name); /* NULL: there is none */
/* A node and its one output have one name, which is returned.  `inputs` are
 * separated by blanks, and so are attributes, which are whole numbers or lists of
 * them: "strides=[2,2] transB=1"; NULL: none. */
const char *net_node(struct net *n, const char *op, const char *name, const char *inputs,
                     const char *attributes);

unsigned char *net_bytes(const struct net *n, size_t *size);
bool net_write(const struct net *n, const char *path, struct diag *d);

#endif
