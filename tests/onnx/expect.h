// SPDX-License-Identifier: Apache-2.0
/* expect.h - what loading a model says, for the tests of this folder.  Each
 * function here frees the model that it is given. */
#ifndef RESC_TESTS_ONNX_EXPECT_H
#define RESC_TESTS_ONNX_EXPECT_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "ir/graph.h"
#include "onnx/load.h"
#include "model.h"

/* input x f32[1,4], output y f32[1,4], nothing between. */
struct model *between_x_and_y(int opset);

/* The model is refused, and the messages contain each of the fragments. */
#define refused(m, ...) refused_with((m), NULL, __VA_ARGS__)
#define refused_with(m, opt, ...) \
    check_refused(__FILE__, __LINE__, (m), (opt), (const char *[]){ __VA_ARGS__, NULL })
void check_refused(const char *file, int line, struct model *m, const struct load_options *opt,
                   const char *const *fragments);

/* The model loads; its graph in text form, and the messages, must contain the
 * fragments. */
#define loaded(m, ...) loaded_with((m), NULL, __VA_ARGS__)
#define loaded_with(m, opt, ...) \
    check_loaded(__FILE__, __LINE__, (m), (opt), (const char *[]){ __VA_ARGS__, NULL })
void check_loaded(const char *file, int line, struct model *m, const struct load_options *opt,
                  const char *const *fragments);

/* Collects what `d` says. */
void diag_into(struct diag *d, struct str *said);

#endif
