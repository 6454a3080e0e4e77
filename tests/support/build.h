// SPDX-License-Identifier: Apache-2.0
/* build.h - graphs made in C, for tests.
 *
 *     struct build b = b_new("tiny");
 *     struct value *x = b_input(&b, "x", DT_F32, 1, 3, 8, 8);
 *     struct node *conv = b_conv(&b, "conv", x, 3, 4, 3);
 *     b_output(&b, b_node(&b, &op_unary_RELU, "relu", conv->out[0])->out[0]);
 *     b_infer(&b);
 *
 * Calls that make values belong into statements of their own: ids and data
 * follow the order of the calls, arguments have none.
 *
 * Attributes are set between b_node() and b_infer(), through the operator's
 * own struct; those of Conv and the pools by the functions below.  Data is
 * pseudo-random and the same in every run.  What cannot happen in a right test
 * aborts with a message. */
#ifndef RESC_TESTS_BUILD_H
#define RESC_TESTS_BUILD_H

#include "base/diag.h"
#include "ir/graph.h"
#include "ops/op.h"
#include "ops/window.h"

struct build {
    struct arena *arena;
    struct graph *g;
    struct diag diag;
    uint32_t seed;
};

struct build b_new(const char *name);
void b_free(struct build *b);

#define b_input(b, name, type, ...) graph_add_input((b)->g, name, type, shape_of(__VA_ARGS__))
/* f32 constants: uniform in [-1, 1), in [0.5, 1.5), all the same. */
#define b_random(b, name, ...) b_uniform(b, name, -1.0f, 1.0f, shape_of(__VA_ARGS__))
#define b_positive(b, name, ...) b_uniform(b, name, 0.5f, 1.5f, shape_of(__VA_ARGS__))
#define b_filled(b, name, x, ...) b_uniform(b, name, x, x, shape_of(__VA_ARGS__))
struct value *b_uniform(struct build *b, const char *name, float lo, float hi, struct shape s);
struct value *b_i64(struct build *b, const char *name, int n, const int64_t *data);

/* A node of these inputs (NULL: left out) and one new output, "NAME_out". */
#define b_node(b, op, name, ...) \
    b_node_of(b, op, name, \
              (int)(sizeof((struct value *[]){ __VA_ARGS__ }) / sizeof(struct value *)), \
              (struct value *[]){ __VA_ARGS__ })
struct node *b_node_of(struct build *b, const struct op *op, const char *name, int n_in,
                       struct value *const *in);
/* Stride 1, and pads that keep the size for an odd kernel; `bias` may be NULL. */
struct node *b_conv_of(struct build *b, const char *name, struct value *x, struct value *w,
                       struct value *bias);
/* The same, with random NAME_w [oc, ic, kernel, kernel] and NAME_b [oc]. */
struct node *b_conv(struct build *b, const char *name, struct value *x, int64_t ic, int64_t oc,
                    int64_t kernel);
struct node *b_pool(struct build *b, const struct op *op, const char *name, struct value *x,
                    int64_t kernel, int64_t stride);
/* epsilon 1e-5 and random statistics of `channels`. */
struct node *b_batch_norm(struct build *b, const char *name, struct value *x, int64_t channels);
/* Of a Conv or pool. */
struct window *b_window(struct node *n);
void b_output(struct build *b, struct value *v);
void b_infer(struct build *b);

/* What graph_print() says; in the arena. */
const char *b_text(const struct build *b);
/* Whether it says `wanted`; shows both on stderr if it does not. */
bool b_text_is(const struct build *b, const char *wanted);
/* The outputs' elements, in the order of g->outputs, on inputs uniform in
 * [-1, 1) that depend only on their position. */
const void **b_run(const struct build *b);
/* The largest |got - wanted| / (1 + |wanted|) of two results of b_run(), all
 * outputs being f32; INFINITY if one is NaN and the other is not. */
double b_difference(const struct build *b, const void *const *got, const void *const *wanted);

#endif
